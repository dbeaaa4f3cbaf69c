"""A guarantee is above its limit.

Kubernetes refuses a pod that requests more than its limit: no user's server would start. Lower the
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

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, error
from generator.quantities import amount
from generator.site.model import Site

CODE = "L401"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such guarantee."""
    for settings, _ in site.variants():
        hub = settings.hub
        if hub is None:
            continue
        kinds = {
            "cpu": hub.cpu,
            "memory": hub.memory,
            "ephemeralStorage": hub.ephemeral_storage,
        }
        for kind, bounds in kinds.items():
            guarantee, limit = bounds.guarantee, bounds.limit
            if guarantee is None or limit is None or amount(guarantee) <= amount(limit):
                continue
            place = ("jupyterhub", "servers", kind)
            yield error(
                code=CODE,
                at=blamed(settings.origin, (*place, "guarantee"), (*place, "limit")),
                message=f"the {kind} guarantee {guarantee} is above the limit {limit}",
                help="lower the guarantee or raise the limit: no server could start",
            )
