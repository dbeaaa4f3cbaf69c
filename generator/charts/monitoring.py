"""How Prometheus comes to the metrics of a hub and its Dask Gateway, as chart values hold it.

JupyterHub gives its metrics only to a token with the scope `read:metrics` (jupyterhub/utils.py,
metrics_authentication). Dask Gateway has none; its Traefik has, at the port `traefik` of its pods.
"""

from collections.abc import Iterator, Mapping

from generator.charts import known
from generator.charts.rows import at
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Json, Release, Settings, Site
from generator.site.prometheus import Prometheus

MONITORS, ANNOTATIONS = "monitoring.serviceMonitors", "monitoring.annotations"
ALERTS = "monitoring.alerts"
# The chart value that keeps the metrics closed, unless it is false (jupyterhub/app.py).
METRICS_LOCK = ("hub", "config", "JupyterHub", "authenticate_prometheus")
SERVICE, SCOPE = "prometheus", "read:metrics"
WHY = "Prometheus reads the hub's metrics"
NOT_READ_BACK = "monitoring says more than one value: what import finds stays among the values"
TRAEFIK_METRICS = "/metrics"
# Traefik's metrics are at its entry point `traefik` by default, which every chart has at 9000.
_TRAEFIK_ARGUMENTS = ["--metrics.prometheus=true"]
SERVICE_MONITOR, POD_MONITOR = "serviceMonitorSelector", "podMonitorSelector"
_SELECTORS = (SERVICE_MONITOR, POD_MONITOR, "ruleSelector")
_SPEC = ("prometheus", "prometheusSpec")
_TRAEFIK_ANNOTATIONS = {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9000",
    "prometheus.io/path": TRAEFIK_METRICS,
}


def is_read(settings: Settings) -> bool:
    """Whether some Prometheus reads the hub."""
    return bool(settings.at(MONITORS) or settings.at(ANNOTATIONS))


def operators(site: Site, cluster: Cluster) -> Iterator[FurtherChart]:
    """The apps that bring Prometheus with its operator into a cluster, by whichever entry."""
    for other in site.clusters.values():
        if other.identity == cluster.identity:
            for place in site.platform_of(other.name):
                for app in place.apps:
                    if known.brings(app.pin.name) == known.PROMETHEUS:
                        yield app


def prometheus(site: Site, cluster: Cluster) -> Prometheus:
    """Where the Prometheus of a cluster is, as far as that is known, and what it selects by.

    Of several apps it is the one in the namespace that site.yaml says.
    """
    said = cluster.prometheus
    apps = operators(site, cluster)
    app = next((one for one in apps if said.namespace in ("", namespace_of(one))), None)
    labels = {} if app is None else _selected(app)
    return Prometheus(
        namespace=said.namespace or (namespace_of(app) if app is not None else ""),
        labels=labels if said.labels is None else said.labels,
    )


def namespace_of(app: FurtherChart) -> str:
    """Where an app's Prometheus is (kube-prometheus-stack, templates/_helpers.tpl)."""
    return str(app.values.get("namespaceOverride") or app.namespace)


def _selected(app: FurtherChart) -> dict[str, str]:
    """What an app's Prometheus selects by: its own values, or by default the label `release`.

    (kube-prometheus-stack, templates/prometheus/prometheus.yaml.)
    """
    labels = {"release": app.name}
    for kind in _SELECTORS:
        written = at(app.values, (*_SPEC, kind, "matchLabels"))
        labels |= {key: str(text) for key, text in (written or {}).items()}
    return labels


def selects(app: FurtherChart, kind: str, labels: Mapping[str, str]) -> bool:
    """Whether an app's Prometheus takes objects of a kind with these labels, as far as is known.

    `kind` is `SERVICE_MONITOR` or `POD_MONITOR` (kube-prometheus-stack,
    templates/prometheus/prometheus.yaml).
    """
    written = at(app.values, (*_SPEC, kind))
    if written:
        wanted = at(written, ("matchLabels",)) or {}
    else:
        takes_all = at(app.values, (*_SPEC, f"{kind}NilUsesHelmValues")) is False
        wanted = {} if takes_all else {"release": app.name}
    return all(labels.get(key) == str(text) for key, text in wanted.items())


def hub_ingress(release: Release) -> Json:
    """Who beside the chart's own pods may open the hub's port: the pods of Prometheus."""
    if not is_read(release.settings):
        return None
    namespace = prometheus(release.site, release.cluster).namespace
    if not namespace:
        return None
    labels = {"kubernetes.io/metadata.name": namespace}
    source = {"namespaceSelector": {"matchLabels": labels}}
    return [{"from": [source], "ports": [{"protocol": "TCP", "port": "http"}]}]


def open_metrics(settings: Settings) -> Json:
    """False where a Prometheus without a token reads the metrics, and with it everyone."""
    return False if settings.at(ANNOTATIONS) else None


def traefik_arguments(settings: Settings) -> Json:
    """What turns on the metrics of Dask Gateway's Traefik."""
    return list(_TRAEFIK_ARGUMENTS) if is_read(settings) else None


def traefik_annotations(settings: Settings) -> Json:
    """What tells a Prometheus that goes by annotations of Traefik's metrics."""
    return dict(_TRAEFIK_ANNOTATIONS) if settings.at(ANNOTATIONS) else None
