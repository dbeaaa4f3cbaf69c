"""The forms in which findings are printed: one format, one line."""

from collections.abc import Mapping
from typing import Protocol

from generator.diagnostics import Report
from generator.report import github, json_, sarif, text


class Format(Protocol):
    """A report and the lines of its files -> what is printed."""

    def __call__(self, report: Report, lines: text.FileLines, *, color: bool = False) -> str:
        """The whole output, with line ends; only text has colors."""


FORMATS: Mapping[str, Format] = {
    "text": text.findings,
    "json": json_.findings,
    "github": github.findings,
    "sarif": sarif.findings,
}
