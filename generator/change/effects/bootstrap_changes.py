"""What an administrator applied once has changed.

Argo CD does not sync the bootstrap folder: the roots and their project stay as they are until an
administrator applies it again, and those of a removed cluster stay until they are deleted.
"""

from collections.abc import Mapping
from typing import Any

from generator import names
from generator.change import cleanup
from generator.change.prerequisites import bootstrap_check, bootstrap_commands
from generator.change.sides import ClusterStep
from generator.lint.consequences import Consequences, Weight, after
from generator.records import replace

_PATCH = "bootstrap/argocd-cm.patch.yaml"


def check(step: ClusterStep) -> Consequences:
    """One effect where the bootstrap of a cluster differs, is new, or is left behind."""
    changed = [path for path in step.objects if path.startswith("bootstrap/")]
    if not changed:
        return
    was, now = map(_root, (step.before, step.after))
    if now is None:
        if was is not None:
            yield cleanup.lost_cluster(was[0], step.name, was[1])
        return
    patches = _PATCH in changed
    commands = bootstrap_commands(now[1], step.name)[not patches :]
    purpose = f"apply its bootstrap {'again ' if was else ''}as administrator"
    acts = tuple(after(purpose, command) for command in commands)
    if patches and was:
        check = bootstrap_check(now[1], step.after[_PATCH])
        acts += (after("this prints the fingerprint of the patch where it is applied", check),)
    if was not in (None, now):
        rename = cleanup.renamed(*was)
        yield replace(rename, acts=rename.acts + acts)
    else:
        yield (Weight.ACCESS if was else Weight.NEW).of(
            f"the bootstrap of cluster {step.name} {'changes' if was else 'is new'}: Argo CD does "
            "not apply it by itself",
            *acts,
        )


def _root(objects: Mapping[str, Any]) -> tuple[str, str] | None:
    """The site and the Argo CD namespace of a cluster's root; None without the cluster."""
    if not objects:
        return None
    metadata = objects["bootstrap/root.yaml"]["metadata"]
    return metadata["labels"][names.PART_OF_LABEL], metadata["namespace"]
