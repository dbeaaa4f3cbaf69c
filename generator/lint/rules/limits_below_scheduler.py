"""The limits of a Dask cluster leave no room for its scheduler, or for one worker beside it.

The scheduler takes 1 core and 2 GiB by default and counts against both limits. Limits below its own
size raise an error when somebody makes a cluster; where a worker of the default size does not fit
beside it, the cluster starts and never gets a worker. Raise the limit or make workers smaller.

Bad:

    daskGateway:
      limits: {cores: 1, memory: 8Gi, workers: 3}

Good:

    daskGateway:
      limits: {cores: 4, memory: 8Gi, workers: 3}

See https://gateway.dask.org/resource-limits.html
"""

from collections.abc import Iterator
from functools import lru_cache

from generator.charts.dask_sizes import Resource, resources
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, error, relying
from generator.site.model import Settings, Site

CODE = "L403"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each limit that is too low."""
    for settings, environments in site.variants():
        for resource in resources(settings.dask) if settings.dask is not None else ():
            found = _too_low(settings, resource) if _is_too_low(resource) else None
            if found is not None:
                default = ("daskGateway", "worker", resource.name, "default")
                yield from relying(found, environments, default)


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _is_too_low(resource: Resource) -> bool:
    """Whether the scheduler, or else one worker beside it, has no room."""
    return resource.room < 0 or not resource.fits(resource.worker.default)


def _too_low(settings: Settings, resource: Resource) -> Finding | None:
    at_limit = ("daskGateway", "limits", resource.name)
    at_default = ("daskGateway", "worker", resource.name, "default")
    default = resource.worker.default
    if resource.room < 0:
        return error(
            code=CODE,
            at=settings.origin.at(*at_limit),
            message=(
                f"the limit {resource.limit} is below the {resource.scheduler} that the scheduler "
                "takes"
            ),
            help=f"allow {resource.needed(default, 1)} or more",
        )
    if not resource.fits(default):
        return error(
            code=CODE,
            at=blamed(settings.origin, at_limit, at_default),
            message=(
                f"no worker fits: its default is {default}, and {resource.shown(resource.room)} of "
                f"{resource.limit} are left beside the scheduler"
            ),
            help=f"allow {resource.needed(default, 1)} or more, or make the workers smaller",
        )
    return None
