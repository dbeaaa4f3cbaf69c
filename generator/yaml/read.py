"""YAML text -> plain data and the place of every key and value.

Reads the part of YAML that every reader understands alike, and says so of the rest: no aliases, no
tags, no second document, no key twice, no bare scalar that YAML 1.1 and 1.2 take for different
things. Memory and time are bounded whatever the text is; nothing recurses.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from generator.credentials import printable, shown
from generator.diagnostics import Diagnostic, Pointer, Report, Severity, Span
from generator.records import record
from generator.yaml.codes import MESSAGES, cure
from generator.yaml.places import Place, SourceMap, Spans, span_of
from generator.yaml.words import MAX_DIGITS, bare, is_not_text

# A fleet of 1,000 environments, each with overrides of its own, has 0.3 MB and 40,000 nodes.
MAX_BYTES = 2 * 2**20
MAX_NODES = 60_000
MAX_DEPTH = 64

_BYTE_ORDER_MARK = "\ufeff".encode()
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
# Not allowed in YAML text, or lost by a reader (U+0085): production 1 of YAML 1.2. Nothing of it is
# printable, so most texts need no search for it, nor the compiling of the set.
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
_DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%")
_PROPERTY = re.compile(r"[^\s,\[\]{}]+")
_CORE_TAGS = "tag:yaml.org,2002:"
# What no generated file can hold, not even escaped, for Kustomize fails on it. Nor is it printable.
_UNWRITABLE = "[\x7f-\x9f\ud800-\udfff\ufffe\uffff]"


@record
class Document:
    """What was read: the data (None when the text could not be read), its places, its mistakes."""

    data: Any
    places: SourceMap
    report: Report
    lines: tuple[str, ...] = ()

    def spelling(self, pointer: Pointer) -> str:
        """How a scalar is written in the text: a bare `1.30` is data's 1.3."""
        span = self.places.span(pointer)
        if span.line != span.end_line or span.line > len(self.lines):
            return ""
        return self.lines[span.line - 1][span.column - 1 : span.end_column - 1]


class _Refused(Exception):
    """A mistake after which the rest of the text has no sure meaning."""


class _Open:
    """A collection whose end is not read yet.

    `key` is the one whose value comes next, and `below` its pointer; `again` is its line where it
    was written before.
    """

    __slots__ = ("again", "below", "content", "is_map", "key", "pointer", "start")

    def __init__(self, pointer: Pointer, content: Any, start: Any, is_map: bool) -> None:
        self.pointer, self.content, self.start, self.is_map = pointer, content, start, is_map
        self.key: str | None = None
        self.below: Pointer = ()
        self.again = 0


class _Reading:
    """The state of one pass over the events of a text."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.keys: dict[Pointer, Place] = {}
        self.values: dict[Pointer, Place] = {}
        self.found: list[Diagnostic] = []
        self.stack: list[_Open] = []
        self.root: Any = None
        self.nodes = 0
        self.end = (1, 1)
        self.lines: tuple[str, ...] = ()

    def say(self, code: str, span: Span, **words: object) -> None:
        message, help = MESSAGES[code]
        self.found.append(
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message.format(**words),
                at=span,
                help=help.format(**words),
            )
        )

    @property
    def under(self) -> tuple[str, ...]:
        """The keys that the present place stands under."""
        return tuple(opened.key for opened in self.stack if opened.key is not None)

    def refuse(self, code: str, span: Span, **words: object) -> "_Refused":
        self.say(code, span, **words)
        return _Refused()

    def span(self, start: Any, end: Any) -> Span:
        """The place between two marks."""
        return span_of(self.file, self.between(start, end))

    def between(self, start: Any, end: Any) -> Place:
        """The place between two marks; a block of text ends with its last line."""
        if start.line == end.line < len(self.lines):
            self.end = start.line + 1, end.column + 1
            return start.line + 1, start.column + 1, *self.end
        line, column = self.place(start)
        end_line, end_column = self.place(end)
        while end_line > line and not self.lines[end_line - 1][: end_column - 1].strip():
            end_line -= 1
            end_column = len(self.lines[end_line - 1]) + 1
        self.end = end_line, end_column
        return line, column, end_line, end_column

    def is_over(self, mark: Any) -> bool:
        """Whether nothing but blanks and comments follows a mark."""
        line, column = self.place(mark)
        rest = (self.lines[line - 1][column - 1 :], *self.lines[line:])
        return all(text.strip().partition("#")[0] == "" for text in rest)

    def word(self, start: Any) -> Span:
        """The place of an anchor, or a tag: all up to a blank or a bracket."""
        line, column = self.place(start)
        found = _PROPERTY.match(self.lines[line - 1], column - 1)
        end = found.end() + 1 if found else column
        return Span(file=self.file, line=line, column=column, end_line=line, end_column=end)

    def place(self, mark: Any) -> tuple[int, int]:
        """Line and column of a mark; the parser's end of a text may lie on a line behind it."""
        if mark.line < len(self.lines):
            return mark.line + 1, mark.column + 1
        return len(self.lines), len(self.lines[-1]) + 1


