"""An environment moves to another namespace or cluster.

What comes up there is a new and empty hub: homes, the hub's database and running servers stay where
they were. A ciphertext is bound to its namespace, so the secrets are sealed again.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.situation import Step

CODE = "E019"


def check(step: Step) -> Iterator[Effect]:
    """One effect where cluster or namespace differ."""
    if step.both is None:
        return
    old, new = (side.environment for side in step.both)
    moves = {"cluster": (old.cluster, new.cluster), "namespace": (old.namespace, new.namespace)}
    moved = [f"{what} {one} -> {other}" for what, (one, other) in moves.items() if one != other]
    if moved:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"moved, {' and '.join(moved)}: a new, empty hub; homes and hub database stay "
            "where they were",
            act="copy what users need before they are let in, and seal the secrets again",
        )
