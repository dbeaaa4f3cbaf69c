"""YAML text -> plain data and the place of every key and value.

Reads the part of YAML that every reader understands alike, and says so of the rest: no aliases, no
tags, no second document, no key twice, no bare scalar that YAML 1.1 and 1.2 read as different
things. Memory and time are bounded whatever the text is; nothing recurses.
"""

import re
from functools import lru_cache
from typing import Any

import yaml

from generator.credentials import printable, shown
from generator.diagnostics import Diagnostic, Pointer, Report, Severity
from generator.records import record
from generator.yaml.events import Open, Walk, events
from generator.yaml.messages import MESSAGES, cure
from generator.yaml.places import Extent, Marks, SourceMap, Spans, span_of
from generator.yaml.write import OTHER_MEANING, UNWRITABLE

# A fleet of 1,000 environments, each with its own overrides, has 0.3 MB and 40,000 nodes.
MAX_BYTES = 2 * 2**20
MAX_NODES = 60_000
MAX_DEPTH = 64
MAX_DIGITS = 18

_WORDS: dict[str, Any] = {
    spelled: value
    for word, value in {"true": True, "false": False, "null": None, "~": None, "": None}.items()
    for spelled in (word, word.title(), word.upper())
}
# Bare scalars that YAML 1.1 or 1.2 readers (PyYAML, Go's yaml, the editors') disagree about: words,
# and what begins like a number.
_AMBIGUOUS_WORDS = OTHER_MEANING | {"<<", "="}
_NUMERIC = frozenset("+-.0123456789")
_AMBIGUOUS = (  # in small letters
    r"(?a)[-+]?(\.?(inf|nan)|0[box][\da-f_]+|\.\d[\d_]*(e[-+]?\d+)?"
    r"|\d[\d_]*((\.[\d_]*)?(e[-+]?\d+)?|(:[0-5]?\d)+(\.[\d_]*)?))"
    r"|\d{4}-\d\d?-\d\d?([t \t].*)?"
)

_BYTE_ORDER_MARK = "\ufeff".encode()
# Not allowed in YAML text, or lost by a reader (U+0085): production 1 of YAML 1.2. Nothing of it is
# printable, so most texts need no search for it, nor the compiling of the set.
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
_DIRECTIVE = r"(?:\A|(?<=[\r\n]))%"
_FIRST: Extent = (1, 1, 1, 1)
_CORE_TAGS = "tag:yaml.org,2002:"


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


@lru_cache(maxsize=4096)  # a fleet says the same few words again and again
def _bare(text: str) -> tuple[Any, str]:
    """The value of a scalar without quotes, and the code of what is wrong with it, if anything."""
    if text in _WORDS:
        return _WORDS[text], ""
    whole, has_fraction, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    is_whole = _is_decimal(digits) and (digits == "0" or digits[0] != "0")
    if is_whole and (not has_fraction or _is_decimal(fraction)):
        if len(text) > MAX_DIGITS:
            return None, "Y007"
        # As in JSON and in Kubernetes, 1.0 is 1.
        return (float(text) if fraction.strip("0") else int(whole)), ""
    return text, "Y011" if _is_not_text(text) else ""


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=4096)
def _is_not_text(text: str) -> bool:
    """Whether some reader takes a bare word for something else than its own letters."""
    if text[:1] in _NUMERIC:
        return re.fullmatch(_AMBIGUOUS, text.lower()) is not None
    return text.lower() in _AMBIGUOUS_WORDS or text in _WORDS


class _Refused(Exception):
    """A mistake after which the rest of the text has no sure meaning."""