def read(content: bytes, file: str) -> Document:
    """The one document of a YAML file. Never raises: what is wrong stands in the report."""
    reading = _Reading(file)
    try:
        text = _text(content, reading)
        reading.lines = tuple(_LINE_BREAK.split(text))
        _read_events(text, reading)
    except _Refused:
        return _document(reading, None)
    except yaml.MarkedYAMLError as error:
        _syntax_error(reading, error)
        return _document(reading, None)
    except yaml.YAMLError as error:
        reading.say("Y001", _first(reading.file), problem=_line_of(error), cure=cure(""))
        return _document(reading, None)
    return _document(reading, reading.root)


def _document(reading: _Reading, data: Any) -> Document:
    places = SourceMap(
        file=reading.file,
        keys=Spans(reading.file, reading.keys),
        values=Spans(reading.file, reading.values),
    )
    report = Report.of(reading.found)
    return Document(data=data, places=places, report=report, lines=reading.lines)


def _syntax_error(reading: _Reading, error: yaml.MarkedYAMLError) -> None:
    """Says what the YAML reader stumbled on, at the place where people mend it."""
    problem, context = _line_of(error.problem or error.context), str(error.context)
    # A quote or bracket that is never closed, and a key without a colon, are noticed far behind.
    is_late = "simple key" in context or ("quoted scalar" in context and "unexpected" in problem)
    marks = [error.problem_mark, error.context_mark]
    is_late |= "flow" in context and reading.is_over(error.problem_mark)
    mark = next(filter(None, reversed(marks) if is_late else marks), None)
    if mark is None:
        reading.say("Y001", _first(reading.file), problem=problem, cure=cure(""))
        return
    line, column = reading.place(mark)
    end = min(column, len(reading.lines[line - 1])) + 1
    span = Span(file=reading.file, line=line, column=column, end_line=line, end_column=end)
    if reading.lines[line - 1].startswith("\t", column - 1):
        reading.say("Y013", span)
    else:
        reading.say("Y001", span, problem=problem, cure=cure(f"{context} {problem}"))


def _line_of(problem: object) -> str:
    return printable(" ".join(str(problem).split()))


def _first(file: str) -> Span:
    return Span(file=file, line=1, column=1, end_line=1, end_column=1)


def _text(content: bytes, reading: _Reading) -> str:
    """The decoded text without a byte order mark."""
    if len(content) > MAX_BYTES:
        raise reading.refuse("Y012", _first(reading.file), limit=f"{MAX_BYTES:,} bytes")
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        place = _after(before, reading.file)
        raise reading.refuse("Y008", place, what="a byte that is not UTF-8") from None
    is_printable = text.replace("\n", "").isprintable()
    control = None if is_printable else re.search(_CONTROL, text)
    if control is not None:
        what = f"the control character U+{ord(control.group()):04X}"
        raise reading.refuse("Y008", _after(text[: control.start()], reading.file), what=what)
    directive = _DIRECTIVE.search(text)
    if directive is not None:
        raise reading.refuse("Y014", _after(text[: directive.start()], reading.file))
    if not text.strip():
        raise reading.refuse("Y009", _first(reading.file))
    return text


def _after(before: str, file: str) -> Span:
    """The place right behind a text."""
    lines = _LINE_BREAK.split(before)
    line, column = len(lines), len(lines[-1]) + 1
    return Span(file=file, line=line, column=column, end_line=line, end_column=column + 1)


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _read_events(text: str, reading: _Reading) -> None:
    documents = 0
    for event in _events(text):
        if isinstance(event, yaml.NodeEvent):
            _node(event, reading)
        elif isinstance(event, yaml.CollectionEndEvent):
            _close(event, reading)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise reading.refuse("Y005", reading.span(event.start_mark, event.end_mark))
    if reading.root is None and not reading.found:
        raise reading.refuse("Y009", _first(reading.file))


