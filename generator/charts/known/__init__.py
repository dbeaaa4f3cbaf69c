"""What is known of further charts: one file each, read only for a site that has the chart.

Each fact is from the chart's own repository at the tag of its version, and from two renderings of
it. A chart that is not here may be an app all the same: it only has no facts.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a site without apps does not pay for it
    from generator.charts.known.chart import KnownChart

# Parts of the platform that a hub needs, as `provided` calls them, and others.
CERT_MANAGER, INGRESS, SEALED_SECRETS = "cert-manager", "ingress-controller", "sealed-secrets"
STORAGE, PROMETHEUS = "storage", "prometheus-operator"

# In the order in which a new platform comes up. By the name of the chart, its file.
NAMES = {
    "sealed-secrets": "sealed_secrets",
    "openstack-cinder-csi": "openstack_cinder_csi",
    "cert-manager": "certificates",
    "traefik": "traefik",
    "ingress-nginx": "ingress_nginx",
    "kube-prometheus-stack": "kube_prometheus_stack",
    "jupyterhub-home-nfs": "jupyterhub_home_nfs",
}
# Charts without facts of which it is known what they are for.
_FOR = {"contour": INGRESS, "haproxy-ingress": INGRESS, "kubernetes-ingress": INGRESS}


@cache
def of(chart: str) -> "KnownChart | None":
    """The facts of a chart by its name; None for one that is not known."""
    if chart not in NAMES:
        return None
    found: KnownChart = import_module(f"{__name__}.{NAMES[chart]}").CHART
    return found


def brings(chart: str) -> str:
    """The part of the platform that a chart is; empty where that is not known."""
    facts = of(chart)
    return facts.brings if facts is not None else _FOR.get(chart, "")
