"""YAML that other programs write, read as Go's YAML package reads it: manifests, indexes, charts.

Kubernetes, Helm and Argo CD share that reader (sigs.k8s.io/yaml): `yes` is a boolean, `1e3` a
number, a date is a text. Time and memory are bounded.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import yaml

from generator.diagnostics import Pointer
from generator.records import record
from generator.yaml.events import Open, Walk, events

MAX_DEPTH = 128
# Of one document, with what aliases repeat. The largest custom resource definition has 40,000.
MAX_NODES = 2_000_000

_DOCUMENT = re.compile(r"^---(?:[ \t].*)?$\n?|^\.\.\.[ \t]*$\n?", re.MULTILINE)
# A line that is not blank, and not a comment.
_CONTENT = r"(?m)(?:^|[\r\x85\u2028\u2029])[^\S\r\n]*[^\s#]"
_WORDS: dict[str, Any] = {
    spelled: value
    for value, words in ((None, "null"), (True, "y yes true on"), (False, "n no false off"))
    for word in words.split()
    for spelled in (word, word.title(), word.upper())
} | {"": None, "~": None}
_INTEGER = re.compile(
    r"[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-f]+|0|[1-9][0-9]*)", re.ASCII | re.IGNORECASE
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?", re.ASCII | re.I)
_NOT_FINITE = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf"}


class Unreadable(ValueError):
    """A text that is not YAML, or more of it than a program may ask of another."""


def split(text: str) -> tuple[str, ...]:
    """The documents of a stream as texts; those without content but comments are left out."""
    return tuple(part for part in _DOCUMENT.split(text) if re.search(_CONTENT, part))


def read(text: str, limit: int = MAX_NODES) -> Any:
    """The first document of a text as plain data; Unreadable when it is none.

    `limit` is how many keys and values it may have, with what aliases repeat.
    """
    return _node(_events(text), limit)


def documents(text: str, limit: int = MAX_NODES) -> Iterator[tuple[Any, "Lines"]]:
    """Every document of a stream as plain data, with its lines; Unreadable when one is none.

    The parser finds where documents end: it also takes a line that only ends in CR for one.
    """
    rest, places = _events(text), _events(text)
    while True:
        building, numbering = _Building(limit), _Numbering()
        if not building.node(rest):
            return
        numbering.node(places)
        yield building.root, numbering.lines


def _node(rest: Iterator[Any], limit: int = MAX_NODES) -> Any:
    """The data of the node that comes next, None where none does."""
    building = _Building(limit)
    building.node(rest)
    return building.root


@record
class Lines:
    """Where the first document of a text has its keys and items; lines count from 1.

    `blocks` are the lines that the content of blocks of text begins on; `again` are the keys that
    are written twice, with both lines. What an alias repeats has no separate line.
    """

    at: Mapping[Pointer, int]
    blocks: Mapping[Pointer, int]
    again: tuple[tuple[Pointer, int, int], ...]


def lines(text: str) -> Lines:
    """Where everything is in a text that `read` can read."""
    numbering = _Numbering()
    numbering.node(_events(text))
    return numbering.lines


class _Numbering(Walk):
    """The lines of keys and values."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[Pointer, int] = {}
        self.blocks: dict[Pointer, int] = {}
        self.again: list[tuple[Pointer, int, int]] = []

    @property
    def lines(self) -> Lines:
        """What was numbered so far."""
        return Lines(at=self.at, blocks=self.blocks, again=tuple(self.again))

    def key(self, event: Any, parent: Open) -> None:
        parent.key = str(getattr(event, "value", ""))
        parent.below, line = (*parent.pointer, parent.key), _line(event)
        if parent.below in self.at:
            self.again.append((parent.below, self.at[parent.below], line))
        self.at[parent.below] = line

    def begin(self, event: Any, parent: Open | None) -> Open:
        opened = Open(parent.next() if parent is not None else (), event)
        self.leaf(event, parent)
        return opened

    def leaf(self, event: Any, parent: Open | None) -> None:
        pointer = parent.next() if parent is not None else ()
        self.at.setdefault(pointer, _line(event))
        if getattr(event, "style", None) in ("|", ">"):
            self.blocks[pointer] = _line(event) + 1
        if parent is not None and parent.is_map:
            parent.key = None
        elif parent is not None:
            parent.content.append(None)

    def end(self, event: Any, ended: Open) -> None:
        """Nothing is left to say of it."""


