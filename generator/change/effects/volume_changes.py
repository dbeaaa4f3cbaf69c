"""A volume's size or class changes, and existing volumes do not follow.

A volume's class is fixed when it is created, and its size never shrinks. New homes get the new
size; existing homes keep theirs until a person grows them one by one.
"""

from collections.abc import Mapping
from typing import Any

from generator.change.sides import Step
from generator.lint import history
from generator.lint.consequences import Consequences, Weight, after, before
from generator.quantities import amount


def check(step: Step) -> Consequences:
    """Effects for the storage class, the hub's database and the homes."""
    was, now = (side.environment for side in step.sides)
    if not history.keeps_its_place(step.before.site, was, step.after.site, now):
        return
    for judge in (history.database_shrank, history.home_shrank):
        shrunk = judge(step.after.site.versions, was, now)
        if shrunk is not None:
            yield shrunk
    yield from _database(step)
    yield from _homes(step)


def _both(step: Step, *path: str) -> tuple[str, str]:
    """A chart value as it takes effect on each side; empty where there is none."""
    nodes: list[Any] = [side.values.get("jupyterhub", {}) for side in step.sides]
    for key in path:
        nodes = [node.get(key, {}) if isinstance(node, Mapping) else {} for node in nodes]
    old, new = (str(node) if isinstance(node, str | int) else "" for node in nodes)
    return old, new


def _is_larger(old: str, new: str) -> bool:
    try:
        return amount(new) > amount(old)
    except ValueError:
        return False


def _database(step: Step) -> Consequences:
    old, new = _both(step, "hub", "db", "pvc", "storageClassName")
    if old and new and old != new:
        yield Weight.DATA.of(
            f"storage class {old} -> {new}: existing volumes can't change theirs, and Kubernetes "
            "refuses the hub database's claim",
            before(f"keep {old} for this environment, or copy the hub database to a new volume"),
        )
    old, new = _both(step, "hub", "db", "type")
    was, now = _both(step, "hub", "db", "url")
    if (old, was) != (new, now):
        yield Weight.DATA.of(
            f"the hub gets another database{'' if old == new else f', {old} -> {new}'}: it is "
            "empty, and the hub forgets users, tokens and running servers",
            before("copy the old database to the new one"),
        )
    old, new = _both(step, "hub", "db", "pvc", "storage")
    if _is_larger(old, new):
        yield Weight.NOTE.of(
            f"the hub database's volume {old} -> {new}: it grows in place",
            before(
                "check that the storage class lets volumes grow",
                f"kubectl get storageclass {step.after.cluster.storage_class} "
                "-o jsonpath='{.allowVolumeExpansion}'",
            ),
        )


def _homes(step: Step) -> Consequences:
    was, now = _both(step, "singleuser", "storage", "type")
    old, new = _both(step, "singleuser", "storage", "dynamic", "storageClass")
    if was != now:
        yield Weight.DATA.of(
            f"storage of homes {was} -> {now}: at their next start users find another home, or "
            "none",
            before("tell the users, and copy what they need"),
        )
    elif old != new:
        yield Weight.NOTE.of(f"storage class of homes {old} -> {new}: only new homes get it")
    old, new = _both(step, "singleuser", "storage", "capacity")
    if _is_larger(old, new):
        request = f'{{"spec":{{"resources":{{"requests":{{"storage":"{new}"}}}}}}}}'
        namespace = step.after.environment.namespace
        yield Weight.NOTE.of(
            f"home volumes {old} -> {new}: only new homes get it; the others keep their size",
            after("grow a home", f"kubectl -n {namespace} patch pvc NAME -p '{request}'"),
        )
