"""Dask Gateway: its chart, its definitions, the sizes of its workers."""

from collections.abc import Mapping
from functools import partial

from generator.diagnostics import Pointer
from generator.lint.rules.base import Surroundings, gateways, saying
from generator.site.model import Environment, Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether any environment has one."""
    return any(True for _ in gateways(site))


# The `check` of a rule about what is said of Dask Gateways, and of nothing else.
of_gateways = partial(saying, "daskGateway", gateways)


def dask_place(environment: Environment, key: str) -> tuple[Pointer, bool]:
    """Where an environment says something of its Dask Gateway, and whether to point at the key.

    The setting itself where the environment writes it, else its `daskGateway`, else its own key.
    """
    written = environment.settings.origin.overrides.get("daskGateway")
    if not isinstance(written, Mapping):
        return environment.at, True
    section = (*environment.at, "daskGateway")
    return ((*section, key), False) if key in written else (section, True)
