"""Traefik: an ingress controller.

Sources: traefik of traefik/traefik-helm-chart at v40.3.0 and v41.3.0: crds/, values.yaml,
templates/ingressclass.yaml and templates/_helpers.tpl (the class has the name of the release).
"""

from collections.abc import Mapping
from typing import Any

from generator.charts.known.chart import KnownChart


def _class(values: Mapping[str, Any], release: str) -> str:
    own = values.get("ingressClass")
    if isinstance(own, Mapping) and own.get("name"):
        return str(own["name"])
    name = str(values.get("nameOverride") or "traefik")
    full = release if name in release else f"{release}-{name}"
    return str(values.get("fullnameOverride") or full)


CHART = KnownChart(
    name="traefik",
    app="traefik",
    purpose="An ingress controller, with the class traefik.",
    brings="ingress-controller",
    repository="https://traefik.github.io/charts",
    version="41.3.0",
    released="2026-08-21",
    source="github.com/traefik/traefik-helm-chart",
    namespace="traefik",
    wave=-20,
    values="""\
# Hubs need only Ingresses. IngressRoutes are for the Traefik of Dask Gateway, whose chart brings
# their definitions.
providers: {kubernetesCRD: {enabled: false}}
# A class of its own, and not the default of the cluster.
ingressClass: {name: traefik, isDefaultClass: false}
# Two, so that one serves while the other restarts.
deployment: {replicas: 2}
""",
    kinds=("ClusterRole", "ClusterRoleBinding", "IngressClass"),
    skips_crds=True,
    ingress_class=_class,
    definitions="25, in the chart's crds folder, which Dask Gateway has too; hubs need none",
    random="nothing",
    writes_back="nothing",
    health="its Service of type LoadBalancer is healthy once it has an address; Ingresses get that "
    "address (publishedService)",
    restart="the ingress controller restarts: every open connection is cut",
    cuts=True,
    survives="its definitions, where the app installs them; with them you would delete every "
    "IngressRoute and Middleware",
)
