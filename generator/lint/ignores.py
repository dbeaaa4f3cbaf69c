"""Comments in site.yaml that silence a finding: `# hubops: ignore[L405] reason`.

A comment silences the findings of its codes on its own line, and nothing else. One that silences
nothing is a finding, so that no comment outlives its reason unnoticed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from generator.credentials import shown
from generator.diagnostics import Diagnostic, Severity, Span
from generator.lint.pages import NEVER_SILENCED
from generator.records import record
from generator.suggest import nearest
from generator.yaml.messages import MESSAGES
from generator.yaml.read import Document

# What `validate` finds in rendered objects; its codes are known in `proof`.
_OF_VALIDATE = r"M9\d\d"

# Comments to hubops, also misspelt ones, which are reported. Both are compiled when first used:
# most sites silence nothing.
_COMMENT = r"#\s*(?P<order>(?:hubops:|(?i:hubops\s*:?\s*ignore)\s*\[).*?)(?=#\s*hubops:|$)"
_ORDER = r"hubops:\s*ignore\[(?P<codes>[^\]]*)\](?P<reason>.*)"
_FORM = "write  # hubops: ignore[CODE] and the reason, on the line of the finding"


@record
class Ignore:
    """One comment: its place, the codes that it names, and what is wrong with it, if anything.

    `cure` says what to do about the fault.
    """

    at: Span
    codes: tuple[str, ...]
    fault: str = ""
    cure: str = ""

    def silences(self, finding: Diagnostic) -> bool:
        """Whether this comment is about a finding."""
        return not self.fault and finding.at.line == self.at.line and finding.code in self.codes


def ignores(document: Document, known: Callable[[], Collection[str]]) -> tuple[Ignore, ...]:
    """The comments of a text in order; `known`, asked where there are any, gives all codes."""
    lines = [
        number
        for number, line in enumerate(document.lines, 1)
        if "hubops" in line.casefold() and re.search(_COMMENT, line)
    ]
    if not lines:
        return ()
    scalars = _scalars(document, set(lines))
    return tuple(
        _ignore(document.places.file, number, match, known())
        for number in lines
        for match in re.finditer(_COMMENT, document.lines[number - 1])
        if not any(first <= match.start() < last for first, last in scalars[number])
    )


def _scalars(document: Document, lines: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Where keys and texts are in these lines, columns from 0: a `#` there begins no comment."""
    places: dict[int, list[tuple[int, int]]] = {line: [] for line in lines}
    for span in _texts(document):
        # A comment may follow the sign that begins a block of text.
        is_block = _begins(document, span) in ("|", ">")
        for line in range(span.line + is_block, span.end_line + 1):
            if line in places:
                first = span.column - 1 if line == span.line else 0
                last = span.end_column - 1 if line == span.end_line else 1 << 30
                places[line].append((first, last))
    return places


def _texts(document: Document) -> Iterator[Span]:
    """The keys, and the values that are not a map or a list."""
    yield from document.places.keys.values()
    # Below a key's repetition, whose pointer ends in a negative number, there is no data.
    values = document.places.values.items()
    holders = {at[:-1] for at, _ in values if at and not (isinstance(at[-1], int) and at[-1] < 0)}
    for at, span in values:
        if at not in holders and _begins(document, span) not in ("{", "["):
            yield span


def _begins(document: Document, span: Span) -> str:
    return document.lines[span.line - 1][span.column - 1 : span.column]


def _ignore(file: str, line: int, comment: re.Match[str], known: Collection[str]) -> Ignore:
    end = comment.start() + len(comment.group().rstrip()) + 1
    at = Span(file=file, line=line, column=comment.start() + 1, end_line=line, end_column=end)
    match = re.fullmatch(_ORDER, comment["order"])
    if match is None:
        fault = "it does not read 'hubops: ignore[CODE] reason'"
        return Ignore(at=at, codes=(), fault=fault, cure=_FORM)
    codes = tuple(code.strip() for code in match["codes"].split(","))
    fault, cure = _fault(codes, match["reason"], known)
    return Ignore(at=at, codes=codes, fault=fault, cure=cure)


def _fault(codes: Sequence[str], reason: str, known: Collection[str]) -> tuple[str, str]:
    """What is wrong with a comment and what to do; both empty where nothing is."""
    for code in codes:
        if not code:
            return "it names no code", _FORM
        if code not in known and not re.fullmatch(_OF_VALIDATE, code):
            near = nearest(code, known)
            return f"there is no code '{shown(code)}'", f"did you mean '{near}'?" if near else _FORM
        if code.startswith(NEVER_SILENCED):
            return f"{code} can't be silenced", f"remove it and fix what {code} is about"
    if not re.match(r"\s+\S", reason):
        return "it gives no reason", f"write one:  # hubops: ignore[{', '.join(codes)}] the reason"
    return "", ""


def silenced(
    diagnostics: Iterable[Diagnostic], comments: Sequence[Ignore], judged: Collection[str]
) -> Iterator[Diagnostic]:
    """What is left: the findings that no comment silences, and the comments that silence nothing.

    A code that is not among the `judged` was not checked: its comment may be needed.
    """
    used: set[tuple[Ignore, str]] = set()
    for diagnostic in diagnostics:
        by = [comment for comment in comments if comment.silences(diagnostic)]
        used.update((comment, diagnostic.code) for comment in by)
        if not by:
            yield diagnostic
    for comment in comments:
        if comment.fault:
            yield _warning("Y017", comment.at, fault=comment.fault, cure=comment.cure)
        for code in () if comment.fault else comment.codes:
            if (comment, code) not in used and code in judged:
                yield _warning("Y016", comment.at, code=code)


def _warning(number: str, at: Span, **words: str) -> Diagnostic:
    message, help = (text.format(**words) for text in MESSAGES[number])
    return Diagnostic(code=number, severity=Severity.WARNING, message=message, at=at, help=help)
