"""What an administrator applied once has changed.

Argo CD does not sync the bootstrap folder: the roots and their project stay as they are until it is
applied again, and those of a cluster that is removed until somebody deletes them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator import names
from generator.change import cleanup
from generator.change.effects.base import Effect, Weight
from generator.change.sides import ClusterStep

CODE = "E024"


def check_cluster(step: ClusterStep) -> Iterator[Effect]:
    """One effect where the bootstrap of a cluster differs, is new, or is left behind."""
    changed = [path for path in step.objects if path.startswith("bootstrap/")]
    if changed and step.after:
        yield _changed(step, changed)
    elif changed:
        yield _left(step)


def _changed(step: ClusterStep, changed: list[str]) -> Effect:
    commands = [f"kubectl apply -k clusters/{step.name}/bootstrap"]
    if "bootstrap/argocd-cm.patch.yaml" in changed:
        commands.insert(
            0,
            "kubectl patch configmap argocd-cm -n "
            f"{step.after['bootstrap/root.yaml']['metadata']['namespace']} --type merge "
            f"--patch-file clusters/{step.name}/bootstrap/argocd-cm.patch.yaml",
        )
    what = "is new" if not step.before else "changes"
    if step.before and _root(step.before) != _root(step.after):
        return _renamed(step, commands)
    return Effect(
        code=CODE,
        weight=Weight.ACCESS if step.before else Weight.NEW,
        message=f"the bootstrap of cluster {step.name} {what}: Argo CD does not apply it by itself",
        acts=tuple(f"as administrator: {command}" for command in commands),
    )


def _root(objects: Mapping[str, Any]) -> tuple[str, str]:
    metadata = objects["bootstrap/root.yaml"]["metadata"]
    return metadata["namespace"], metadata["labels"][names.PART_OF_LABEL]


def _renamed(step: ClusterStep, commands: list[str]) -> Effect:
    (old_namespace, old_site), (namespace, site) = _root(step.before), _root(step.after)
    label = f"-n {old_namespace} -l {names.PART_OF_LABEL}={old_site}"
    let_go = "let go of the old Applications, the pods keep running"
    return Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"Argo CD gets every Application of cluster {step.name} a second time, as those of "
        f"{site} in namespace {namespace}; the old ones, of {old_site} in {old_namespace}, hold "
        "the same objects until they are gone",
        acts=(
            f"{let_go}: kubectl delete application {label}",
            f"{let_go}: kubectl delete appproject {label}",
            *(f"then, as administrator: {command}" for command in commands),
        ),
    )


def _left(step: ClusterStep) -> Effect:
    root = step.before["bootstrap/root.yaml"]["metadata"]
    site = root["labels"][names.PART_OF_LABEL]
    headline, lines = cleanup.lost_cluster(site, step.name, root["namespace"])
    return Effect(code=CODE, weight=Weight.NOTE, message=headline, acts=tuple(cleanup.acts(lines)))
