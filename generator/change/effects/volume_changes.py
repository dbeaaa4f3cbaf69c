"""A volume's size or class changes, and volumes that exist do not follow.

A volume's class is fixed when it is made, and its size never shrinks. New homes get the new size;
homes that exist keep theirs until somebody grows them one by one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.quantities import amount

CODE = "E008"


def check(step: Step) -> Iterator[Effect]:
    """Effects for the storage class, the hub's database and the homes."""
    if step.both is None or _moved(*step.both):
        return
    before, after = step.both
    old, new = (_text(side, "hub", "db", "pvc", "storageClassName") for side in step.both)
    if old and new and old != new:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"storage class {old} -> {new}: volumes that exist can't change theirs, "
            "and the hub database's refuses the sync",
            acts=(
                f"keep {old} for this environment, or copy the hub database to a new volume first",
            ),
            before_merge=True,
        )
    yield from _another_database(before, after)
    yield from _database(before, after)
    yield from _homes(before, after)


def _text(place: Place, *path: str) -> str:
    """A chart value as it takes effect; empty where there is none."""
    found: Any = place.values.get("jupyterhub", {})
    for step in path:
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return str(found) if isinstance(found, str | int) else ""


def _sizes(before: Place, after: Place, *path: str) -> tuple[str, str] | None:
    """Both sizes; None where they are equal, or one of them is none."""
    old, new = _text(before, *path), _text(after, *path)
    try:
        return None if amount(old) == amount(new) else (old, new)
    except ValueError:
        return None


def _another_database(before: Place, after: Place) -> Iterator[Effect]:
    old, new = (_text(side, "hub", "db", "type") for side in (before, after))
    stays = _text(before, "hub", "db", "url") == _text(after, "hub", "db", "url")
    if old == new and stays:
        return
    yield Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"the hub gets another database{'' if old == new else f', {old} -> {new}'}: it is "
        "empty, and the hub forgets users, tokens and running servers",
        acts=("copy what the old database holds to the new one",),
        before_merge=True,
    )


def _moved(before: Place, after: Place) -> bool:
    """Whether it is another namespace, where no volume is."""
    places = [
        (side.environment.cluster, side.environment.namespace, side.cluster.destination)
        for side in (before, after)
    ]
    return places[0] != places[1]


def _database(before: Place, after: Place) -> Iterator[Effect]:
    sizes = _sizes(before, after, "hub", "db", "pvc", "storage")
    if sizes is None:
        return
    old, new = sizes
    shrinks = amount(new) < amount(old)
    yield Effect(
        code=CODE,
        weight=Weight.DATA if shrinks else Weight.NOTE,
        message=f"the hub database's volume {old} -> {new}: "
        + ("a volume can't shrink, the sync fails" if shrinks else "it grows in place"),
        acts=(f"keep {old}" if shrinks else _expansion(after),),
        before_merge=True,
    )


def _homes(before: Place, after: Place) -> Iterator[Effect]:
    storage = ("singleuser", "storage")
    kinds = [_text(side, *storage, "type") for side in (before, after)]
    classes = [_text(side, *storage, "dynamic", "storageClass") for side in (before, after)]
    if kinds[0] != kinds[1]:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"storage of homes {kinds[0]} -> {kinds[1]}: at their next start users find "
            "another home, or none",
            acts=("tell the users, and copy what they need",),
            before_merge=True,
        )
    elif classes[0] != classes[1]:
        yield Effect(
            code=CODE,
            weight=Weight.NOTE,
            message=f"storage class of homes {classes[0]} -> {classes[1]}: only new homes get it",
        )
    sizes = _sizes(before, after, *storage, "capacity")
    if sizes is None:
        return
    old, new = sizes
    grow = (
        f"grow a home by hand: kubectl -n {after.environment.namespace} patch pvc NAME "
        f'-p \'{{"spec":{{"resources":{{"requests":{{"storage":"{new}"}}}}}}}}\''
    )
    yield Effect(
        code=CODE,
        weight=Weight.NOTE,
        message=f"home volumes {old} -> {new}: only new homes get it; the others keep their size",
        acts=(grow,) if amount(new) > amount(old) else (),
    )


def _expansion(place: Place) -> str:
    return (
        "see that the storage class lets volumes grow: "
        f"kubectl get storageclass {place.cluster.storage_class} "
        "-o jsonpath='{.allowVolumeExpansion}'"
    )
