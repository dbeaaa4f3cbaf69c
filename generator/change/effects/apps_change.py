"""A further chart comes, changes or goes.

Argo CD syncs it after the merge: the apps of a cluster before its environments. A new version or
other values restart what the chart lets restart, and an ingress controller that restarts cuts open
connections: read the release notes first. Without the definitions of its kinds a chart takes every
object of them along. Of the charts that hubops knows (`hubops apps`) it says
what a restart means and what survives a deletion. What is removed runs on until a person deletes
it, for others may need it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator import names
from generator.change import cleanup
from generator.change.cluster_objects import UNSEALED, Resource
from generator.change.sides import ClusterStep, EnvironmentSide, Step
from generator.charts import known
from generator.charts.known.chart import KnownChart
from generator.lint.consequences import Act, Consequence, Consequences, Weight, before
from generator.records import replace


class _Further(NamedTuple):
    """A further chart on one side: the name of its Application, and what that asks for.

    `namespace` is its own, empty where it has none; `unsealed` are the values that are not sealed.
    """

    application: str
    source: Mapping[str, Any]
    namespace: str = ""
    unsealed: tuple[str, ...] = ()


_Apps = Mapping[str, _Further]


def check(step: Step | ClusterStep) -> Consequences:
    """One effect for each further chart that differs, and one for what must be sealed for it."""
    if isinstance(step, Step):
        was, now = map(_of_environment, step.sides)
        yield from _effects(was, now, step.after.cluster.name)
    else:
        yield from _effects(_of_cluster(step.before), _of_cluster(step.after), step.name)


def _effects(was: _Apps, now: _Apps, cluster: str) -> Consequences:
    for app in {**now, **was}:
        if app not in now:
            lost = cleanup.lost_app(was[app].application, cluster, was[app].namespace)
            facts = known.of(was[app].source["chart"])
            stays = f"; after that these stay: {facts.survives}" if facts is not None else ""
            yield replace(lost, sentence=f"{app} {lost.sentence}{stays}")
        elif app not in was:
            chart = now[app].source
            named = f"{chart['chart']} {chart['targetRevision']}"
            yield Weight.NEW.of(f"a new app {app}: chart {named}")
        elif was[app].source != now[app].source:
            yield from _definitions(app, was[app].source, now[app].source)
            yield _changed(app, was[app].source, now[app].source)
        new = (
            [key for key in now[app].unsealed if key not in _unsealed(was, app)]
            if app in now
            else []
        )
        if new:
            text = f"{len(new)} secret value{'s' if len(new) > 1 else ''} of {app} to seal: "
            seal = before("seal the values", f"hubops seal {names.place(cluster, app)}")
            yield Weight.NOTE.of(f"{text}{', '.join(new)}", seal)


def _unsealed(apps: _Apps, app: str) -> tuple[str, ...]:
    return apps[app].unsealed if app in apps else ()


def _changed(app: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Consequence:
    """What another version does, or else other values."""
    old, new = was["targetRevision"], now["targetRevision"]
    facts = known.of(now["chart"])
    weight = Weight.CUT if facts is not None and facts.cuts else Weight.RESTART
    if old == new:
        does = f"where its pods read that, {facts.restart}" if facts is not None else ""
        text = does or "its pods restart where they read what changes"
        return weight.of(f"{app} changes{';' if does else ':'} {text}")
    does = facts.restart if facts is not None else "its pods restart"
    text = f"{app}: chart {now['chart']} {old} -> {new}; {does}"
    return weight.of(text, *_first(facts, now, old))


def _definitions(app: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Consequences:
    """What goes with the definitions of custom kinds that a chart no longer brings.

    Argo CD takes `helm.sh/resource-policy: keep` for Delete=false, not for Prune=false.
    """
    facts = known.of(now["chart"])
    if facts is None or facts.installs_crds(_values(now)) or not facts.installs_crds(_values(was)):
        return
    yield Weight.DATA.of(
        f"{app}: with prune Argo CD deletes the definitions that the chart no longer brings, and "
        "with them every object of their kinds in the cluster",
        before(f"leave {'.'.join(facts.crds)} on, unless another app brings the definitions now"),
    )


def _first(facts: KnownChart | None, now: Mapping[str, Any], old: str) -> Iterator[Act]:
    """What a person must do before another version."""
    new = now["targetRevision"]
    yield before(f"read the release notes of {now['chart']} from {old} to {new}")
    if facts is not None and not facts.installs_crds(_values(now)):
        yield before(
            f"apply the definitions of {now['chart']} {new} by hand: with these values the chart "
            "does not bring them, and no one else updates them"
        )


def _values(source: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of an app of an environment, or of a cluster."""
    found: Mapping[str, Any] = source.get("values") or source["helm"].get("valuesObject") or {}
    return found


def _of_environment(side: EnvironmentSide) -> _Apps:
    """The further charts of an environment; E011 tells what to seal for it."""
    return {
        name: _Further(
            application=names.application(side.site.name, name, side.environment.name),
            source={**side.applications[name]["spec"]["source"], "values": app.values},
        )
        for name, app in side.further.items()
    }


def _of_cluster(objects: Mapping[str, Resource]) -> _Apps:
    return {
        (app := path[len("app-") : -len(".yaml")]): _Further(
            application=document["metadata"]["name"],
            source=document["spec"]["source"],
            namespace=objects.get(f"{app}/namespace.yaml", {}).get("metadata", {}).get("name", ""),
            unsealed=tuple(
                key for key, state in objects.get(f"{app}/secrets", {}).items() if state == UNSEALED
            ),
        )
        for path, document in objects.items()
        if path.startswith("app-")
    }
