"""What two environments would both have: hosts, namespaces, names in a cluster."""

from generator.lint.rules.base import Surroundings
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether there are two."""
    return len(site.environments) > 1
