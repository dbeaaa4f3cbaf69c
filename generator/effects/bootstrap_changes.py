"""What an administrator applied once has changed.

Argo CD does not sync the bootstrap folder: the roots and their project stay as they are until it is
applied again.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.situation import ClusterStep

CODE = "E024"


def check_cluster(step: ClusterStep) -> Iterator[Effect]:
    """One effect where the bootstrap of a cluster differs, or is new."""
    changed = [path for path in step.objects if path.startswith("bootstrap/")]
    if not changed or not step.after:
        return
    act = [f"kubectl apply -k clusters/{step.name}/bootstrap"]
    if "bootstrap/argocd-cm.patch.yaml" in changed:
        act.insert(
            0,
            "kubectl patch configmap argocd-cm -n "
            f"{step.after['bootstrap/root.yaml']['metadata']['namespace']} --type merge "
            f"--patch-file clusters/{step.name}/bootstrap/argocd-cm.patch.yaml",
        )
    what = "is new" if not step.before else "changes"
    yield Effect(
        code=CODE,
        weight=Weight.ACCESS if step.before else Weight.NOTE,
        message=f"the bootstrap of cluster {step.name} {what}: Argo CD does not apply it by itself",
        act=f"after the merge, as administrator: {' && '.join(act)}",
    )
