"""An environment moves to another namespace, cluster or server.

A new and empty hub starts there: homes, the hub's database and running servers stay where they
were, and the old hub runs on with the same host. A ciphertext is bound to its namespace and to its
cluster's key, so the secrets must be sealed again. Where a cluster only gets another entry, address
or name in Argo CD, nothing moves: check that both are the same cluster.
"""

from collections.abc import Iterator

from generator.change import cleanup
from generator.change.effects.seal_again import to_seal
from generator.change.prerequisites import served_by
from generator.change.sides import Step
from generator.lint.consequences import Act, Consequences, Weight, after, at_merge, before


def check(step: Step) -> Consequences:
    """One effect where cluster, namespace or the cluster's address differ."""
    old, new = (side.environment for side in step.sides)
    if step.is_moved:
        moves = {"cluster": (old.cluster, new.cluster), "namespace": (old.namespace, new.namespace)}
        left = cleanup.departure(step.after.site, step.before.placement)
        yield cleanup.moved(moves, *_acts(step), *(left.acts if left is not None else ()))
    elif step.before.cluster.identity != step.after.cluster.identity:
        yield cleanup.unclear(step.before.placement, step.after.cluster)
    elif old.cluster != new.cluster:
        yield Weight.NOTE.of(
            f"cluster {old.cluster} is called {new.cluster} now: homes, database and servers stay; "
            "its new root takes over when the old one is deleted"
        )


def _acts(step: Step) -> Iterator[Act]:
    old, new = (side.environment for side in step.sides)
    if not to_seal(step):
        again = " --reseal" if old.namespace == new.namespace else ""
        yield before("seal the secrets again", f"hubops seal {new.name}{again}")
    yield before("copy what users need before you let them in; the old hub runs on meanwhile")
    if old.host == new.host and old.cluster != new.cluster:
        yield at_merge(f"point {new.host} at the {served_by(step.after.cluster)} of {new.cluster}")
    elif old.host == new.host:
        kind = "Ingress" if step.before.cluster.gateway is None else "HTTPRoute"
        yield at_merge(
            f"delete the old hub's {kind}, which holds the host {old.host}",
            f"kubectl -n {old.namespace} delete {kind.lower()} jupyterhub",
        )
    yield after("stop the old hub when its users have what they need")
