"""Findings, changes and to-dos as text for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from generator.build.tree import ChangeKind, Changes
from generator.credentials import MASK, Part, joined, printable, secret_parts, starred
from generator.diagnostics import Diagnostic, Report, Severity, Span
from generator.records import record

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WIDTH = 100
# The codes of a text that can't be trusted to be worth showing.
_UNREADABLE = "Y"

# The lines of the file that findings are in, or of several files by their paths.
FileLines = Sequence[str] | Mapping[str, Sequence[str]]


def findings(report: Report, lines: FileLines, *, color: bool = False) -> str:
    """Every finding with its line of the file, a caret, and what to do."""
    if isinstance(lines, Mapping):
        by_file = groupby(report.diagnostics, key=lambda diagnostic: diagnostic.at.file)
        return "".join(
            findings(Report(diagnostics=tuple(group)), lines.get(file, ()), color=color)
            for file, group in by_file
        )
    excerpts = _excerpts(report, lines)
    return "".join(_finding(found, excerpts, color=color) for found in report.diagnostics)


def _finding(found: Diagnostic, excerpts: Mapping[int, "_Line"], *, color: bool) -> str:
    from generator.lint.pages import link  # most runs have nothing to say

    place = f"{printable(found.at.file)}:{found.at.line}:{found.at.column}"
    label = f"{found.severity}[{found.code}]"
    if color:
        label = f"\x1b[{_COLORS[found.severity]}m{label}\x1b[0m"
    head = f"{place}: {label}: {printable(found.message)}"
    help = f"{printable(found.help)}  {link(found.code)}"
    if found.code.startswith(_UNREADABLE):
        return f"{head}; {help}\n"
    return f"{head}\n{_excerpt(found.at, excerpts)}  help: {help}\n"


@record
class _Line:
    """A line as it may be shown, and the parts of the written one that stars replace."""

    shown: str
    hidden: tuple[Part, ...]
    length: int

    def column(self, written: int, *, is_end: bool = False) -> int:
        """Where a column of the written line is in the shown one, both counted from 0."""
        shift = 0
        for first, last in self.hidden:
            if written >= last:
                shift += len(MASK) - (last - first)
            elif written > first:
                return first + shift + (len(MASK) if is_end else 0)
        return written + shift


def _excerpts(report: Report, lines: Sequence[str]) -> dict[int, _Line]:
    """The lines that have findings, each masked once."""
    secrets: dict[int, list[Part]] = {}
    for at in (found.at for found in report.diagnostics if found.conceals):
        for number in range(at.line, min(at.end_line, len(lines)) + 1):
            first = at.column - 1 if at.line == number else 0
            last = at.end_column - 1 if at.end_line == number else len(lines[number - 1])
            secrets.setdefault(number, []).append((first, last))
    readable = (each for each in report.diagnostics if not each.code.startswith(_UNREADABLE))
    return {
        number: _line(lines[number - 1], secrets.get(number, []))
        for number in {found.at.line for found in readable}
        if 0 < number <= len(lines)
    }


def _line(written: str, secrets: Sequence[Part]) -> _Line:
    hidden = joined([*secret_parts(written), *secrets])
    shown = starred(written, hidden)
    if printable(shown) != shown:  # each becomes one sign: columns stay
        shown = "".join(c if printable(c) == c else " " if c == "\t" else "\ufffd" for c in shown)
        shown = shown.replace("##[", "##\ufffd").replace("##vso[", "##vso\ufffd")
    return _Line(shown=shown, hidden=hidden, length=len(written.rstrip()))


def _excerpt(at: Span, excerpts: Mapping[int, _Line]) -> str:
    """The place's line and a caret under it, in a window where the line is long."""
    line = excerpts.get(at.line)
    if line is None:
        return ""
    start = line.column(at.column - 1)
    end = line.column(at.end_column - 1 if at.end_line == at.line else line.length, is_end=True)
    window = max(0, min(start - _WIDTH // 4, len(line.shown) - _WIDTH))
    shown = line.shown[window : window + _WIDTH]
    lead = _columns(shown[: start - window])
    carets = max(1, _columns(shown[start - window : max(start, end) - window]))
    number = f"{at.line:>5}"
    return f"{number} | {shown}\n{' ' * len(number)} | {' ' * lead}{'^' * carets}\n"


def _columns(text: str) -> int:
    """How wide a terminal shows a text: wide characters take two columns, combining ones none."""
    from unicodedata import category, east_asian_width  # only a line that is shown needs them

    seen = (character for character in text if category(character) not in ("Mn", "Me"))
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in seen)


def count(report: Report, clean: str, again: str) -> str:
    """The last line: how many of each, and the next command."""
    numbers = {severity: report.count(severity) for severity in Severity}
    found = ", ".join(
        f"{number} {severity}{'' if number == 1 or severity is Severity.INFO else 's'}"
        for severity, number in numbers.items()
        if number
    )
    if not found:
        return clean
    return f"{found}; {again}" if report.has_errors else f"{found}; {clean}"


def changes(changes: Changes) -> str:
    """One line a changed file and the sums."""
    listed = "".join(f"{change.kind:<9} {printable(change.path)}\n" for change in changes.changes)
    sums = [f"{len(changes.of(kind))} {kind}" for kind in ChangeKind]
    return f"{listed}{', '.join(sums)}, {changes.unchanged} unchanged\n"


def sections(title: str, items: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A titled list, each item a headline with lines below it; empty when there are no items."""
    text = "".join(
        f"\n- {printable(headline)}\n" + "".join(f"    {printable(line)}\n" for line in lines)
        for headline, lines in items
    )
    return f"\n{title}\n{text}" if text else ""
