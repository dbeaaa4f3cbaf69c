"""What tells Prometheus of an environment: its monitors and its alerts, as the operator reads them.

All are in the environment's namespace. Where the operator's definitions come later than these
objects, Argo CD skips the dry run and still syncs what is beside them.
"""

from collections.abc import Iterator
from typing import Any

from generator import names
from generator.build import alerts
from generator.build.tree import Resource
from generator.charts import CHARTS, monitoring
from generator.charts.hub_services import token_key
from generator.charts.rows import at
from generator.site.model import Release

_LATE = {"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true"}


def documents(release: Release) -> Iterator[tuple[str, Resource]]:
    """Each object by its file; nothing for an environment that monitoring says nothing of.

    `release` is the hub of the environment.
    """
    settings = release.settings
    if settings.at(monitoring.MONITORS):
        yield "monitor-hub.yaml", _object(release, "ServiceMonitor", "hub", _hub(release))
        if settings.dask is not None:
            traefik = _object(release, "PodMonitor", "dask-gateway", _traefik(release))
            yield "monitor-dask-gateway.yaml", traefik
    if settings.at(monitoring.ALERTS):
        values = CHARTS[release.app].effective_values(release)
        rules = alerts.rules(release, values)
        spec = {"groups": [{"name": f"hub-{release.environment.name}", "rules": rules}]}
        yield "alerts.yaml", _object(release, "PrometheusRule", "hub", spec)


def _hub(release: Release) -> Resource:
    """The chart's Service `hub`, port `hub` (templates/hub/service.yaml)."""
    base = at(CHARTS[release.app].effective_values(release), ("hub", "baseUrl")) or "/"
    token = {"name": names.HUB_SECRET, "key": token_key(monitoring.SERVICE)}
    endpoint = {
        "port": "hub",
        "path": f"{base.rstrip('/')}/hub/metrics",
        "authorization": {"credentials": token},
    }
    name = CHARTS[release.app].release_name(release.settings)
    return _selecting({"component": "hub", "release": name}) | {"endpoints": [endpoint]}


def _traefik(release: Release) -> Resource:
    """The pods of the gateway's Traefik: its Service has no port for metrics."""
    labels = {
        "app.kubernetes.io/name": "dask-gateway",
        "app.kubernetes.io/instance": CHARTS["dask-gateway"].release_name(release.settings),
        "app.kubernetes.io/component": "traefik",
    }
    endpoint = {"port": "traefik", "path": monitoring.TRAEFIK_METRICS}
    return _selecting(labels) | {"podMetricsEndpoints": [endpoint]}


def _selecting(labels: dict[str, str]) -> Resource:
    return {"selector": {"matchLabels": labels}}


def _object(release: Release, kind: str, name: str, spec: dict[str, Any]) -> Resource:
    labels = monitoring.prometheus(release.site, release.cluster).labels or {}
    part = names.PART_OF_LABEL  # Prometheus may select by this one too
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": release.environment.namespace,
            "labels": {**labels, part: labels.get(part, release.site.name)},
            "annotations": _LATE,
        },
        "spec": spec,
    }
