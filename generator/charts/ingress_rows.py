"""How people reach the hub: the rows of its chart values."""

from generator.charts import ingress_values
from generator.charts.ingress_controllers import CONTROLLERS
from generator.charts.rows import CLUSTER, HOST, TLS, fixed, kept, row

INGRESS_CLASS = "kubernetes.io/ingress.class"
CLUSTER_ISSUER = "cert-manager.io/cluster-issuer"
_INGRESS = "people reach the hub through the cluster's ingress or Gateway"
_GATEWAY = "people reach the hub through the cluster's Gateway"
# templates/httproute.yaml of the chart.
WITH_ROUTES = ">=4.3.0-0"
ROWS = (
    # Off where the cluster has a Gateway, else as the next row says.
    row("ingress enabled", CLUSTER.rstrip("."), value=ingress_values.without_ingress, is_free=True),
    fixed("ingress enabled", True, _INGRESS, dropped=_INGRESS),
    row(
        "ingress ingressClassName", f"{CLUSTER}ingress.className", value=ingress_values.class_field
    ),
    # Before those of single annotations, which join what it gives.
    row(
        "ingress annotations",
        f"{CLUSTER}ingress.annotations",
        value=ingress_values.ingress_annotations,
    ),
    row(
        f"ingress annotations {INGRESS_CLASS}",
        f"{CLUSTER}ingress.className",
        value=ingress_values.class_annotation,
        dropped="the field ingressClassName is beside it, and Kubernetes refuses the pair",
    ),
    row(
        f"ingress annotations {CLUSTER_ISSUER}",
        f"{CLUSTER}ingress.clusterIssuer",
        value=ingress_values.issuer,
    ),
    *(
        row(f"ingress annotations {name}", f"{CLUSTER}ingress.{key}")
        for controller in CONTROLLERS.values()
        for key, annotations in controller.keys.items()
        for name in annotations
    ),
    row("ingress hosts", HOST, value=ingress_values.ingress_hosts),
    row("ingress tls", HOST, value=ingress_values.tls, why=TLS, is_free=True),
    row("ingress tls # secretName", f"{CLUSTER}ingress.tlsSecret"),
    kept(
        "httpRoute enabled",
        _GATEWAY,
        f"{CLUSTER}gateway",
        value=ingress_values.has_route,
        versions=WITH_ROUTES,
    ),
    row("httpRoute hostnames", HOST, value=ingress_values.route_hosts, versions=WITH_ROUTES),
    row(
        "httpRoute gateway",
        f"{CLUSTER}gateway",
        value=ingress_values.route_gateway,
        versions=WITH_ROUTES,
    ),
    *(
        row(f"httpRoute gateway {name}", f"{CLUSTER}gateway.{key}")
        for name, key in (("name", "name"), ("namespace", "namespace"), ("sectionName", "section"))
    ),
)
