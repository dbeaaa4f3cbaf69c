"""Findings of several files in each format that `--format` names."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from generator.diagnostics import Report
from generator.report import github, json_, sarif, text

# The lines of the files that excerpts may be shown of, by their paths.
Lines = Mapping[str, Sequence[str]]
Format = Callable[[Report, Lines, bool], str]


def _text(report: Report, lines: Lines, color: bool) -> str:
    by_file = groupby(report.diagnostics, key=lambda found: found.at.file)
    return "".join(
        text.findings(Report(diagnostics=tuple(found)), lines.get(file, ()), color=color)
        for file, found in by_file
    )


FORMATS: Mapping[str, Format] = {
    "github": lambda report, lines, color: github.findings(report, ()),
    "json": lambda report, lines, color: json_.findings(report, ()),
    "sarif": lambda report, lines, color: sarif.findings(report, ()),
    "text": _text,
}
