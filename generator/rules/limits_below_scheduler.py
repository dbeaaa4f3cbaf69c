"""The limits of a Dask cluster leave no room for its scheduler, or for one worker beside it.

The scheduler takes 1 core and 2 GiB by default and counts against both limits. Limits below its own
size raise an error when somebody makes a cluster; where a worker of the default size does not fit
beside it, the cluster starts and never gets a worker. Raise the limit or make workers smaller.
(dask_gateway_server/backends/base.py, ClusterConfig)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.diagnostics import Finding, Severity
from generator.model import DaskGateway, Option, Settings, Site
from generator.quantities import amount
from generator.rules.base import blamed, error, relying

CODE = "L403"
SEVERITY = Severity.ERROR


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one resource is called, the scheduler's and a worker's default size, and their unit."""

    name: str
    scheduler: str
    worker: str
    unit: Fraction
    spelled: str

    def shown(self, size: Fraction) -> str:
        """A size in words; at most three decimals."""
        return f"{float(size / self.unit):.3f}".rstrip("0").rstrip(".") + self.spelled


# dask_gateway_server/backends/base.py: the defaults of ClusterConfig.
_KINDS = (
    _Kind("cores", "1", "1", Fraction(1), ""),
    _Kind("memory", "2Gi", "2Gi", amount("1Gi"), "Gi"),
)


def check(site: Site) -> Iterator[Finding]:
    """A finding at each limit that is too low."""
    for settings, environments in site.variants():
        dask = settings.dask
        if dask is None or dask.limits is None or _is_resized(dask):
            continue
        limits = {"cores": dask.limits.cores, "memory": dask.limits.memory}
        workers = {"cores": dask.worker_cores, "memory": dask.worker_memory}
        for kind in _KINDS:
            found = _too_low(settings, kind, limits[kind.name], workers[kind.name])
            if found is not None:
                default = ("daskGateway", "worker", kind.name, "default")
                yield from relying(found, environments, default)


def _is_resized(dask: DaskGateway) -> bool:
    """Whether raw values set sizes of their own."""
    gateway = dask.values.get("gateway")
    backend = gateway.get("backend") if isinstance(gateway, Mapping) else None
    return isinstance(backend, Mapping) and not backend.keys().isdisjoint(("scheduler", "worker"))


def _too_low(
    settings: Settings, kind: _Kind, limit: str | int | float, worker: Option | None
) -> Finding | None:
    at_limit = ("daskGateway", "limits", kind.name)
    at_default = ("daskGateway", "worker", kind.name, "default")
    default = worker.default if worker is not None else kind.worker
    room = amount(limit) - amount(kind.scheduler)
    if room < 0:
        return error(
            code=CODE,
            at=settings.origin.at(*at_limit),
            message=f"the limit {limit} is below the {kind.scheduler} that the scheduler takes",
            help=f"allow {kind.shown(amount(kind.scheduler) + amount(default))} or more",
        )
    if amount(default) > room:
        return error(
            code=CODE,
            at=blamed(settings.origin, at_limit, at_default),
            message=(
                f"no worker fits: its default is {default}, and {kind.shown(room)} of {limit} "
                "are left beside the scheduler"
            ),
            help=(
                f"allow {kind.shown(amount(kind.scheduler) + amount(default))} or more, or make "
                "the workers smaller"
            ),
        )
    return None
