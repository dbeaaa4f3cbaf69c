"""What Prometheus and Grafana know of a hub changes.

A new or changed monitor or alert counts within a minute, and no one who uses the hub notices.
Without its monitor a hub looks like one that does nothing, and without its alerts like one without
a fault. The hub lets in the namespace of Prometheus, so a Prometheus that moves reads nothing until
its new namespace is in site.yaml. With `annotations` the hub's metrics are open to everyone.
Grafana keeps what it has measured; a dashboard is downloaded again when its address changes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator import names
from generator.change.difference import members
from generator.change.lost_app import lost_app
from generator.change.sides import ClusterStep, EnvironmentSide, Step
from generator.charts import monitoring
from generator.charts.rows import at
from generator.lint.consequences import Consequence, Consequences, Weight, before
from generator.records import replace
from generator.site.model import Json

_MONITORS = ("monitor-hub.yaml", "monitor-dask-gateway.yaml")
_ALERTS = "alerts.yaml"
_FILE, _FOLDER = f"{names.DASHBOARDS}.yaml", f"{names.DASHBOARDS}/"


def check(step: Step | ClusterStep) -> Consequences:
    """What changes for an environment, or the dashboards of a cluster."""
    return _dashboards(step) if isinstance(step, ClusterStep) else _of_hub(step)


def _of_hub(step: Step) -> Iterator[Consequence]:
    was, now = (_reads(side) for side in step.sides)
    if was != now:
        yield Weight.NOTE.of(f"Prometheus reads the metrics: {was} -> {now}")
    elif any(path in step.objects for path in _MONITORS):
        yield Weight.NOTE.of("what tells Prometheus of the metrics changes")
    opened = [
        at(side.values.get("jupyterhub", {}), monitoring.METRICS_LOCK) is False
        for side in step.sides
    ]
    if opened[1] and not opened[0]:
        yield Weight.ACCESS.of(
            "everyone who reaches the hub's page can read its metrics, at /hub/metrics",
            before("check that this is intentional"),
        )
    if _ALERTS in step.objects:
        yield from _alerts(*(_rules(side) for side in step.sides))


def _reads(side: EnvironmentSide) -> str:
    """Which Prometheus reads the hub, in words."""
    if not monitoring.is_read(side.settings):
        return "none"
    namespace = monitoring.prometheus(side.site, side.cluster).namespace
    way = "with a token" if side.settings.at(monitoring.MONITORS) else "by annotations"
    return f"from namespace {namespace}, {way}"


def _rules(side: EnvironmentSide) -> Mapping[str, Json]:
    document: Any = side.objects.get(_ALERTS)
    groups = document["spec"]["groups"] if document is not None else ()
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def _alerts(was: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[Consequence]:
    changed = [f"{name} changes" for name in now if name in was and was[name] != now[name]]
    listed = [*members(tuple(was), tuple(now)), *changed]
    text = ", ".join(listed) or "another Prometheus selects them"
    yield Weight.NOTE.of(f"alerts of the hub: {text}")


def _dashboards(step: ClusterStep) -> Iterator[Consequence]:
    root = step.before.get(_FILE)
    if root is not None and _FILE not in step.after:
        lost = lost_app(root["metadata"]["name"], step.name, "")
        stay = "the dashboards stay in Grafana, without updates, until you delete them"
        yield replace(lost, weight=Weight.NOTE, sentence=stay)
        return
    for path in step.objects:
        if path.startswith(_FOLDER):
            was, now = (_address(side.get(path)) for side in (step.before, step.after))
            name = path.removeprefix(f"{_FOLDER}dashboard-").removesuffix(".yaml")
            if was != now:
                yield Weight.NOTE.of(f"dashboard {name}: {was or 'new'} -> {now or 'removed'}")


def _address(document: Mapping[str, Any] | None) -> str:
    # An app called `dashboards`, which lint refuses, has its own objects in that folder.
    return next(iter((document or {}).get("data", {}).values()), "")
