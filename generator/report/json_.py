"""Findings as one JSON document, for programs; docs/lint-formats.md says what it promises."""

import json

from generator.credentials import disarmed, printable
from generator.diagnostics import Diagnostic, Report, Severity
from generator.lint.pages import address

# Grows when a key goes away or changes its meaning; a new key leaves it as it is.
VERSION = 1


def findings(report: Report, lines: object, *, color: bool = False) -> str:
    """The document, in ASCII; no line of the file is in it, for one may hold a credential."""
    document = {
        "version": VERSION,
        "findings": list(map(finding, report.diagnostics)),
        "counts": {severity.value: report.count(severity) for severity in Severity},
    }
    return written(document)


def written(document: object) -> str:
    """JSON in ASCII, in which a workflow's log finds nothing to obey (`##[`)."""
    return disarmed(json.dumps(document, indent=2), "\\u005b") + "\n"


def finding(found: Diagnostic) -> dict[str, str | int]:
    """One finding as JSON values."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": printable(found.message),
        "help": printable(found.help),
        "page": address(found.code),
        "file": found.at.file,
        "line": found.at.line,
        "column": found.at.column,
        "endLine": found.at.end_line,
        "endColumn": found.at.end_column,
    }
