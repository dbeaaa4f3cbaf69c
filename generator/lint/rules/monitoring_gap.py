"""Monitoring needs what the cluster does not have.

Monitors and alerts are objects of the Prometheus operator. Where no one has installed its
definitions, the API server does not know these kinds: the sync of the namespace fails, and the hub
waits for it. And the hub lets in only the namespace of Prometheus, beside which dashboards are.
Add the app (`hubops apps add kube-prometheus-stack`), or say that the operator is there, and where.
The labels are those that its Prometheus selects monitors and rules by.

Bad:
    monitoring: {serviceMonitors: true, alerts: true}
Good:
    monitoring: {serviceMonitors: true, alerts: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring, labels: {release: kube-prometheus-stack}}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]

See https://prometheus-operator.dev/docs/getting-started/design/
"""

from generator.charts import known, monitoring
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import Findings, errors
from generator.site.model import Cluster, Settings, Site

finding = errors("R240")

_OBJECTS = (monitoring.MONITORS, monitoring.ALERTS)
_OPERATOR = "run 'hubops apps add kube-prometheus-stack', or write in the cluster  provided: "


def check(site: Site) -> Findings:
    """A finding at each cluster that lacks the operator, or the namespace of Prometheus."""
    for settings, environments in site.variants:
        if "monitoring" in settings.sections:
            for name in dict.fromkeys(one.cluster for one in environments):
                if name in site.clusters:
                    yield from _of_hubs(site, settings, site.clusters[name])
    for cluster in site.clusters.values():
        if cluster.dashboards and not monitoring.prometheus(site, cluster).namespace:
            yield _without_namespace(cluster, (*cluster.at, "dashboards"), "dashboards go there")


def _of_hubs(site: Site, settings: Settings, cluster: Cluster) -> Findings:
    wanted = next((key for key in _OBJECTS if settings.at(key)), "")
    if wanted and not _has_operator(site, cluster):
        yield finding(
            settings.origin.at(*wanted.split(".")),
            f"cluster '{cluster.name}': nothing in site.yaml brings the Prometheus operator, "
            "without which the namespace and its hub are not synced",
            f"{_OPERATOR}[{known.PROMETHEUS}]",
            on_key=True,
            relies_on=_relied(cluster),
        )
    elif monitoring.is_read(settings) and not monitoring.prometheus(site, cluster).namespace:
        read = monitoring.MONITORS if settings.at(monitoring.MONITORS) else monitoring.ANNOTATIONS
        at = settings.origin.at(*read.split("."))
        yield _without_namespace(cluster, at, "the hub lets in only its pods")


def _has_operator(site: Site, cluster: Cluster) -> bool:
    entries = (one for one in site.clusters.values() if one.identity == cluster.identity)
    is_provided = any(known.PROMETHEUS in one.provided for one in entries)
    return is_provided or any(monitoring.operators(site, cluster))


def _without_namespace(cluster: Cluster, at: Pointer, why: str) -> Finding:
    return finding(
        at,
        f"cluster '{cluster.name}': the namespace of Prometheus is not known: {why}",
        f"write  prometheus: {{namespace: monitoring}}  in clusters.{cluster.name}",
        on_key=True,
        relies_on=_relied(cluster),
    )


def _relied(cluster: Cluster) -> tuple[Pointer, ...]:
    return (("apps",), *((*cluster.at, key) for key in ("apps", "prometheus", "provided")))
