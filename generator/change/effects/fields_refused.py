"""A field changes that Kubernetes never changes.

The labels that a Deployment finds its pods by are fixed when it is made. Kubernetes refuses the
sync, so nothing of it takes effect, until a person deletes the old objects. Running servers keep
the old labels, so that the new policies don't let them reach the hub until they start again.
"""

from generator.change.sides import Step
from generator.charts import rows
from generator.lint.consequences import Consequences, Weight, at_merge, before


def check(step: Step) -> Consequences:
    """One effect where JupyterHub's name, which is in all its labels, differs."""
    if not step.changed("jupyterhub", "nameOverride"):
        return
    old, new = (rows.at(side.values["jupyterhub"], ("nameOverride",)) for side in step.sides)
    environment = step.after.environment
    was, now = old or "jupyterhub", new or "jupyterhub"
    if was != now:
        yield Weight.CUT.of(
            f"nameOverride {was} -> {now} is in labels that can't change: Kubernetes refuses the "
            "sync, and running servers lose the hub",
            before("keep the name, or let users stop their servers"),
            at_merge(
                "delete what has the old labels, so that Argo CD makes it again",
                f"kubectl -n {environment.namespace} delete deployment,statefulset,daemonset "
                f"-l app={was}",
            ),
        )
