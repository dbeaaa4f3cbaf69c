"""Dask Gateway: its chart, its definitions, the sizes of its workers."""

from collections.abc import Callable, Mapping

from generator.diagnostics import Pointer
from generator.lint.rules.base import Environments, Findings, gateways
from generator.site.model import DaskGateway, Environment, Settings, Site


def of_gateways(
    judge: Callable[[Settings, DaskGateway, Environments], Findings],
) -> Callable[[Site], Findings]:
    """The `check` of a rule about what is said of Dask Gateways, and of nothing else.

    What says the same as one without findings has none either.
    """

    def check(site: Site) -> Findings:
        clear: set[bytes] = set()
        for settings, dask, environments in gateways(site):
            said = settings.sections["daskGateway"].said
            if said not in clear:
                found = tuple(judge(settings, dask, environments))
                clear |= set() if found else {said}
                yield from found

    return check


def dask_place(environment: Environment, key: str) -> tuple[Pointer, bool]:
    """Where an environment says something of its Dask Gateway, and whether to point at the key.

    The setting itself where the environment writes it, else its `daskGateway`, else its own key.
    """
    written = environment.settings.origin.overrides.get("daskGateway")
    if not isinstance(written, Mapping):
        return environment.at, True
    section = (*environment.at, "daskGateway")
    return ((*section, key), False) if key in written else (section, True)
