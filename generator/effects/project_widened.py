"""An AppProject allows more than before.

The projects bound what a merge into this repository can do: from which repositories, in which
namespaces, with which kinds. Whoever may merge gains what is added here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.effects.base import Effect, Weight
from generator.situation import ClusterStep

CODE = "E017"

_LISTS = {
    "sourceRepos": "repository",
    "destinations": "destination",
    "clusterResourceWhitelist": "cluster-wide kind",
    "namespaceResourceWhitelist": "kind",
}


def check_cluster(step: ClusterStep) -> Iterator[Effect]:
    """One effect for each project of a cluster that was there and allows more."""
    for path in ("project.yaml", "bootstrap/project.yaml"):
        old, new = step.before.get(path), step.after.get(path)
        if old is None or new is None:
            continue
        added = [
            f"{what} {_spelled(entry)}"
            for key, what in _LISTS.items()
            for entry in new["spec"].get(key, ())
            if entry not in old["spec"].get(key, ())
        ]
        if added:
            name = new["metadata"]["name"]
            yield Effect(
                code=CODE,
                weight=Weight.ACCESS,
                message=f"AppProject {name} allows more: {', '.join(added)}",
                act="see that this is meant: whoever merges here may use it",
                before_merge=True,
            )


def _spelled(entry: str | Mapping[str, Any]) -> str:
    if isinstance(entry, str):
        return entry
    return "/".join(str(value) for value in entry.values() if value)
