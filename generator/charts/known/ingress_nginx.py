"""ingress-nginx: an ingress controller, which Kubernetes has retired.

Sources: charts/ingress-nginx of kubernetes/ingress-nginx at helm-chart-4.14.5 and
helm-chart-4.15.1: values.yaml, templates/admission-webhooks/; README, "Ingress NGINX Retirement".
"""

from collections.abc import Mapping
from typing import Any

from generator.charts.known.chart import KnownChart


def _class(values: Mapping[str, Any], release: str) -> str:
    node: Any = values
    for key in ("controller", "ingressClassResource", "name"):
        node = node.get(key) if isinstance(node, Mapping) else None
    return str(node or "nginx")


CHART = KnownChart(
    name="ingress-nginx",
    app="ingress-nginx",
    purpose="An ingress controller, with the class nginx. It is retired: no security fixes after "
    "March 2026.",
    brings="ingress-controller",
    repository="https://kubernetes.github.io/ingress-nginx",
    version="4.15.1",
    released="2026-03-19",
    source="github.com/kubernetes/ingress-nginx",
    namespace="ingress-nginx",
    wave=-20,
    values="""\
# Two, so that one serves while the other restarts.
controller: {replicaCount: 2}
""",
    kinds=(
        "ClusterRole",
        "ClusterRoleBinding",
        "IngressClass",
        "ValidatingWebhookConfiguration",
    ),
    ingress_class=_class,
    definitions="none",
    random="nothing; a Job makes the certificate of its webhook",
    writes_back="a Job writes caBundle into its webhook; the chart renders none there, so Argo CD "
    "sees no difference",
    health="its Service of type LoadBalancer is healthy once it has an address; two Jobs run at "
    "every sync",
    restart="the ingress controller restarts: every open connection is cut",
    cuts=True,
    survives="the Secret of its webhook's certificate",
)
