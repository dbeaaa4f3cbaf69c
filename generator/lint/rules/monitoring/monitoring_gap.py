"""Monitoring needs what the cluster does not have.

Monitors and alerts are objects of the Prometheus operator. Where no one has installed its
definitions, the API server does not know these kinds: the sync of the namespace fails, and the hub
waits for it. And the hub lets in only the namespace of Prometheus, beside which dashboards are.
Add the app (`hubops apps add kube-prometheus-stack`), or say that the operator is there, and where.
An app of scope environment comes after the namespace, and so too late for its monitors.
Of two apps that bring a Prometheus, the namespace says which one reads the hubs.
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
_UNKNOWN = ": the namespace of Prometheus is not known"
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
            at = (*cluster.at, "dashboards")
            yield _unclear(cluster, at, f"{_UNKNOWN}: dashboards go there")


def _of_hubs(site: Site, settings: Settings, cluster: Cluster) -> Findings:
    keys = [key for key in (*_OBJECTS, monitoring.ANNOTATIONS) if settings.at(key)]
    at = settings.origin.at(*keys[0].split(".")) if keys else ()
    if keys and keys[0] in _OBJECTS and not _has_operator(site, cluster):
        why = (
            "nothing in site.yaml brings the Prometheus operator, without which the namespace and "
            "its hub are not synced"
        )
        help = f"{_OPERATOR}[{known.PROMETHEUS}]"
        if late := _in_environments(site, cluster):
            why = (
                f"app '{late}' has scope environment, so its Prometheus operator comes after the "
                "objects that need it: the namespace and its hub are not synced"
            )
            help = f"write  scope: cluster  and a namespace in apps.{late}"
        yield finding(
            at,
            f"cluster '{cluster.name}': {why}",
            help,
            on_key=True,
            relies_on=_relied(cluster),
        )
    elif keys and not cluster.prometheus.namespace:
        apps = monitoring.operators(site, cluster)
        found = tuple(dict.fromkeys(map(monitoring.namespace_of, apps)))
        if len(found) > 1:
            what = f" has a Prometheus in {' and in '.join(found)}: which one reads the hub?"
            yield _unclear(cluster, at, what, found[0])
        elif not found and monitoring.is_read(settings):
            yield _unclear(cluster, at, f"{_UNKNOWN}: the hub lets in only its pods")


def _has_operator(site: Site, cluster: Cluster) -> bool:
    entries = (one for one in site.clusters.values() if one.identity == cluster.identity)
    is_provided = any(known.PROMETHEUS in one.provided for one in entries)
    return is_provided or any(monitoring.operators(site, cluster))


def _in_environments(site: Site, cluster: Cluster) -> str:
    """The app that brings the operator after the namespace of an environment; empty without one."""
    apps = (app for one in site.environments_of(cluster.name) for app in one.apps)
    return next((app.name for app in apps if known.brings(app.pin.name) == known.PROMETHEUS), "")


def _unclear(cluster: Cluster, at: Pointer, what: str, namespace: str = "monitoring") -> Finding:
    return finding(
        at,
        f"cluster '{cluster.name}'{what}",
        f"write  prometheus: {{namespace: {namespace}}}  in clusters.{cluster.name}",
        on_key=True,
        relies_on=_relied(cluster),
    )


def _relied(cluster: Cluster) -> tuple[Pointer, ...]:
    return (("apps",), *((*cluster.at, key) for key in ("apps", "prometheus", "provided")))
