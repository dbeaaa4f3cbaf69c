"""A cluster has neither an ingress nor a gateway, or both.

People reach the hubs of a cluster through an ingress controller or through a Gateway of the Gateway
API. Without either no one reaches them; with both, two objects claim one host, and the name can
point at only one of them. Write `ingress`, or `gateway` with the name of a Gateway that exists. To
move from one to the other, see docs/operations.md.

Bad:
    clusters:
      fedcloud:
        ingress: {className: nginx}
        gateway: {name: public, namespace: gateways}
Good:
    clusters:
      fedcloud:
        ingress: {className: nginx}

See https://gateway-api.sigs.k8s.io/guides/getting-started/migrating-from-ingress/
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("R212")


def check(site: Site) -> Findings:
    """A finding at each cluster with both or neither of `ingress` and `gateway`."""
    for cluster in site.clusters.values():
        ingress, gateway = (*cluster.at, "ingress"), (*cluster.at, "gateway")
        if cluster.ingress is not None and cluster.gateway is not None:
            yield finding(
                gateway,
                f"cluster '{cluster.name}' has both an 'ingress' and a 'gateway'",
                "remove one of them: the host points at one of the two",
                on_key=True,
            )
        elif cluster.ingress is None and cluster.gateway is None:
            yield finding(
                cluster.at,
                f"cluster '{cluster.name}' has neither an 'ingress' nor a 'gateway'",
                "add one, for example  ingress: {className: nginx}",
                on_key=True,
                relies_on=(ingress, gateway),
            )