def _node(event: Any, reading: _Reading) -> None:
    """A scalar, or the start of a collection."""
    if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag is not None:
        raise _property(event, reading)
    place = reading.between(event.start_mark, event.end_mark)
    reading.nodes += 1
    if reading.nodes > MAX_NODES:
        span = span_of(reading.file, place)
        raise reading.refuse("Y012", span, limit=f"{MAX_NODES:,} keys and values")
    parent = reading.stack[-1] if reading.stack else None
    if parent is not None and parent.is_map and parent.key is None:
        _key(event, place, parent, reading)
        return
    pointer = _pointer(parent)
    reading.values[pointer] = place
    if isinstance(event, yaml.ScalarEvent):
        _put(_scalar(event, place, pointer, reading), parent, reading)
        return
    if len(reading.stack) >= MAX_DEPTH:
        raise reading.refuse("Y006", span_of(reading.file, place), depth=MAX_DEPTH)
    is_map = isinstance(event, yaml.MappingStartEvent)
    content: Any = {} if is_map else []
    _put(content, parent, reading)
    reading.stack.append(_Open(pointer, content, event.start_mark, is_map))


def _property(event: Any, reading: _Reading) -> _Refused:
    """An alias, an anchor or a tag."""
    if isinstance(event, yaml.AliasEvent):
        span = reading.span(event.start_mark, event.end_mark)
        return reading.refuse("Y003", span, name=f"*{shown(str(event.anchor), reading.under)}")
    span = reading.word(event.start_mark)
    if event.anchor:
        return reading.refuse("Y003", span, name=f"&{shown(event.anchor, reading.under)}")
    tag = shown(event.tag.replace(_CORE_TAGS, "!!", 1), reading.under)
    return reading.refuse("Y004", span, tag=tag)


def _key(event: Any, place: Place, parent: _Open, reading: _Reading) -> None:
    if not isinstance(event, yaml.ScalarEvent):
        raise reading.refuse("Y015", span_of(reading.file, place))
    key = event.value
    if event.style:
        _note_unwritable(key, place, reading)
    elif event.implicit[0] and is_not_text(key):
        reading.say("Y010", span_of(reading.file, place), key=shown(key))
    parent.key, parent.below = key, (*parent.pointer, key)
    if key in parent.content:
        first, *_ = reading.keys[parent.below]
        reading.say("Y002", span_of(reading.file, place), key=shown(key), line=first)
        parent.again = place[0]
    else:
        reading.keys[parent.below] = place


def _pointer(parent: _Open | None) -> Pointer:
    if parent is None:
        return ()
    pointer = parent.below if parent.is_map else (*parent.pointer, len(parent.content))
    # What stands under a key's repetition has a pointer of its own: it is no part of the data.
    return (*pointer, -parent.again) if parent.again else pointer


def _put(value: Any, parent: _Open | None, reading: _Reading) -> None:
    """Puts a value where it belongs; of a key written twice the first value stays."""
    if parent is None:
        reading.root = value
    elif parent.is_map:
        assert parent.key is not None
        parent.content.setdefault(parent.key, value)
        parent.key, parent.again = None, 0
    else:
        parent.content.append(value)


def _close(event: Any, reading: _Reading) -> None:
    opened = reading.stack.pop()
    is_block = event.start_mark.index == event.end_mark.index
    reading.values[opened.pointer] = (
        # The parser's end of a block lies behind the blanks and comments that follow it.
        (*reading.place(opened.start), *reading.end)
        if is_block
        else reading.between(opened.start, event.end_mark)
    )


def _note_unwritable(text: str, place: Place, reading: _Reading) -> None:
    """Says that an escape such as "\\x85" stands for a character that can't be written again.

    A scalar without quotes has no escapes, and the characters themselves are refused before.
    """
    found = None if text.isprintable() else re.search(_UNWRITABLE, text)
    if found is not None:
        what = f"the control character U+{ord(found.group()):04X}"
        reading.say("Y008", span_of(reading.file, place), what=what)


def _scalar(event: Any, place: Place, pointer: Pointer, reading: _Reading) -> Any:
    """A scalar's value: text, true, false, null, a whole or a decimal number."""
    text: str = event.value
    if event.style:
        _note_unwritable(text, place, reading)
        return text
    if not event.implicit[0]:
        return text
    value, code = bare(text)
    if code == "Y007":
        span = span_of(reading.file, place)
        reading.say(code, span, digits=len(text), limit=MAX_DIGITS)
    elif code:
        reading.say(code, span_of(reading.file, place), text=shown(text, pointer))
    return value
