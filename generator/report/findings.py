"""Findings in each format that `--format` names."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from generator.diagnostics import Diagnostic, Report
from generator.report import text

# The lines of the files that excerpts may be shown of, by their paths.
Lines = Mapping[str, Sequence[str]]
Format = Callable[[Report, Lines, bool], str]


def _text(report: Report, lines: Lines, color: bool) -> str:
    by_file = groupby(report.diagnostics, key=lambda found: found.at.file)
    return "".join(
        text.findings(Report(diagnostics=tuple(found)), lines.get(file, ()), color=color)
        for file, found in by_file
    )


def _json(report: Report, lines: Lines, color: bool) -> str:
    """One object with a list; the lines of the file are not in it."""
    found = [_entry(diagnostic) for diagnostic in report.diagnostics]
    return json.dumps({"findings": found}, indent=2, ensure_ascii=False) + "\n"


def _entry(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "file": found.at.file,
        "line": found.at.line,
        "column": found.at.column,
        "help": found.help,
    }


FORMATS: Mapping[str, Format] = {"json": _json, "text": _text}
