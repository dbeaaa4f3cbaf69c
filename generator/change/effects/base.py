"""What every effect offers: a code, its docstring as a page, and what it says of a step."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from generator.lint.consequences import Consequence

StepT = TypeVar("StepT", contravariant=True)


class EffectRule(Protocol[StepT]):
    """One file of this folder; it leaves the code of what it yields to whoever collects that."""

    CODE: str

    def check(self, step: StepT) -> Iterator[Consequence]:
        """What the change does to one environment, or to a cluster's own objects."""
