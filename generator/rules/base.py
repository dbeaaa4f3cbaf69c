"""What every rule offers: a code, a docstring that is its page, and `check`."""

from collections.abc import Iterator
from typing import Protocol

from generator.diagnostics import Finding
from generator.model import Site


class Rule(Protocol):
    """One file of this folder; `check` yields a Finding for each place that breaks the rule."""

    CODE: str

    def check(self, site: Site) -> Iterator[Finding]:
        """The findings, in any order; the same one may come up for several environments."""
