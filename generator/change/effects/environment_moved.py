"""An environment moves to another namespace, cluster or server.

A new and empty hub starts there: homes, the hub's database and running servers stay where they
were. A ciphertext is bound to its namespace, so the secrets must be sealed again.
"""

from generator.change import cleanup
from generator.change.sides import Step
from generator.lint.consequences import Consequences, after


def check(step: Step) -> Consequences:
    """One effect where cluster, namespace or the cluster's address differ."""
    old, new = (side.environment for side in step.sides)
    moves = {"cluster": (old.cluster, new.cluster), "namespace": (old.namespace, new.namespace)}
    if old.cluster == new.cluster:
        before, now = (next(iter(side.cluster.destination.values())) for side in step.sides)
        moves["server"] = (before, now)
    if any(was != now for was, now in moves.values()):
        left = cleanup.departure(step.after.site, step.before.placement)
        yield cleanup.moved(
            moves,
            after("seal the secrets again", f"hubops seal {new.name}"),
            after("copy what users need before you let them in"),
            *(left.acts if left is not None else ()),
        )
