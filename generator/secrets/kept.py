"""Which sealed values a new tree keeps, and which it would lose. Pure."""

from collections.abc import Collection, Iterable

from generator.build.repository import sealed_path, secrets_of
from generator.build.sealed_secrets import State, owner, state
from generator.records import replace
from generator.site.model import Certificates, SealedKey, SealedStore, SealedValue, Site


def owners(site: Site) -> frozenset[SealedKey]:
    """Whose ciphertexts the site's tree holds."""
    return frozenset(
        owner(environment, secret, key)
        for environment in site.environments
        for secret in secrets_of(environment)
        for key in secret.keys
    )


def own_keys(site: Site) -> dict[str, tuple[str, ...]]:
    """The paths of the SealedSecrets in the site's tree, with the keys that each holds."""
    return {
        sealed_path(environment.name, secret.name): secret.keys
        for environment in site.environments
        for secret in secrets_of(environment)
    }


def store(values: Iterable[SealedValue], own: Collection[str]) -> SealedStore:
    """The ciphertexts to build with; the value in a file's own place wins over another copy."""
    ordered = sorted(values, key=lambda value: value.path in own)
    return {value.owner: value.ciphertext for value in ordered if not is_placeholder(value)}


def replaced(
    values: Iterable[SealedValue], new: Collection[SealedValue]
) -> tuple[SealedValue, ...]:
    """The values with new ones in the places that those are for; other copies of one stay."""
    places = {(value.owner, value.path) for value in new}
    return (*(value for value in values if (value.owner, value.path) not in places), *new)


def certificates(values: Iterable[SealedValue], sealed: SealedStore) -> Certificates:
    """Of the ciphertexts to build with: the certificate that each was sealed for, where known."""
    return {
        value.owner: value.certificate
        for value in values
        if value.certificate and sealed.get(value.owner) == value.ciphertext
    }


def lost(values: Iterable[SealedValue], site: Site, sealed: SealedStore) -> tuple[SealedValue, ...]:
    """The sealed values that are in the working copy and would not be in the new tree."""
    at_stake = [value for value in values if not is_placeholder(value)]
    if not at_stake:
        return ()
    own = owners(site)
    kept = {(key, value) for key, value in sealed.items() if key in own}
    if any(not value.owner.environment for value in at_stake):
        # A file outside every environment's folder is no owner's; a copy in it is worth nothing.
        kept |= {(replace(key, environment=""), value) for key, value in kept}
    return tuple(value for value in at_stake if (value.owner, value.ciphertext) not in kept)


def is_placeholder(value: SealedValue) -> bool:
    """Whether nothing was sealed there yet: the placeholder, or an empty text."""
    return not value.ciphertext or (state(value.owner.key, value.ciphertext) is State.PLACEHOLDER)
