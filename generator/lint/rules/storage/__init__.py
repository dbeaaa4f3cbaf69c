"""Homes, volumes and the database, and the names in braces that KubeSpawner fills in there."""

from generator.lint.rules.base import Surroundings, every_part, server_keys
from generator.site.model import Settings, Site

_CHOSEN = ("jupyterhub.home.shared", "jupyterhub.home.none", "jupyterhub.database.postgres")


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether any hub has other storage than a volume for each home, or text with such names."""
    return any(map(_says_any, every_part(site, lambda settings: settings.hub)))


def _says_any(settings: Settings) -> bool:
    if settings.hub is not None and settings.hub.values:
        return True
    is_chosen = any(map(settings.at, _CHOSEN))
    said = server_keys(settings)
    return is_chosen or any("volumes" in keys or "environment" in keys for _, keys in said)