class _Reading(Walk):
    """The state of one pass over the events of a text."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file
        self.keys: dict[Pointer, Marks] = {}
        self.values: dict[Pointer, Marks] = {}
        self.diagnostics: list[Diagnostic] = []
        self.root: Any = None
        self.nodes = 0
        self.last: Marks = ()  # of the last scalar, or of the last bracket
        self.lines: tuple[str, ...] = ()

    def say(self, code: str, at: Extent, **words: object) -> None:
        """Adds what is wrong at a place."""
        message, help = MESSAGES[code]
        diagnostic = Diagnostic(
            code=code,
            severity=Severity.ERROR,
            message=message.format(**words),
            at=span_of(self.file, at),
            help=help.format(**words),
        )
        self.diagnostics.append(diagnostic)

    def refuse(self, code: str, at: Extent, **words: object) -> "_Refused":
        """What to raise where nothing behind a place has a sure meaning."""
        self.say(code, at, **words)
        return _Refused()

    def extent(self, marks: Marks) -> Extent:
        """The place between marks; a block of text ends with its last line."""
        line, column = self.place(marks[0])
        (first, _), (end_line, end_column) = self.place(marks[-2]), self.place(marks[-1])
        while end_line > first and not self.lines[end_line - 1][: end_column - 1].strip():
            end_line -= 1
            end_column = len(self.lines[end_line - 1]) + 1
        return line, column, end_line, end_column

    def is_over(self, mark: Any) -> bool:
        """Whether nothing but blanks and comments follows a mark."""
        line, column = self.place(mark)
        rest = (self.lines[line - 1][column - 1 :], *self.lines[line:])
        return all(text.strip().partition("#")[0] == "" for text in rest)

    def place(self, mark: Any) -> tuple[int, int]:
        """Line and column of a mark; the parser's end of a text may lie on a line behind it."""
        if mark.line < len(self.lines):
            return mark.line + 1, mark.column + 1
        return len(self.lines), len(self.lines[-1]) + 1

    def document(self, text: str) -> None:
        """Reads the one document of a text."""
        rest = events(text)
        self.node(rest)
        for event in rest:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self.refuse("Y005", self.extent((event.start_mark, event.end_mark)))
        if self.root is None and not self.diagnostics:
            raise self.refuse("Y009", _FIRST)

    def key(self, event: Any, parent: Open) -> None:
        """A key: text for every reader, and written once."""
        marks = self._counted(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise self.refuse("Y015", self.extent(marks))
        key = event.value
        if event.style:
            self._note_unwritable(key, marks)
        elif event.implicit[0] and _is_not_text(key):
            self.say("Y010", self.extent(marks), key=shown(key))
        parent.key, parent.below = key, (*parent.pointer, key)
        if key in parent.content:
            place, line = self.extent(marks), self.extent(self.keys[parent.below])[0]
            self.say("Y002", place, key=shown(key), line=line)
            # What is under a key's repetition has a separate pointer: it is not part of the data.
            parent.below = (*parent.below, -place[0])
        else:
            self.keys[parent.below] = marks
        self.last = marks

    def begin(self, event: Any, parent: Open | None) -> Open:
        """A map or a list, put into its parent before its own entries are read."""
        marks = self.last = self._counted(event)
        pointer = parent.next() if parent is not None else ()
        self.values[pointer] = marks
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse("Y006", self.extent(marks), depth=MAX_DEPTH)
        opened = Open(pointer, event, event.start_mark)
        self._put(opened.content, parent)
        return opened

    def leaf(self, event: Any, parent: Open | None) -> None:
        """A scalar; an alias is refused."""
        marks = self.last = self._counted(event)
        pointer = parent.next() if parent is not None else ()
        self.values[pointer] = marks
        value = event.value
        if event.style:
            self._note_unwritable(value, marks)
        elif event.implicit[0]:
            value, code = _bare(value)
            if code:
                self._note_unclear(code, event.value, marks, pointer)
        self._put(value, parent)

    def end(self, event: Any, ended: Open) -> None:
        """Now it is known where the collection ends."""
        start, end = event.start_mark, event.end_mark
        if start.index != end.index:
            self.last = ended.begin, end
        # The parser's end of a block lies behind the blanks and comments that follow it.
        self.values[ended.pointer] = (ended.begin, *self.last[-2:])

    def _counted(self, event: Any) -> Marks:
        """The marks of a node that is plain YAML, and not one too many."""
        if event.anchor or event.tag is not None:  # each alias has an anchor
            raise self._property(event)
        marks = event.start_mark, event.end_mark
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refuse("Y012", self.extent(marks), limit=f"{MAX_NODES:,} keys and values")
        return marks

    def _property(self, event: Any) -> "_Refused":
        """An alias, an anchor or a tag."""
        under = tuple(opened.key for opened in self.stack if opened.key is not None)
        if isinstance(event, yaml.AliasEvent):
            place = self.extent((event.start_mark, event.end_mark))
            return self.refuse("Y003", place, name=f"*{shown(str(event.anchor), under)}")
        line, column = self.place(event.start_mark)
        match = re.match(r"[^\s,\[\]{}]+", self.lines[line - 1][column - 1 :])
        place = line, column, line, column + (len(match[0]) if match else 0)
        if event.anchor:
            return self.refuse("Y003", place, name=f"&{shown(event.anchor, under)}")
        return self.refuse("Y004", place, tag=shown(event.tag.replace(_CORE_TAGS, "!!", 1), under))

    def _put(self, value: Any, parent: Open | None) -> None:
        """Puts a value where it belongs; of a key written twice the first value stays."""
        if parent is None:
            self.root = value
        elif parent.is_map:
            parent.content.setdefault(parent.key, value)
            parent.key = None
        else:
            parent.content.append(value)

    def _note_unwritable(self, text: str, marks: Marks) -> None:
        """Says that an escape such as "\\x85" stands for a character that can't be written again.

        A scalar without quotes has no escapes, and the characters themselves are refused before.
        """
        match = None if text.isprintable() else re.search(UNWRITABLE, text)
        if match is not None:
            at = self.extent(marks)
            self.say("Y008", at, what=f"the control character U+{ord(match.group()):04X}")

    def _note_unclear(self, code: str, text: str, marks: Marks, pointer: Pointer) -> None:
        """Says that a bare word has too many digits, or is not the same for every reader."""
        if code == "Y007":
            self.say(code, self.extent(marks), digits=len(text), limit=MAX_DIGITS)
        else:
            self.say(code, self.extent(marks), text=shown(text, pointer))


def read(content: bytes, file: str) -> Document:
    """The one document of a YAML file. Never raises: what is wrong is in the report."""
    reading, data = _Reading(file), None
    try:
        text = _text(content, reading)
        reading.lines = tuple(_lines(text))
        reading.document(text)
        data = reading.root
    except _Refused:
        pass
    except yaml.MarkedYAMLError as error:
        _syntax_error(reading, error)
    except yaml.YAMLError as error:
        reading.say("Y001", _FIRST, problem=_line_of(error), cure=cure(""))
    keys, values = (Spans(file, marks, reading.extent) for marks in (reading.keys, reading.values))
    return Document(
        data=data,
        places=SourceMap(file=file, keys=keys, values=values),
        report=Report.of(reading.diagnostics),
        lines=reading.lines,
    )


def _syntax_error(reading: _Reading, error: yaml.MarkedYAMLError) -> None:
    """Says what the YAML reader stumbled on, at the place where people fix it."""
    problem, context = _line_of(error.problem or error.context), str(error.context)
    # A quote or bracket that is never closed, and a key without a colon, are noticed far behind.
    is_late = "simple key" in context or ("quoted scalar" in context and "unexpected" in problem)
    marks = [error.problem_mark, error.context_mark]
    is_late |= "flow" in context and reading.is_over(error.problem_mark)
    mark = next(filter(None, reversed(marks) if is_late else marks), None)
    if mark is None:
        reading.say("Y001", _FIRST, problem=problem, cure=cure(""))
        return
    line, column = reading.place(mark)
    at = line, column, line, min(column, len(reading.lines[line - 1])) + 1
    if reading.lines[line - 1].startswith("\t", column - 1):
        reading.say("Y013", at)
    else:
        reading.say("Y001", at, problem=problem, cure=cure(f"{context} {problem}"))


def _line_of(problem: object) -> str:
    return printable(" ".join(str(problem).split()))


def _text(content: bytes, reading: _Reading) -> str:
    """The decoded text without a byte order mark."""
    if len(content) > MAX_BYTES:
        raise reading.refuse("Y012", _FIRST, limit=f"{MAX_BYTES:,} bytes")
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        raise reading.refuse("Y008", _after(before), what="a byte that is not UTF-8") from None
    is_printable = text.replace("\n", "").isprintable()
    if not is_printable and (control := re.search(_CONTROL, text)):
        what = f"the control character U+{ord(control.group()):04X}"
        raise reading.refuse("Y008", _after(text[: control.start()]), what=what)
    if "%" in text and (directive := re.search(_DIRECTIVE, text)):
        raise reading.refuse("Y014", _after(text[: directive.start()]))
    if not text.strip():
        raise reading.refuse("Y009", _FIRST)
    return text


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _after(before: str) -> Extent:
    """The place right behind a text."""
    lines = _lines(before)
    line, column = len(lines), len(lines[-1]) + 1
    return line, column, line, column + 1
