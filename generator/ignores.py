"""Comments in site.yaml that silence a finding: `# hubops: ignore[L412] reason`.

A comment silences the findings of its codes on its own line, and nothing else. One that silences
nothing is said, so that none outlives its reason unseen.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.diagnostics import Diagnostic, Severity, Span
from generator.suggest import nearest
from generator.yaml_codes import MESSAGES
from generator.yaml_read import Document

# What can't be silenced: a text that is no clear YAML or not of the schema's shape, a cluster that
# is nowhere described or has no one address, a chart without a version that values can be made for,
# a null or an instruction to Kustomize among the values. No tree could be built, or a wrong one.
ALWAYS_SAID = ("Y", "S", "R201", "R209", "C301", "C302", "C307", "C310", "C311")

_COMMENT = re.compile(r"#\s*hubops:(?P<order>.*?)(?=#\s*hubops:|$)")
_ORDER = re.compile(r"\s*ignore\[(?P<codes>[^\]]*)\](?P<reason>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One comment: its place, the codes that it names, and what is wrong with it, if anything."""

    at: Span
    codes: tuple[str, ...]
    fault: str = ""

    def silences(self, found: Diagnostic) -> bool:
        """Whether a finding is what this comment speaks of."""
        return not self.fault and found.at.line == self.at.line and found.code in self.codes


def ignores(document: Document, known: Collection[str]) -> tuple[Ignore, ...]:
    """The comments of a text in order; `known` are all codes there are."""
    lines = [number for number, line in enumerate(document.lines, 1) if "hubops:" in line]
    if not lines:
        return ()
    scalars = _scalars(document, set(lines))
    found = []
    for number in lines:
        for match in _COMMENT.finditer(document.lines[number - 1]):
            if not any(first <= match.start() < last for first, last in scalars[number]):
                at = _span(document, number, match)
                found.append(_ignore(at, match["order"], known))
    return tuple(found)


def _scalars(document: Document, lines: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Where keys and texts stand in these lines, columns from 0: a `#` there begins no comment."""
    places: dict[int, list[tuple[int, int]]] = {line: [] for line in lines}
    for span in _texts(document):
        for line in range(span.line, span.end_line + 1):
            if line in places:
                first = span.column - 1 if line == span.line else 0
                last = span.end_column - 1 if line == span.end_line else 1 << 30
                places[line].append((first, last))
    return places


def _texts(document: Document) -> Iterator[Span]:
    yield from document.places.keys.values()
    holders = {pointer[:-1] for pointer in document.places.values if pointer}
    yield from (span for at, span in document.places.values.items() if at not in holders)


def _span(document: Document, line: int, match: re.Match[str]) -> Span:
    end = match.start() + len(match.group().rstrip()) + 1
    return Span(
        file=document.places.file,
        line=line,
        column=match.start() + 1,
        end_line=line,
        end_column=end,
    )


def _ignore(at: Span, order: str, known: Collection[str]) -> Ignore:
    match = _ORDER.fullmatch(order)
    if match is None:
        return Ignore(at=at, codes=(), fault="it does not read 'ignore[CODE] reason'")
    codes = tuple(code.strip() for code in match["codes"].split(","))
    return Ignore(at=at, codes=codes, fault=_fault(codes, match["reason"], known))


def _fault(codes: Sequence[str], reason: str, known: Collection[str]) -> str:
    for code in codes:
        if code not in known:
            near = nearest(code, known)
            return f"there is no code '{code[:20]}'" + (f"; did you mean '{near}'?" if near else "")
        if code.startswith(ALWAYS_SAID):
            return f"{code} can't be silenced: no right tree can be built while it is there"
    return "" if re.match(r"\s+\S", reason) else "it gives no reason"


def silenced(
    found: Iterable[Diagnostic], comments: Sequence[Ignore], judged: Collection[str]
) -> Iterator[Diagnostic]:
    """What is left to say: the findings that no comment silences, and the comments in vain.

    A code that is not among the `judged` was not looked for: its comment may well be needed.
    """
    used: set[tuple[Ignore, str]] = set()
    for one in found:
        by = [comment for comment in comments if comment.silences(one)]
        used.update((comment, one.code) for comment in by)
        if not by:
            yield one
    for comment in comments:
        if comment.fault:
            yield _said("Y017", comment.at, fault=comment.fault)
        for code in () if comment.fault else comment.codes:
            if (comment, code) not in used and code in judged:
                yield _said("Y016", comment.at, code=code)


def _said(number: str, at: Span, **words: str) -> Diagnostic:
    message, help = (text.format(**words) for text in MESSAGES[number])
    return Diagnostic(code=number, severity=Severity.WARNING, message=message, at=at, help=help)
