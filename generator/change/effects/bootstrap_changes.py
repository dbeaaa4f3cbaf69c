"""What an administrator applied once has changed.

Argo CD does not sync the bootstrap folder: the roots and their project stay as they are until an
administrator applies it again, and those of a removed cluster stay until they are deleted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator import names
from generator.change import cleanup
from generator.change.prerequisites import bootstrap_commands
from generator.change.sides import ClusterStep
from generator.lint.consequences import Consequence, Weight, after, consequence
from generator.records import replace

CODE = "E024"

_PATCH = "bootstrap/argocd-cm.patch.yaml"


def check(step: ClusterStep) -> Iterator[Consequence]:
    """One effect where the bootstrap of a cluster differs, is new, or is left behind."""
    changed = [path for path in step.objects if path.startswith("bootstrap/")]
    if changed and step.after:
        yield _changed(step, changed)
    elif changed:
        site, namespace = _root(step.before)
        yield cleanup.lost_cluster(site, step.name, namespace)


def _changed(step: ClusterStep, changed: list[str]) -> Consequence:
    site, namespace = _root(step.after)
    patch, apply = bootstrap_commands(namespace, step.name)
    commands = (patch, apply) if _PATCH in changed else (apply,)
    acts = tuple(after("as administrator", command) for command in commands)
    if step.before and _root(step.before) != (site, namespace):
        rename = cleanup.renamed(*_root(step.before))
        return replace(rename, acts=rename.acts + acts)
    return consequence(
        Weight.ACCESS if step.before else Weight.NEW,
        f"the bootstrap of cluster {step.name} {'changes' if step.before else 'is new'}: Argo CD "
        "does not apply it by itself",
        *acts,
    )


def _root(objects: Mapping[str, Any]) -> tuple[str, str]:
    """The site and the Argo CD namespace of a cluster's root."""
    metadata = objects["bootstrap/root.yaml"]["metadata"]
    return metadata["labels"][names.PART_OF_LABEL], metadata["namespace"]
