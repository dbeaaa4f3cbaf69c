"""What checks share: their form, and words for people."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from generator.diagnostics import Severity
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import CLUSTER_ROOT, ROOT, App, Look

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Diagnoses = Iterator[Diagnosis]

# Kinds of things that an Application's objects depend on.
OF_HUB = ("hub pods", "claim", "hub secret", "ingress", "security", "quota")
OF_GATEWAY = ("gateway pods", "crds", "hub secret", "quota", "security")
OF_NAMESPACE = ("namespace", "sealed", "sealed controller", "project")
CHILDREN = ("namespace", "jupyterhub", "dask-gateway")
_DEPENDS = {
    CLUSTER_ROOT: (ROOT,),
    ROOT: CHILDREN,
    "namespace": OF_NAMESPACE,
    "jupyterhub": OF_HUB,
    "dask-gateway": OF_GATEWAY,
}


class ClusterCheck(Protocol):
    """One file of this folder."""

    CODE: str

    def check(self, look: Look) -> Diagnoses:
        """What is wrong, in any order."""


def depends(app: App) -> tuple[str, ...]:
    """The kinds of things that an Application fails with, or waits for, where they are wrong."""
    if app.role in (CLUSTER_ROOT, ROOT):
        below = (one for one in app.look.apps if one.root == app.name and one.role != ROOT)
        return (*_DEPENDS[app.role], *(one.role for one in below))
    return _DEPENDS.get(app.role) or earlier(app)


def earlier(app: App) -> tuple[str, ...]:
    """The roles of what its root syncs before an Application."""
    beside = (one for one in app.look.apps if one.root == app.root)
    return tuple(one.role for one in beside if one.wave < app.wave)


def listed(names: Iterable[str], most: int = 4) -> str:
    """Names in quotes, the first few of many."""
    every = sorted(set(names))
    shown = ", ".join(f"'{name}'" for name in every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def sentence(message: str, most: int = 300) -> str:
    """A message of another program on one line, shortened."""
    line = " ".join(message.split())
    return line if len(line) <= most else f"{line[:most].rstrip()}..."


def count(number: int, word: str) -> str:
    """A number with its noun."""
    return f"{number} {word}{'' if number == 1 else 's'}"
