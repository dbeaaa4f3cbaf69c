"""An environment moves to another namespace, cluster or server.

A new and empty hub starts there: homes, the hub's database and running servers stay where they
were, and the old hub runs on with the same host. Where another environment was there, its homes and
database are there too. A ciphertext is bound to its namespace and to its
cluster's key, so the secrets must be sealed again. Where a cluster only gets another entry, address
or name in Argo CD, nothing moves: check that both are the same cluster.
"""

from collections.abc import Iterator

from generator import names
from generator.change import cleanup, tracking
from generator.change.effects.seal_again import to_seal
from generator.change.prerequisites import served_by
from generator.change.sides import Step
from generator.lint import history
from generator.lint.consequences import Act, Consequences, Weight, after, at_merge, before


def check(step: Step) -> Consequences:
    """One effect where cluster, namespace or the cluster's address differ."""
    old, new = (side.environment for side in step.sides)
    if step.is_moved:
        moves = {"cluster": (old.cluster, new.cluster), "namespace": (old.namespace, new.namespace)}
        left = cleanup.departure(step.after.site, step.before.placement)
        taken = history.taken_place(step.before.site, step.after.site, new)
        acts = (*_acts(step, taken), *(left.acts if left is not None else ()))
        yield cleanup.moved(moves, *acts, taken=taken)
    elif step.before.cluster.identity != step.after.cluster.identity:
        yield cleanup.unclear(step.before.placement, step.after.cluster)
    elif old.cluster != new.cluster:
        site = step.after.site
        root = names.environment_root(site.name, new.name)
        yield Weight.NOTE.of(
            f"cluster {old.cluster} is called {new.cluster} now: homes, database and servers stay; "
            "its new root takes over when the old one's mark is gone",
            after(
                "remove the old root's mark from the environment's root, which the new root "
                "refuses else (Shared resource found)",
                tracking.unmark(site.argocd_namespace, f"application {root}"),
            ),
        )


def _acts(step: Step, taken: str) -> Iterator[Act]:
    old, new = (side.environment for side in step.sides)
    if taken:
        yield before(
            f"check that this is intentional: users of {new.name} get the homes of {taken} where "
            "their names are the same"
        )
    if not to_seal(step):
        again = " --reseal" if old.namespace == new.namespace else ""
        yield before("seal the secrets again", f"hubops seal {new.name}{again}")
    is_left = not cleanup.successors(step.after.site, step.before.placement)
    meanwhile = "; the old hub runs on meanwhile" if is_left else ""
    yield before(f"copy what users need before you let them in{meanwhile}")
    if old.host == new.host and old.cluster != new.cluster:
        point = f"point {new.host} at the {served_by(step.after.cluster)} of {new.cluster}"
        known = {cluster.identity for cluster in step.before.site.clusters.values()}
        is_new = step.after.cluster.identity not in known
        yield after(f"{point}, when the hub runs there") if is_new else at_merge(point)
    elif old.host == new.host:
        kind = "Ingress" if step.before.cluster.gateway is None else "HTTPRoute"
        yield at_merge(
            f"delete the old hub's {kind}, which holds the host {old.host}",
            f"kubectl -n {old.namespace} delete {kind.lower()} jupyterhub",
        )
    if is_left:
        yield after("stop the old hub when its users have what they need")
