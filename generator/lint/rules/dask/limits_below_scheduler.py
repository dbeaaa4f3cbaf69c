"""The limits of a Dask cluster have no room for its scheduler and one worker.

The scheduler takes 1 core and 2 GiB, or what `scheduler` says, and counts against both limits.
Limits below its own size raise an error when a user creates a cluster; where a worker of the
default size does not fit beside it, the cluster starts and never gets a worker. Raise the limit or
make workers smaller.

Bad:
    daskGateway:
      limits: {cores: 1, memory: 8Gi, workers: 3}
Good:
    daskGateway:
      limits: {cores: 4, memory: 8Gi, workers: 3}

See https://gateway.dask.org/resource-limits.html
"""

from functools import lru_cache

from generator.charts.dask_sizes import Resource, resources
from generator.diagnostics import Finding
from generator.lint.rules.base import Environments, Findings, blamed, errors, relying
from generator.lint.rules.dask import of_gateways
from generator.site.model import DaskGateway, Settings

finding = errors("L403")


def _found(settings: Settings, dask: DaskGateway, environments: Environments) -> Findings:
    """A finding at each limit that is too low."""
    for resource in resources(dask):
        if _is_too_low(resource):
            default = ("daskGateway", "worker", resource.name, "default")
            own = ("daskGateway", "scheduler", resource.name)
            yield from relying(_too_low(settings, resource), environments, default, own)


check = of_gateways(_found)


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _is_too_low(resource: Resource) -> bool:
    """Whether the scheduler, or else one worker beside it, has no room."""
    return resource.room < 0 or not resource.fits(resource.worker.default)


def _too_low(settings: Settings, resource: Resource) -> Finding:
    at_limit = ("daskGateway", "limits", resource.name)
    at_default = ("daskGateway", "worker", resource.name, "default")
    default = resource.worker.default
    more = f"allow {resource.needed(default, 1)} or more"
    if resource.room < 0:
        return finding(
            settings.origin.at(*at_limit),
            f"the limit {resource.limit} is below the {resource.scheduler} that the scheduler "
            "takes",
            more,
        )
    return finding(
        blamed(settings.origin, at_limit, at_default),
        f"no worker fits: its default is {default}, and {resource.shown(resource.room)} of "
        f"{resource.limit} are left beside the scheduler",
        f"{more}, or make the workers smaller",
    )
