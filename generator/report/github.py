"""Findings as workflow commands: GitHub shows each at its line of a pull request, and in the log.

The log keeps only the message of a command, so the message names its place and code again.
"""

from collections.abc import Mapping

from generator.credentials import printable
from generator.diagnostics import Diagnostic, Report, Severity
from generator.lint.pages import address

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


def findings(report: Report, lines: object, *, color: bool = False) -> str:
    """One command a finding, each on a separate line."""
    return "".join(map(_command, report.diagnostics))


def _command(found: Diagnostic) -> str:
    properties = ",".join(
        f"{name}={_escaped(str(value), _IN_PROPERTY)}" for name, value in _place(found).items()
    )
    place = f"{printable(found.at.file)}:{found.at.line}:{found.at.column}"
    head = f"{place}: {found.severity}[{found.code}]: {printable(found.message)}"
    message = f"{head}\nhelp: {printable(found.help)}\n{address(found.code)}"
    return f"::{_COMMANDS[found.severity]} {properties}::{_escaped(message, _IN_MESSAGE)}\n"


def _place(found: Diagnostic) -> dict[str, str | int]:
    """Where GitHub puts it: of a place with several lines, its beginning."""
    at = found.at
    place: dict[str, str | int] = {"file": printable(at.file), "line": at.line, "col": at.column}
    if at.end_line == at.line:
        place |= {"endLine": at.end_line, "endColumn": at.end_column}
    return place | {"title": f"hubops {found.code}"}


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(character, character) for character in text)
