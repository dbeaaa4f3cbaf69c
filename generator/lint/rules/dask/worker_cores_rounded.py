"""A fraction of a core is rounded away.

Dask Gateway before 2024.1.0 writes the cores of workers and schedulers with one decimal: 0.25
becomes 0.2, and 0.04 becomes 0.0. Use tenths of a core, or pin 2024.1.0 or later.

Bad:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2022.6.1}}
    daskGateway:
      worker:
        cores: {default: 0.25}
Good:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2022.6.1}}
    daskGateway:
      worker:
        cores: {default: 0.3}

See https://github.com/dask/dask-gateway/issues/765
"""

from functools import lru_cache

from generator.lint.rules.base import Findings, gateways, warnings
from generator.quantities import amount
from generator.site.model import Option, Site
from generator.versions import VersionRange

finding = warnings("L405")

_ROUNDS = VersionRange.parse("<2024.1.0")


def check(site: Site) -> Findings:
    """A warning at the `cores` of workers and of the scheduler."""
    for settings, dask, _ in gateways(site):
        pin = settings.charts.get("dask-gateway")
        version = pin.version if pin is not None else None
        if version is None or version not in _ROUNDS:
            continue
        one = Option.of(dask.scheduler_cores)
        for who, option in (("worker", dask.worker_cores), ("scheduler", one)):
            rounded = _rounded(option) if option is not None else ""
            if not rounded:
                continue
            yield finding(
                settings.origin.at("daskGateway", who, "cores"),
                f"dask-gateway {version} rounds cores to one decimal: {rounded}",
                "use tenths of a core, or pin dask-gateway 2024.1.0 or later",
            )


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _rounded(option: Option) -> str:
    """The sizes that change, before and after."""
    sizes = dict.fromkeys((option.min, option.default, option.max))
    changed = [size for size in sizes if (amount(size) * 10).denominator != 1]
    return ", ".join(f"{size} becomes {float(amount(size)):.1f}" for size in changed)
