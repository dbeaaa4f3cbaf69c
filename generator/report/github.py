"""Findings for github."""

from collections.abc import Sequence

from generator.diagnostics import Report


def findings(report: Report, lines: Sequence[str], *, color: bool = False) -> str:
    """The findings."""
    raise NotImplementedError
