"""Which Applications of a tree are from or for another place than those of another. Pure."""

from collections.abc import Iterator
from typing import Any

from generator.proof.rendering import Rendering, Resource, identity, part

# Of a source: where it is. A chart's version is no place, the revision of a repository is.
_CHART = ("repoURL", "chart")
_FOLDER = ("repoURL", "path", "targetRevision")


def diverted(intended: Rendering, present: Rendering) -> tuple[str, ...]:
    """The Applications and AppProjects of the present tree with another aim than intended."""
    aims = dict(_aims(intended))
    changed = [known for known, aim in _aims(present) if aims.get(known) != aim]
    return tuple(dict.fromkeys(name for _, name in changed))


def _aims(rendering: Rendering) -> Iterator[tuple[tuple[str, str], Any]]:
    """Each of them by its folder and name."""
    for folder in rendering.folders:
        for resource in folder.objects:
            if resource.get("kind") in ("Application", "AppProject"):
                yield (folder.path, str(identity(resource, ""))), _aim(resource)


def _aim(resource: Resource) -> Any:
    spec = part(resource, "spec")
    if resource.get("kind") == "AppProject":
        return {key: value for key, value in spec.items() if key != "description"}
    source = part(spec, "source")
    return (
        part(resource, "metadata").get("namespace"),
        spec.get("project"),
        spec.get("destination"),
        spec.get("sources"),
        [source.get(key) for key in (_CHART if source.get("chart") else _FOLDER)],
        part(source, "helm").get("releaseName"),
    )
