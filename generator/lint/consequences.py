"""What a change does to running people and data: one record, whoever judges it or shows it. Pure.

Lint shows those that can't be undone as findings, `diff` shows all of them as effects, `bump` and
`promote` refuse what lint refuses, and `generate` lists what a person must do.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum
from itertools import groupby

from generator.diagnostics import Pointer
from generator.records import record


class Weight(IntEnum):
    """How much a change weighs on running people and their data; the heaviest comes last."""

    NOTE = 0
    NEW = 1
    NEXT_START = 2
    RESTART = 3
    CUT = 4
    ACCESS = 5
    DATA = 6

    def of(self, sentence: str, *acts: "Act") -> "Consequence":
        """A consequence; whoever collects those of a rule or an effect adds its code."""
        return Consequence(weight=self, sentence=sentence, acts=acts)


# A weight in a few words, for the headline of an environment.
WORDS = {
    Weight.NOTE: "no one notices",
    Weight.NEW: "not in use yet",
    Weight.NEXT_START: "at the next start",
    Weight.RESTART: "restarts, users keep their servers",
    Weight.CUT: "users are cut off or signed out",
    Weight.ACCESS: "permissions or policies change",
    Weight.DATA: "data at stake",
}


class When(StrEnum):
    """When a person must act."""

    BEFORE = "before the merge"
    AT = "at the merge"
    AFTER = "after the merge"


@record
class Act:
    """What a person must do, and the command for it where there is one.

    `cluster` is the one that the command is for, empty for that of the environment as it will be.
    """

    purpose: str
    command: str = ""
    when: When = When.AFTER
    cluster: str = ""

    @property
    def deletes(self) -> bool:
        """Whether the command deletes something."""
        return bool(re.search(r"\b(delete|confirm-deletion)\b", self.command))

    @property
    def text(self) -> str:
        """Both on one line."""
        return ": ".join(filter(None, (self.purpose, self.command)))


def before(purpose: str, command: str = "") -> Act:
    """An act before the merge."""
    return Act(purpose=purpose, command=command, when=When.BEFORE)


def at_merge(purpose: str, command: str = "") -> Act:
    """An act while Argo CD applies the merge."""
    return Act(purpose=purpose, command=command, when=When.AT)


def after(purpose: str, command: str = "", cluster: str = "") -> Act:
    """An act after the merge."""
    return Act(purpose=purpose, command=command, cluster=cluster)


@record
class Consequence:
    """What a change does, in one sentence; `acts` are what a person must do, in order.

    `code` is that of the rule or the effect that says it. `at` is the place in site.yaml, ()
    where it follows from several. Of one that is not sure, only a person can see whether it comes:
    lint warns.
    """

    weight: Weight
    sentence: str
    acts: tuple[Act, ...] = ()
    code: str = ""
    at: Pointer = ()
    is_sure: bool = True


Consequences = Iterator[Consequence]


@record
class Task:
    """Acts that follow each other for the same purpose, as one; the commands ready to copy."""

    purpose: str
    commands: tuple[str, ...]
    when: When


# A headline and the lines below it; a command is indented by two, ready to copy.
Item = tuple[str, tuple[str, ...]]


def tasks(acts: Iterable[Act]) -> tuple[Task, ...]:
    """The acts in their order, those for the same purpose as one."""
    groups = groupby(acts, key=lambda act: (act.purpose, act.when, bool(act.command)))
    return tuple(
        Task(
            purpose=purpose, when=when, commands=tuple(act.command for act in group if act.command)
        )
        for (purpose, when, _), group in groups
    )


def lines(acts: Iterable[Act]) -> tuple[str, ...]:
    """The acts as lines for a person: what to do, and below it the commands, indented by two."""
    listed: list[str] = []
    for task in tasks(acts):
        listed.append(f"{task.purpose}{':' if task.commands else ''}")
        listed += (f"  {command}" for command in task.commands)
    return tuple(listed)
