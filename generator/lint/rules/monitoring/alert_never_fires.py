"""An alert can never fire: its metric is read by no one.

The alert of the certificate needs cert-manager's metrics, which its chart serves and no Prometheus
reads by itself: it needs a monitor with the labels that Prometheus selects monitors by. The alert
of the hub needs kube-state-metrics, those of volumes the kubelets. An alert without its metric is
silent, and so looks like a hub without a fault. Turn on what the finding names. cert-manager's own
ServiceMonitor needs the definitions of the operator, so its wave is above that of
kube-prometheus-stack.

Bad:
    apps:
      monitoring:
        scope: cluster
        chart:
          name: kube-prometheus-stack
          repository: https://prometheus-community.github.io/helm-charts
          version: 88.5.3
        namespace: monitoring
        serverSideApply: true
        values: {kubeStateMetrics: {enabled: false}}
    monitoring: {alerts: true}
Good:
    apps:
      monitoring:
        scope: cluster
        chart:
          name: kube-prometheus-stack
          repository: https://prometheus-community.github.io/helm-charts
          version: 88.5.3
        namespace: monitoring
        serverSideApply: true
    monitoring: {alerts: true}

See https://cert-manager.io/docs/devops-tips/prometheus-metrics/
"""

from collections.abc import Iterator, Mapping

from generator.charts import known, monitoring
from generator.charts.rows import at
from generator.lint.rules.base import Findings, warnings
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Site
from generator.site.prometheus import Prometheus

finding = warnings("R243")

# Parts of kube-prometheus-stack, and what lacks its metric without them.
_PARTS = {
    "kubeStateMetrics": "the alert of the hub",
    "kubelet": "the alerts of volumes",
    "prometheus": "the alerts",
    "prometheusOperator": "the alerts",
}
# By which values cert-manager's chart makes a monitor of its own, and what selects it.
_OWN = {"servicemonitor": monitoring.SERVICE_MONITOR, "podmonitor": monitoring.POD_MONITOR}
_METRICS = "prometheus"
# Where kube-prometheus-stack takes monitors of others.
_ADDITIONAL = ("additionalServiceMonitors", "additionalPodMonitors", "additionalScrapeConfigs")


def check(site: Site) -> Findings:
    """A warning at each app that serves no metric for an alert."""
    alerted = {one.cluster for one in site.environments if one.settings.at(monitoring.ALERTS)}
    for cluster in (one for one in site.clusters.values() if one.name in alerted):
        stacks = list(monitoring.operators(site, cluster))
        for stack in stacks:
            yield from _without_parts(stack)
        has_certificate = cluster.ingress is not None and cluster.ingress.cluster_issuer
        if has_certificate and not any(map(_reads_certificates, stacks)):
            for manager in _managers(site, cluster):
                yield from _unread(manager, stacks, monitoring.prometheus(site, cluster))


def _without_parts(stack: FurtherChart) -> Findings:
    for part, alert in _PARTS.items():
        if at(stack.values, (part, "enabled")) is False:
            yield finding(
                stack.at("values", part, "enabled"),
                f"{alert} can never fire: {part} is turned off in {stack.name}",
                "remove this line; where another app does it, add # hubops: ignore[R243] reason",
            )


def _unread(manager: FurtherChart, stacks: list[FurtherChart], prometheus: Prometheus) -> Findings:
    """A warning where cert-manager has no monitor, or one that Prometheus does not select."""
    labels = prometheus.labels or {}
    written = ", ".join(f"{key}: {text}" for key, text in labels.items())
    monitor = f"{{enabled: true{f', labels: {{{written}}}' if labels else ''}}}"
    kind = next((one for one in _OWN if at(manager.values, (_METRICS, one, "enabled")) is True), "")
    if kind and _is_selected(_labels(manager, kind), _OWN[kind], stacks, labels):
        return
    wave = "".join(f", and a wave above {stack.wave}" for stack in stacks)
    what = f"Prometheus selects monitors by {written}, and that of {manager.name} has other labels"
    yield finding(
        manager.at("values", *((_METRICS, kind) if kind else ())),
        "the alert of the certificate can never fire: "
        + (what if kind else f"no one reads the metrics of {manager.name}"),
        f"write in its values  prometheus: {{{kind or 'servicemonitor'}: {monitor}}}"
        + ("" if kind else wave),
        on_key=True,
    )


def _is_selected(
    had: Mapping[str, str], kind: str, stacks: list[FurtherChart], labels: Mapping[str, str]
) -> bool:
    """Whether a monitor with these labels is read: by an app, or by a Prometheus that is there."""
    is_taken = any(monitoring.selects(stack, kind, had) for stack in stacks)
    return is_taken or labels.items() <= had.items()


def _labels(manager: FurtherChart, kind: str) -> dict[str, str]:
    """Of the labels of cert-manager's monitor those that do not follow from the chart's version.

    (deploy/charts/cert-manager/templates/servicemonitor.yaml, podmonitor.yaml.)
    """
    name = str(at(manager.values, ("nameOverride",)) or manager.pin.name)
    instance = at(manager.values, (_METRICS, kind, "prometheusInstance"))
    more = (("global", "commonLabels"), (_METRICS, kind, "labels"))
    return {
        "app": name,
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": manager.name,
        "app.kubernetes.io/component": "controller",
        "prometheus": str(instance or "default"),
        **{
            str(key): str(text)
            for path in more
            for key, text in (at(manager.values, path) or {}).items()
        },
    }


def _managers(site: Site, cluster: Cluster) -> Iterator[FurtherChart]:
    apps = (app for place in site.platform_of(cluster.name) for app in place.apps)
    return (app for app in apps if known.brings(app.pin.name) == known.CERT_MANAGER)


def _reads_certificates(stack: FurtherChart) -> bool:
    """Whether its values name cert-manager among what Prometheus reads beside its own."""
    written = (at(stack.values, ("prometheus", key)) for key in _ADDITIONAL[:2])
    spec = at(stack.values, ("prometheus", "prometheusSpec", _ADDITIONAL[2]))
    return any("cert-manager" in str(one) for one in (*written, spec))
