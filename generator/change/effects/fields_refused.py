"""A field changes that Kubernetes never changes.

The labels that a Deployment finds its pods by are fixed when it is made. Kubernetes refuses the
sync, so nothing of it takes effect, until a person deletes the old objects. Running servers keep
the old labels, so that the new policies don't let them reach the hub until they start again.
"""

from generator.change.sides import Step
from generator.charts import CHARTS, rows
from generator.lint.consequences import Consequences, Weight, at_merge, before

_APP = "jupyterhub"


def check(step: Step) -> Consequences:
    """One effect where what is in all of JupyterHub's selectors differs: its name or release."""
    if not step.has(_APP):
        return
    names = [rows.at(side.values[_APP], ("nameOverride",)) or _APP for side in step.sides]
    releases = [CHARTS[_APP].release_name(side.settings) for side in step.sides]
    namespace = step.after.environment.namespace
    for key, label, (was, now) in (
        ("nameOverride", "app", names),
        ("releaseName", "release", releases),
    ):
        if was == now:
            continue
        yield Weight.CUT.of(
            f"{key} {was} -> {now} is in labels that can't change: Kubernetes refuses the "
            "sync, and running servers lose the hub",
            before("keep the name, or let users stop their servers"),
            at_merge(
                "delete what has the old labels, so that Argo CD makes it again",
                f"kubectl -n {namespace} delete deployment,statefulset,daemonset"
                f"{',pdb' if label == 'release' else ''} -l {label}={was}",
            ),
        )
