"""How people reach the hub: the rows of its chart values."""

from generator.charts import hub_values
from generator.charts.rows import CLUSTER, HOST, TLS, fixed, row

INGRESS_CLASS = "kubernetes.io/ingress.class"
CLUSTER_ISSUER = "cert-manager.io/cluster-issuer"
_INGRESS = "people reach the hub through an ingress"
ROWS = (
    fixed("ingress enabled", True, _INGRESS, dropped=_INGRESS),
    row("ingress ingressClassName", f"{CLUSTER}ingress.className", value=hub_values.class_field),
    row(
        f"ingress annotations {INGRESS_CLASS}",
        f"{CLUSTER}ingress.className",
        value=hub_values.class_annotation,
        dropped="the field ingressClassName is beside it, and Kubernetes refuses the pair",
    ),
    row(
        f"ingress annotations {CLUSTER_ISSUER}",
        f"{CLUSTER}ingress.clusterIssuer",
        value=lambda release: release.cluster.ingress.cluster_issuer,
    ),
    row("ingress hosts", HOST, value=lambda release: [release.environment.host]),
    row("ingress tls", HOST, value=hub_values.tls, why=TLS, is_free=True),
    row("ingress tls # secretName", f"{CLUSTER}ingress.clusterIssuer"),
)
