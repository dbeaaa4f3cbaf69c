"""A guarantee is above its limit.

Kubernetes refuses a pod that requests more than its limit, so no user's server can start, or the
hub or its proxy can't. Lower the guarantee or raise the limit.

Bad:
    jupyterhub:
      servers:
        memory: {guarantee: 4Gi, limit: 2Gi}
Good:
    jupyterhub:
      servers:
        memory: {guarantee: 2Gi, limit: 4Gi}

See https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from generator.lint.rules.base import Findings, blamed, errors, hubs
from generator.quantities import amount
from generator.site.model import Bounds, Settings, Site

finding = errors("L401")


def check(site: Site) -> Findings:
    """A finding at each such guarantee."""
    for settings, hub, _ in hubs(site):
        servers = {"cpu": hub.cpu, "memory": hub.memory, "ephemeralStorage": hub.ephemeral_storage}
        for kind, bounds in servers.items():
            yield from _above(
                settings, ("jupyterhub", "servers", kind), bounds, "no server could start"
            )
        for pod in ("hub", "proxy"):
            for kind in settings.at(f"jupyterhub.{pod}.resources") or ():
                place = ("jupyterhub", pod, "resources", kind)
                said = {key: settings.at(".".join((*place, key))) for key in ("guarantee", "limit")}
                yield from _above(settings, place, Bounds(**said), f"the {pod} could not start")


def _above(settings: Settings, place: tuple[str, ...], bounds: Bounds, then: str) -> Findings:
    guarantee, limit = bounds.guarantee, bounds.limit
    if guarantee is not None and limit is not None and amount(guarantee) > amount(limit):
        yield finding(
            blamed(settings.origin, (*place, "guarantee"), (*place, "limit")),
            f"the {place[-1]} guarantee {guarantee} is above the limit {limit}",
            f"lower the guarantee or raise the limit: {then}",
        )
