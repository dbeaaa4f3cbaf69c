"""The sealed values of a site's working copy: which a build uses, which would be lost. Pure."""

from collections.abc import Collection, Iterable, Mapping

from generator.build.repository import sealed_path, secrets_of
from generator.build.sealed_secrets import State, owner, state
from generator.records import record, replace
from generator.secrets import sealed_files
from generator.site.model import Certificates, SealedStore, SealedValue, Site


@record
class SealedValues:
    """The values in the working copy, and those of them that a build uses.

    `values` are in the SealedSecrets of environments, `misplaced` in files that someone moved
    elsewhere. `store` holds the ciphertexts to build with, `certificates` the certificate that each
    was sealed for, where known.
    """

    values: tuple[SealedValue, ...]
    misplaced: tuple[SealedValue, ...]
    store: SealedStore
    certificates: Certificates


def read(site: Site, files: Mapping[str, bytes]) -> SealedValues:
    """The sealed values in a working copy's files; GeneratorError for an unclear file."""
    values = sealed_files.in_place(files, keys_by_path(site))
    return _used(site, values, sealed_files.misplaced(files))


def with_new(site: Site, sealed: SealedValues, new: Collection[SealedValue]) -> SealedValues:
    """The values with new ones in the places that those are for; other copies of one stay."""
    if not new:
        return sealed
    places = {(value.owner, value.path) for value in new}
    others = (value for value in sealed.values if (value.owner, value.path) not in places)
    return _used(site, (*others, *new), sealed.misplaced)


def _used(
    site: Site, values: tuple[SealedValue, ...], misplaced: tuple[SealedValue, ...]
) -> SealedValues:
    """A value in its own file wins over a copy elsewhere."""
    own = keys_by_path(site)
    ordered = sorted(values, key=lambda value: value.path in own)
    store = {value.owner: value.ciphertext for value in ordered if not is_placeholder(value)}
    certificates = {
        value.owner: value.certificate
        for value in values
        if value.certificate and store.get(value.owner) == value.ciphertext
    }
    return SealedValues(values=values, misplaced=misplaced, store=store, certificates=certificates)


def keys_by_path(site: Site) -> dict[str, tuple[str, ...]]:
    """The paths of the SealedSecrets in the site's tree, with the keys that each holds."""
    return {
        sealed_path(environment.name, secret.name): secret.keys
        for environment in site.environments
        for secret in secrets_of(environment)
    }


def lost(site: Site, sealed: SealedValues) -> tuple[SealedValue, ...]:
    """The sealed values in the working copy that the new tree would not hold."""
    at_stake = [value for value in (*sealed.values, *sealed.misplaced) if not is_placeholder(value)]
    if not at_stake:
        return ()
    owners = {
        owner(environment, secret, key)
        for environment in site.environments
        for secret in secrets_of(environment)
        for key in secret.keys
    }
    held = {(key, value) for key, value in sealed.store.items() if key in owners}
    if any(not value.owner.environment for value in at_stake):
        # A misplaced copy of a value that the tree holds is not a loss.
        held |= {(replace(key, environment=""), value) for key, value in held}
    return tuple(value for value in at_stake if (value.owner, value.ciphertext) not in held)


def is_placeholder(value: SealedValue) -> bool:
    """Whether nothing was sealed there yet: the placeholder, or an empty text."""
    return not value.ciphertext or state(value.owner.key, value.ciphertext) is State.PLACEHOLDER


def counted(values: Iterable[SealedValue]) -> str:
    """How many sealed values, in words."""
    number = len(tuple(values))
    return f"{number} sealed value{'' if number == 1 else 's'}"
