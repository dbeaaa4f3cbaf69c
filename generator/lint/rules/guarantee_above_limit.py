"""A guarantee is above its limit.

Kubernetes refuses a pod that requests more than its limit, so no user's server can start. Lower the
guarantee or raise the limit.

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
from generator.site.model import Site

finding = errors("L401")


def check(site: Site) -> Findings:
    """A finding at each such guarantee."""
    for settings, hub, _ in hubs(site):
        kinds = {"cpu": hub.cpu, "memory": hub.memory, "ephemeralStorage": hub.ephemeral_storage}
        for kind, bounds in kinds.items():
            guarantee, limit = bounds.guarantee, bounds.limit
            if guarantee is None or limit is None or amount(guarantee) <= amount(limit):
                continue
            place = ("jupyterhub", "servers", kind)
            yield finding(
                blamed(settings.origin, (*place, "guarantee"), (*place, "limit")),
                f"the {kind} guarantee {guarantee} is above the limit {limit}",
                "lower the guarantee or raise the limit: no server could start",
            )