def _line(event: Any) -> int:
    """The line that a part of the text begins on, counted from 1."""
    return int(event.start_mark.line) + 1


def items(text: str, *path: str) -> Iterator[Any]:
    """The items of the list under a path of keys, one at a time; all else is skipped.

    For files too large to be held as data; nothing where there is no such list.
    """
    rest = _events(text)
    if not any(isinstance(event, yaml.DocumentStartEvent) for event in rest):
        return
    for key in path:
        if not _enter(rest, key):
            return
    if isinstance(next(rest), yaml.SequenceStartEvent):
        for event in rest:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield _node(chain((event,), rest))


def _enter(rest: Iterator[Any], key: str) -> bool:
    """Moves on to the value of a key of the map that comes next; whether there is one."""
    if not isinstance(next(rest), yaml.MappingStartEvent):
        return False
    for event in rest:
        if isinstance(event, yaml.MappingEndEvent):
            return False
        if isinstance(event, yaml.ScalarEvent) and event.value == key:
            return True
        _skip(event, rest)
        _skip(next(rest), rest)
    return False


def _skip(event: Any, rest: Iterator[Any]) -> None:
    """Passes over a node that begins with this event."""
    depth = int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        event = next(rest)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _events(text: str) -> Iterator[Any]:
    try:
        yield from events(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise Unreadable(f"{line}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise Unreadable(" ".join(str(error).split())) from None


class _Building(Walk):
    """The data of one node; `anchors` are the values with a name, and how many nodes each has."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.root: Any = None
        self.limit, self.nodes = limit, 0
        self.anchors: dict[str, tuple[Any, int]] = {}

    def key(self, event: Any, parent: Open) -> None:
        key = {} if isinstance(event, yaml.CollectionStartEvent) else self._leaf(event)
        if isinstance(key, dict | list):
            raise Unreadable("a key that is not text")
        # As JSON has it: always a text.
        is_word = key is None or isinstance(key, bool)
        parent.key = {None: "null", True: "true", False: "false"}[key] if is_word else str(key)

    def begin(self, event: Any, parent: Open | None) -> Open:
        if len(self.stack) >= MAX_DEPTH:
            raise Unreadable(f"more than {MAX_DEPTH} levels")
        self._count(1)
        return Open((), event, (event.anchor, self.nodes - 1))

    def leaf(self, event: Any, parent: Open | None) -> None:
        self._put(self._leaf(event))

    def end(self, event: Any, ended: Open) -> None:
        anchor, before = ended.begin
        if anchor:
            self.anchors[anchor] = (ended.content, self.nodes - before)
        self._put(ended.content)

    def _leaf(self, event: Any) -> Any:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise Unreadable("an alias without an anchor")
            value, size = self.anchors[event.anchor]
            self._count(size)
            return value
        value = event.value if event.style or not event.implicit[0] else _scalar(event.value)
        self._count(1)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        return value

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > self.limit:
            raise Unreadable(f"more than {self.limit:,} keys and values")

    def _put(self, value: Any) -> None:
        """Puts a value where it belongs; of a key written twice the last value stays."""
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        if not parent.is_map:
            parent.content.append(value)
            return
        if parent.key == "<<" and isinstance(value, dict):
            parent.content |= {**value, **parent.content}
        else:
            parent.content[parent.key] = value
        parent.key = None


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    bare = text.replace("_", "")
    if _INTEGER.fullmatch(bare):
        return _integer(bare)
    if _FLOAT.fullmatch(text):
        return float(text)
    special = _NOT_FINITE.get(text.lower())
    return float(special) if special else text


def _integer(text: str) -> int | float:
    """A whole number in any of Go's spellings; one of too many digits is a float there."""
    digits = text.lstrip("+-")
    if len(digits) > 1000:
        raise Unreadable("a number of more than 1000 digits")
    octal = len(digits) > 1 and digits.isdigit() and digits.startswith("0")
    number = int(digits, 8 if octal else 0)
    number = -number if text.startswith("-") else number
    return number if -(2**63) <= number < 2**64 else float(number)
