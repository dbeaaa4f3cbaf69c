"""A volume's size or class changes, and existing volumes do not follow.

A volume's class is fixed when it is created, and its size never shrinks. New homes get the new
size; existing homes keep theirs until a person grows them one by one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.change.sides import EnvironmentSide, Step
from generator.lint import history
from generator.lint.consequences import Act, Consequence, Weight, after, before, consequence
from generator.quantities import amount

CODE = "E008"


def check(step: Step) -> Iterator[Consequence]:
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
    before, after = (_text(side, path) for side in step.sides)
    return before, after


def _text(side: EnvironmentSide, path: tuple[str, ...]) -> str:
    found: Any = side.values.get("jupyterhub", {})
    for step in path:
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return str(found) if isinstance(found, str | int) else ""


def _grown(step: Step, *path: str) -> tuple[str, str] | None:
    """Both sizes where the newer one is larger."""
    old, new = _both(step, *path)
    try:
        return (old, new) if amount(new) > amount(old) else None
    except ValueError:
        return None


def _database(step: Step) -> Iterator[Consequence]:
    old, new = _both(step, "hub", "db", "pvc", "storageClassName")
    if old and new and old != new:
        yield consequence(
            Weight.DATA,
            f"storage class {old} -> {new}: existing volumes can't change theirs, and Kubernetes "
            "refuses the hub database's claim",
            before(f"keep {old} for this environment, or copy the hub database to a new volume"),
        )
    old, new = _both(step, "hub", "db", "type")
    urls = _both(step, "hub", "db", "url")
    if old != new or urls[0] != urls[1]:
        yield consequence(
            Weight.DATA,
            f"the hub gets another database{'' if old == new else f', {old} -> {new}'}: it is "
            "empty, and the hub forgets users, tokens and running servers",
            before("copy the old database to the new one"),
        )
    grown = _grown(step, "hub", "db", "pvc", "storage")
    if grown is not None:
        sentence = f"the hub database's volume {grown[0]} -> {grown[1]}: it grows in place"
        yield consequence(Weight.NOTE, sentence, _expansion(step.after))


def _homes(step: Step) -> Iterator[Consequence]:
    storage = ("singleuser", "storage")
    kinds = _both(step, *storage, "type")
    old, new = _both(step, *storage, "dynamic", "storageClass")
    if kinds[0] != kinds[1]:
        yield consequence(
            Weight.DATA,
            f"storage of homes {kinds[0]} -> {kinds[1]}: at their next start users find another "
            "home, or none",
            before("tell the users, and copy what they need"),
        )
    elif old != new:
        yield consequence(
            Weight.NOTE, f"storage class of homes {old} -> {new}: only new homes get it"
        )
    grown = _grown(step, *storage, "capacity")
    if grown is not None:
        request = f'{{"spec":{{"resources":{{"requests":{{"storage":"{grown[1]}"}}}}}}}}'
        namespace = step.after.environment.namespace
        yield consequence(
            Weight.NOTE,
            f"home volumes {grown[0]} -> {grown[1]}: only new homes get it; the others keep their "
            "size",
            after("grow a home", f"kubectl -n {namespace} patch pvc NAME -p '{request}'"),
        )


def _expansion(side: EnvironmentSide) -> Act:
    return before(
        "check that the storage class lets volumes grow",
        f"kubectl get storageclass {side.cluster.storage_class} "
        "-o jsonpath='{.allowVolumeExpansion}'",
    )
