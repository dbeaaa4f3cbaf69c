"""An AppProject allows more than before.

The projects bound what a merge into this repository can do: from which repositories, in which
namespaces, with which kinds. Whoever may merge can use what is added here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from generator.change.sides import ClusterStep
from generator.lint.consequences import Consequences, Weight, before

_LISTS = {
    "sourceRepos": "repository",
    "destinations": "destination",
    "clusterResourceWhitelist": "cluster-wide kind",
    "namespaceResourceWhitelist": "kind",
}


def check(step: ClusterStep) -> Consequences:
    """One effect for each project that allows more, of a cluster that was there."""
    own = ("project.yaml", "project-namespaces.yaml", "project-platform.yaml")
    for path in (*own, "bootstrap/project.yaml"):
        old, new = step.before.get(path, {"spec": {}}), step.after.get(path)
        if not step.before or new is None:
            continue
        added = [
            _spelled(what, entry)
            for key, what in _LISTS.items()
            for entry in new["spec"].get(key, ())
            if not _is_allowed(entry, old["spec"].get(key, ()))
        ]
        if added:
            yield Weight.ACCESS.of(
                f"AppProject {new['metadata']['name']} allows more: {', '.join(added)}",
                before("check that this is intentional: whoever may merge here can use it"),
            )


def _is_allowed(entry: str | Mapping[str, Any], allowed: Sequence[Any]) -> bool:
    """Whether it was allowed before, maybe by an entry for every name of its kind."""
    if entry in allowed or isinstance(entry, str):
        return entry in allowed
    return "kind" in entry and {k: v for k, v in entry.items() if k != "name"} in allowed


def _spelled(what: str, entry: str | Mapping[str, Any]) -> str:
    if isinstance(entry, str):
        return f"{what} {entry}"
    if "namespace" in entry:
        return f"namespace {entry['namespace']} of {entry.get('server') or entry.get('name')}"
    return f"{what} {'/'.join(str(value) for value in entry.values() if value)}"
