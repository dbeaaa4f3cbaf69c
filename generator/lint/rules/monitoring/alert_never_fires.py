"""An alert can never fire: its metric is read by no one.

The alert of the certificate needs cert-manager's metrics, which its chart serves and no Prometheus
reads by itself; the alert of the hub needs kube-state-metrics, those of volumes the kubelets. An
alert without its metric is silent, and so looks like a hub without a fault. Turn on what the
finding names. cert-manager's own ServiceMonitor needs the definitions of the operator, so its wave
is above that of kube-prometheus-stack.

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

from collections.abc import Iterable, Iterator, Mapping

from generator.charts import known, monitoring
from generator.charts.rows import at
from generator.lint.rules.base import Findings, warnings
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Site

finding = warnings("R243")

# Parts of kube-prometheus-stack, and what lacks its metric without them.
_PARTS = {
    "kubeStateMetrics": "the alert of the hub",
    "kubelet": "the alerts of volumes",
    "prometheus": "the alerts",
    "prometheusOperator": "the alerts",
}
# By which values cert-manager's chart makes a monitor of its own.
_OWN = (("prometheus", "servicemonitor", "enabled"), ("prometheus", "podmonitor", "enabled"))
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
            labels = monitoring.prometheus(site, cluster).labels or {}
            yield from _unread(_managers(site, cluster), stacks, labels)


def _without_parts(stack: FurtherChart) -> Findings:
    for part, alert in _PARTS.items():
        if at(stack.values, (part, "enabled")) is False:
            yield finding(
                stack.at("values", part, "enabled"),
                f"{alert} can never fire: {part} is turned off in {stack.name}",
                "remove this line; where another app does it, add # hubops: ignore[R243] reason",
            )


def _unread(
    managers: Iterable[FurtherChart], stacks: list[FurtherChart], labels: Mapping[str, str]
) -> Findings:
    written = ", ".join(f"{key}: {text}" for key, text in labels.items())
    monitor = f"{{enabled: true{f', labels: {{{written}}}' if labels else ''}}}"
    for manager in managers:
        if any(at(manager.values, path) is True for path in _OWN):
            continue
        wave = "".join(f", and a wave above {stack.wave}" for stack in stacks)
        yield finding(
            manager.at("values"),
            f"the alert of the certificate can never fire: no one reads the metrics of "
            f"{manager.name}",
            f"write in its values  prometheus: {{servicemonitor: {monitor}}}{wave}",
            on_key=True,
        )


def _managers(site: Site, cluster: Cluster) -> Iterator[FurtherChart]:
    apps = (app for place in site.platform_of(cluster.name) for app in place.apps)
    return (app for app in apps if known.brings(app.pin.name) == known.CERT_MANAGER)


def _reads_certificates(stack: FurtherChart) -> bool:
    """Whether its values name cert-manager among what Prometheus reads beside its own."""
    written = (at(stack.values, ("prometheus", key)) for key in _ADDITIONAL[:2])
    spec = at(stack.values, ("prometheus", "prometheusSpec", _ADDITIONAL[2]))
    return any("cert-manager" in str(one) for one in (*written, spec))
