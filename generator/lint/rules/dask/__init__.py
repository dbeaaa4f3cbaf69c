"""Dask Gateway: its chart, its definitions, the sizes of its workers."""

from generator.lint.rules.base import Surroundings, gateways
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether any environment has one."""
    return any(True for _ in gateways(site))
