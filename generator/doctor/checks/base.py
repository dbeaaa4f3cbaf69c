"""What checks share: their form, and words for people."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from generator.diagnostics import Severity
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import Look

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Diagnoses = Iterator[Diagnosis]

# Kinds of things that an Application's objects depend on.
OF_HUB = ("hub pods", "claim", "hub secret", "ingress", "security", "quota")
OF_GATEWAY = ("gateway pods", "crds", "hub secret", "quota", "security")
OF_NAMESPACE = ("namespace", "sealed", "sealed controller", "project")
CHILDREN = ("namespace", "jupyterhub", "dask-gateway")


class ClusterCheck(Protocol):
    """One file of this folder."""

    CODE: str

    def check(self, look: Look) -> Diagnoses:
        """What is wrong, in any order."""


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
