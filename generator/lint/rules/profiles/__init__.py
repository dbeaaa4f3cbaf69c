"""The profiles that users choose from, their options and choices."""

from generator.lint.rules.base import Surroundings, hubs
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether any hub has profiles."""
    return any(hub.profiles for _, hub, _ in hubs(site))
