"""Findings, changes and to-dos as text for a terminal."""

import unicodedata
from collections.abc import Iterable, Sequence

from generator.diagnostics import Diagnostic, Report, Severity
from generator.secrecy import masked
from generator.tree import ChangeKind, Changes

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WIDTH = 100


def findings(report: Report, lines: Sequence[str], *, color: bool = False) -> str:
    """Every finding with its line of the file, a caret, and what to do."""
    return "".join(_finding(found, lines, color=color) for found in report.diagnostics)


def _finding(found: Diagnostic, lines: Sequence[str], *, color: bool) -> str:
    place = f"{found.at.file}:{found.at.line}:{found.at.column}"
    label = _painted(f"{found.severity}[{found.code}]", _COLORS[found.severity], color=color)
    head = f"{place}: {label}: {found.message}"
    if found.code.startswith("Y"):  # the text can't be trusted to be worth showing
        return f"{head}; {found.help}\n"
    return f"{head}\n{_excerpt(found, lines)}  help: {found.help}\n"


def _painted(text: str, code: str, *, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def _excerpt(found: Diagnostic, lines: Sequence[str]) -> str:
    """The finding's line and a caret under it; a credential in the line is masked."""
    if not 0 < found.at.line <= len(lines):
        return ""
    line = lines[found.at.line - 1]
    end = found.at.end_column if found.at.end_line == found.at.line else len(line.rstrip()) + 1
    start = found.at.column - 1
    shown = masked(line)
    if shown != line:
        end = min(end, len(shown) + 1)
        start = min(start, len(shown))
    if len(shown) > _WIDTH:
        offset = max(0, min(start - _WIDTH // 4, len(shown) - _WIDTH))
        shown, start, end = shown[offset : offset + _WIDTH], start - offset, end - offset
    shown = shown.replace("\t", " ")
    lead = _columns(shown[:start])
    carets = max(1, _columns(shown[start : max(start, min(end, _WIDTH + 1) - 1)]))
    number = f"{found.at.line:>5}"
    return f"{number} | {shown}\n{' ' * len(number)} | {' ' * lead}{'^' * carets}\n"


def _columns(text: str) -> int:
    """How wide a terminal shows a text: wide characters take two columns, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def count(report: Report, clean: str, again: str) -> str:
    """The last line: how many of each, and the next command."""
    parts = [_counted(report.count(severity), severity) for severity in Severity]
    found = ", ".join(part for part in parts if part)
    if not found:
        return clean
    return f"{found}; {again}" if report.has_errors else f"{found}; {clean}"


def _counted(number: int, severity: Severity) -> str:
    plural = "" if number == 1 or severity is Severity.INFO else "s"
    return f"{number} {severity}{plural}" if number else ""


def changes(changes: Changes) -> str:
    """One line a changed file and the sums."""
    listed = "".join(f"{change.kind:<9} {change.path}\n" for change in changes.changes)
    sums = [f"{len(changes.of(kind))} {kind}" for kind in ChangeKind]
    return f"{listed}{', '.join(sums)}, {changes.unchanged} unchanged\n"


def sections(title: str, items: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A titled list, each item a headline with lines below it; empty when there are no items."""
    text = "".join(
        f"\n- {headline}\n" + "".join(f"    {line}\n" for line in lines)
        for headline, lines in items
    )
    return f"\n{title}\n{text}" if text else ""
