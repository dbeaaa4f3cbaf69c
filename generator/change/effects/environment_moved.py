"""An environment moves to another namespace, cluster or server.

What comes up there is a new and empty hub: homes, the hub's database and running servers stay where
they were. A ciphertext is bound to its namespace, so the secrets are sealed again.
"""

from collections.abc import Iterator

from generator.change import cleanup
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step, placement

CODE = "E019"


def check(step: Step) -> Iterator[Effect]:
    """One effect where cluster, namespace or the cluster's address differ."""
    if step.both is None:
        return
    was = placement(step.both[0])
    old, new = (side.environment for side in step.both)
    servers = [next(iter(side.cluster.destination.values())) for side in step.both]
    moves = {"cluster": (old.cluster, new.cluster), "namespace": (old.namespace, new.namespace)}
    if old.cluster == new.cluster:
        moves["server"] = (servers[0], servers[1])
    moved = [f"{what} {one} -> {other}" for what, (one, other) in moves.items() if one != other]
    if moved:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"moved, {' and '.join(moved)}: a new, empty hub; homes and hub database stay "
            "where they were",
            acts=(
                f"seal the secrets again: hubops seal {step.name}",
                "copy what users need before they are let in",
                *cleanup.departed(step.site, was),
            ),
        )
