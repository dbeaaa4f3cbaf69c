"""One finding about a live cluster, and which of several is the first cause."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.diagnostics import Pointer, Severity
from generator.records import record, replace

_RANK = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}


@record
class Diagnosis:
    """What is wrong, where, and what to do.

    `about` is the kind of thing, `scope` the environment or cluster that it is in (empty for Argo
    CD). `follows` are the kinds that it follows from, where something is wrong with one of them
    too: it is then silent, and the cause `explains` it. `breaks` says that users can't work.
    """

    code: str
    severity: Severity
    message: str
    help: str
    where: str
    scope: str = ""
    cluster: str = ""
    subject: str = ""
    about: str = ""
    follows: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    at: Pointer = ()
    breaks: bool = False
    explains: tuple[str, ...] = ()

    @classmethod
    def of(cls, code: str, severity: Severity, message: str, help: str, **more: Any) -> "Diagnosis":
        """The diagnosis with its other fields."""
        return cls(code=code, severity=severity, message=message, help=help, **more)

    @property
    def rank(self) -> int:
        """2 for an error, 1 for a warning, 0 for an info."""
        return _RANK[self.severity]


def first_causes(found: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
    """The diagnoses without those that follow from another, each cause with what it explains.

    In the order of where and of severity. Only what is as serious can be a cause.
    """
    unique = tuple(dict.fromkeys(found))
    causes: dict[Diagnosis, list[Diagnosis]] = {one: [] for one in unique}
    kinds: dict[str, list[Diagnosis]] = {}
    for one in unique:
        kinds.setdefault(one.about, []).append(one)
    silent: dict[Diagnosis, Diagnosis] = {}
    for one in unique:
        if one.follows:
            cause = _cause(one, kinds)
            if cause is not one:
                silent[one] = cause
    for one, cause in silent.items():
        if cause not in silent:
            causes[cause].append(one)
    kept = [
        replace(one, explains=tuple(dict.fromkeys(each.message for each in causes[one])))
        if causes[one]
        else one
        for one in unique
        if one not in silent or silent[one] in silent
    ]
    return tuple(sorted(kept, key=lambda one: -one.rank))


def _cause(one: Diagnosis, kinds: Mapping[str, Sequence[Diagnosis]]) -> Diagnosis:
    """The first diagnosis that this one follows from, over others; itself where there is none."""
    seen, now = {one}, one
    while True:
        reasons = (other for kind in now.follows for other in kinds.get(kind, ()))
        # A kind that follows nothing else goes first.
        fitting = [
            other
            for other in reasons
            if other not in seen and other.rank >= one.rank and _is_near(now, other)
        ]
        if not fitting:
            return now
        now = min(fitting, key=lambda other: bool(other.follows))
        seen.add(now)


def _is_near(one: Diagnosis, other: Diagnosis) -> bool:
    """Whether both are of one environment, or one is of the other's cluster or of Argo CD."""
    if one.scope == other.scope or not other.scope or not one.scope:
        return True
    return other.scope == one.cluster or one.scope == other.cluster
