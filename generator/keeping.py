"""Which sealed values a new tree keeps, and which it would lose. Pure."""

from collections.abc import Iterable

from generator.build import sealed_path, secrets_of
from generator.builders.sealed_secrets import owner, placeholder
from generator.model import SealedKey, SealedStore, SealedValue, Site


def owners(site: Site) -> frozenset[SealedKey]:
    """Whose ciphertexts the site's tree holds."""
    return frozenset(
        owner(environment, secret, key)
        for environment in site.environments
        for secret in secrets_of(environment)
        for key in secret.keys
    )


def own_paths(site: Site) -> frozenset[str]:
    """The paths of the SealedSecrets that the site's tree holds."""
    return frozenset(
        sealed_path(environment.name, secret.name)
        for environment in site.environments
        for secret in secrets_of(environment)
    )


def store(values: Iterable[SealedValue], own: frozenset[str]) -> SealedStore:
    """The ciphertexts to build with; the value in a file's own place wins over another copy."""
    ordered = sorted(values, key=lambda value: value.path in own)
    return {value.owner: value.ciphertext for value in ordered if not is_placeholder(value)}


def lost(values: Iterable[SealedValue], site: Site, sealed: SealedStore) -> tuple[SealedValue, ...]:
    """The sealed values that are in the working copy and would not be in the new tree."""
    kept = owners(site)
    return tuple(
        value
        for value in values
        if not is_placeholder(value)
        and not (value.owner in kept and sealed.get(value.owner) == value.ciphertext)
    )


def is_placeholder(value: SealedValue) -> bool:
    """Whether nothing was sealed there yet: the placeholder, or an empty text."""
    return value.ciphertext in ("", placeholder(value.owner.key))
