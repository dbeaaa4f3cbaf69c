"""A further chart comes, changes or goes.

Argo CD syncs it after the merge: the apps of a cluster before its environments. A new version or
other values restart what the chart lets restart, and an ingress controller that restarts cuts open
connections: read the release notes first. What is removed runs on until a person deletes it, for
others may need it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator import names
from generator.change import cleanup
from generator.change.cluster_objects import UNSEALED, Resource
from generator.change.sides import ClusterStep, EnvironmentSide, Step
from generator.lint.consequences import Consequence, Consequences, Weight, before
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
            yield replace(lost, sentence=f"{app} {lost.sentence}")
        elif app not in was:
            chart = now[app].source
            named = f"{chart['chart']} {chart['targetRevision']}"
            yield Weight.NEW.of(f"a new app {app}: chart {named}")
        elif was[app].source != now[app].source:
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
    if old == new:
        return Weight.RESTART.of(f"{app} changes: its pods restart where they read what changes")
    notes = before(f"read the release notes of {now['chart']} from {old} to {new}")
    return Weight.RESTART.of(f"{app}: chart {now['chart']} {old} -> {new}; its pods restart", notes)


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
