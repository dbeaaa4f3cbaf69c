"""Users can choose a worker size that no cluster has room for.

The scheduler takes 1 core and 2 GiB, and counts against the limits of a cluster. Where the largest
worker a user can choose is larger than what is left, dask-gateway allows such a cluster no worker
at all: it starts, and everything computed on it waits indefinitely, without an error. Lower the
maximum to what is left, or raise the limit.

Bad:
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}
      worker:
        cores: {default: 1, max: 4}
Good:
    daskGateway:
      limits: {cores: 5, memory: 24Gi, workers: 1}
      worker:
        cores: {default: 1, max: 4}
"""

from functools import lru_cache

from generator.charts.dask_sizes import Resource, resources
from generator.diagnostics import Finding
from generator.lint.rules.base import Environments, Findings, blamed, relying, warnings
from generator.lint.rules.dask import of_gateways
from generator.site.model import DaskGateway, Settings

finding = warnings("L406")


def _found(settings: Settings, dask: DaskGateway, environments: Environments) -> Findings:
    """A warning at each such maximum; L403 is about a default that has no room."""
    for resource in resources(dask):
        if _is_unreachable(resource):
            option = ("daskGateway", "worker", resource.name)
            own = ("daskGateway", "scheduler", resource.name)
            yield from relying(_unreachable(settings, resource), environments, option, own)


check = of_gateways(_found)


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _is_unreachable(resource: Resource) -> bool:
    """Whether the default fits, and the maximum does not."""
    return resource.fits(resource.worker.default) and not resource.fits(resource.worker.max)


def _unreachable(settings: Settings, resource: Resource) -> Finding:
    name, largest, room = resource.name, resource.worker.max, resource.shown(resource.room)
    at = ("daskGateway", "worker", name, "max")
    return finding(
        blamed(settings.origin, at, ("daskGateway", "limits", name)),
        f"no cluster has room for a worker with {largest} {name}: of the limit "
        f"{resource.limit}, {room} are left beside the scheduler",
        f"lower the maximum to {room}, or allow {resource.needed(largest, 1)} {name}: a user who "
        "chooses more gets a cluster without workers, and no error",
    )
