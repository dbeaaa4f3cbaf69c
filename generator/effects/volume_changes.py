"""A volume's size or class changes, and volumes that exist do not follow.

A volume's class is fixed when it is made, and its size never shrinks. New homes get the new size;
homes that exist keep theirs until somebody grows them one by one.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.model import Hub
from generator.quantities import amount
from generator.situation import Place, Step

CODE = "E008"


def check(step: Step) -> Iterator[Effect]:
    """Effects for the storage class, the hub's database and the homes."""
    if step.both is None or _moved(*step.both):
        return
    before, after = step.both
    old, new = before.cluster.storage_class, after.cluster.storage_class
    if old != new:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"storage class {old} -> {new}: volumes that exist can't change theirs, "
            "and the hub database's refuses the sync",
            act=f"keep {old} for this environment, or copy the hub database to a new volume first",
            before_merge=True,
        )
    hubs = before.environment.settings.hub, after.environment.settings.hub
    if hubs[0] is not None and hubs[1] is not None:
        yield from _database(hubs[0], hubs[1], after)
        yield from _homes(hubs[0], hubs[1], after)


def _moved(before: Place, after: Place) -> bool:
    """Whether it is another namespace, where no volume is."""
    places = [(side.environment.cluster, side.environment.namespace) for side in (before, after)]
    return places[0] != places[1]


def _database(before: Hub, after: Hub, place: Place) -> Iterator[Effect]:
    old, new = before.database_storage, after.database_storage
    if amount(old) == amount(new):
        return
    shrinks = amount(new) < amount(old)
    yield Effect(
        code=CODE,
        weight=Weight.DATA if shrinks else Weight.NOTE,
        message=f"the hub database's volume {old} -> {new}: "
        + ("a volume can't shrink, the sync fails" if shrinks else "it grows in place"),
        act=f"keep {old}" if shrinks else _expansion(place),
        before_merge=True,
    )


def _homes(before: Hub, after: Hub, place: Place) -> Iterator[Effect]:
    old, new = before.home_capacity, after.home_capacity
    if amount(old) == amount(new):
        return
    grow = (
        f"grow a home by hand: kubectl -n {place.environment.namespace} patch pvc NAME "
        f'-p \'{{"spec":{{"resources":{{"requests":{{"storage":"{new}"}}}}}}}}\''
    )
    yield Effect(
        code=CODE,
        weight=Weight.NOTE,
        message=f"home volumes {old} -> {new}: only new homes get it; the others keep their size",
        act=grow if amount(new) > amount(old) else "",
    )


def _expansion(place: Place) -> str:
    return (
        "see that the storage class lets volumes grow: "
        f"kubectl get storageclass {place.cluster.storage_class} "
        "-o jsonpath='{.allowVolumeExpansion}'"
    )
