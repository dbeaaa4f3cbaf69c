"""Findings in each format that `--format` names."""

import json
from collections.abc import Callable, Mapping, Sequence

from generator.diagnostics import Diagnostic, Report
from generator.report import text

Format = Callable[[Report, Sequence[str], bool], str]


def _text(report: Report, lines: Sequence[str], color: bool) -> str:
    return text.findings(report, lines, color=color)


def _json(report: Report, lines: Sequence[str], color: bool) -> str:
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
