"""Everyone who reaches the hub's page can read its metrics.

A Prometheus that goes by `prometheus.io` annotations can't send a token, so `annotations` opens
`/hub/metrics`, on the hub's public host too: how many people use it, how many servers run, how
often a start fails. No names are among them. If others should not see this, use `serviceMonitors`,
or keep the path out at the ingress. The chart value `authenticate_prometheus: false` opens them
too. If it is intentional, add a comment on its line with this code
and a reason.

Bad:
    monitoring: {annotations: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
Good:
    monitoring: {serviceMonitors: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]

See https://jupyterhub.readthedocs.io/en/stable/reference/monitoring.html
"""

from generator.charts.monitoring import ANNOTATIONS, METRICS_LOCK
from generator.charts.rows import at
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import Findings, every_settings, infos
from generator.site.model import Site

finding = infos("A530")


def check(site: Site) -> Findings:
    """An info at each such setting."""
    for settings in every_settings(site):
        values = settings.hub.values if settings.hub is not None else {}
        if settings.at(ANNOTATIONS):
            yield _open(settings.origin.at(*ANNOTATIONS.split(".")), "use 'serviceMonitors'")
        elif at(values, METRICS_LOCK) is False:
            yield _open(settings.origin.at("jupyterhub", "values", *METRICS_LOCK), "remove it")


def _open(at: Pointer, help: str) -> Finding:
    return finding(
        at,
        "everyone who reaches the hub's page can read its metrics, at /hub/metrics",
        f"{help}, or say why this is fine: # hubops: ignore[A530] reason",
        on_key=True,
    )
