"""What every effect offers: a code, a page, and what it says of one environment's change."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Protocol

from generator.change.sides import ClusterStep, Step
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


# A weight in a few words, for the headline of an environment.
WORDS = {
    Weight.NOTE: "nobody notices",
    Weight.NEW: "nobody uses it yet",
    Weight.NEXT_START: "at the next start",
    Weight.RESTART: "restarts, users keep their servers",
    Weight.CUT: "users are cut off or signed out",
    Weight.ACCESS: "permissions or policies change",
    Weight.DATA: "data at stake",
}


@record(order=True)
class Effect:
    """What a change does; `acts` are what a person must do, none where nobody must.

    An act ends in the command for it, after a colon, where there is one. `before_merge` says that
    they must be done before the merge, not after it.
    """

    weight: Weight
    code: str
    message: str
    acts: tuple[str, ...] = ()
    before_merge: bool = False


class EffectRule(Protocol):
    """One file of this folder, about one environment at a time."""

    CODE: str

    def check(self, step: Step) -> Iterator[Effect]:
        """The effects of a change on one environment, that it comes or goes included."""


class ClusterEffectRule(Protocol):
    """One file of this folder, about one cluster's own objects."""

    CODE: str

    def check_cluster(self, step: ClusterStep) -> Iterator[Effect]:
        """The effects of a change on a cluster."""
