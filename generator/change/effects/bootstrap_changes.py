"""What an administrator applied once has changed.

Argo CD does not sync the bootstrap folder: the roots and their project stay as they are until an
administrator applies it again, and those of a removed cluster stay until they are deleted. Another
branch or repository must be there, with the tree, before the roots read it. A root that has another
name in the newer tree goes on by its old one, until an administrator moves it.
"""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from generator import names
from generator.change import cleanup, root_name, tracking
from generator.change.prerequisites import bootstrap_check, bootstrap_commands
from generator.change.sides import ClusterStep
from generator.lint.consequences import Act, Consequences, Weight, after, before
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
            platform = step.before.get("project-platform.yaml")
            further = (platform["metadata"]["name"],) if platform else ()
            yield cleanup.lost_cluster(was[0], step.name, was[1], further)
        return
    # In another namespace is another Argo CD, which has nothing of the patch yet.
    patches = _PATCH in changed or (was is not None and was[1] != now[1])
    commands = bootstrap_commands(now[1], step.name)[not patches :]
    purpose = f"apply its bootstrap {'again ' if was else ''}as administrator"
    acts = tuple(after(purpose, command) for command in commands)
    if patches and was:
        check = bootstrap_check(now[1], step.after[_PATCH])
        acts += (after("this prints the fingerprint of the patch where it is applied", check),)
    if moved := _other_name(step):
        yield Weight.ACCESS.of(
            f"the root of cluster {step.name} is called {moved[1]}, no longer {moved[0]}: the "
            "deployed one goes on by its old name until you move it",
            *_source(step),
            *root_name.acts(step.site, step.site.clusters[step.name], moved[0]),
        )
    elif was not in (None, now):
        every = step.site.environments_of(step.name) if was[0] != now[0] else ()
        rename = tracking.renamed(*was, every)
        yield replace(rename, acts=rename.acts + acts)
    else:
        yield (Weight.ACCESS if was else Weight.NEW).of(
            f"the bootstrap of cluster {step.name} {'changes' if was else 'is new'}: Argo CD does "
            "not apply it by itself",
            *_source(step),
            *acts,
        )


def _source(step: ClusterStep) -> Iterator[Act]:
    """What must be there before the roots read another revision or repository."""
    was, now = (
        one["bootstrap/root.yaml"]["spec"]["source"] if one else {}
        for one in (step.before, step.after)
    )
    if not was or (was["repoURL"], was["targetRevision"]) == (
        now["repoURL"],
        now["targetRevision"],
    ):
        return
    address, revision = now["repoURL"], now["targetRevision"]
    if was["repoURL"] != address:
        yield before(
            f"give Argo CD access to {address}",
            f"argocd repo list | grep -F -e {quote(address)}",
        )
    yield before(
        f"push this tree to {revision} of {address}: Argo CD reads it as soon as the bootstrap is "
        "applied, and finds nothing where it is missing",
        f"git ls-remote --exit-code {quote(address)} {quote(revision)}",
    )


def _other_name(step: ClusterStep) -> tuple[str, str] | None:
    """The old and the new name of a root of the same site, where they differ."""
    if not step.before or _root(step.before) != _root(step.after):
        return None
    old, new = (
        objects["bootstrap/root.yaml"]["metadata"]["name"] for objects in (step.before, step.after)
    )
    return (old, new) if old != new else None


def _root(objects: Mapping[str, Any]) -> tuple[str, str] | None:
    """The site and the Argo CD namespace of a cluster's root; None without the cluster."""
    if not objects:
        return None
    metadata = objects["bootstrap/root.yaml"]["metadata"]
    return metadata["labels"][names.PART_OF_LABEL], metadata["namespace"]
