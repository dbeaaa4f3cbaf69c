"""YAML that other programs write, read as Go's YAML package reads it: manifests, indexes, charts.

Kubernetes, Helm and Argo CD share that reader (sigs.k8s.io/yaml): `yes` is a boolean, `1e3` a
number, a date is a text. Time and memory are bounded and nothing recurses: libyaml's own composer
overflows the stack on deep text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import yaml

from generator.records import record

MAX_DEPTH = 128
# Of one document, with what aliases repeat. The largest custom resource definition has 40,000.
MAX_NODES = 2_000_000

_DOCUMENT = re.compile(r"^---(?:[ \t].*)?$\n?|^\.\.\.[ \t]*$\n?", re.MULTILINE)
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
    """A text that is no YAML, or more of it than a program may ask of another."""


def split(text: str) -> tuple[str, ...]:
    """The documents of a stream as texts; those without content but comments are left out."""
    return tuple(part for part in _DOCUMENT.split(text) if _has_content(part))


def _has_content(text: str) -> bool:
    lines = (line.lstrip() for line in text.splitlines())
    return any(line and not line.startswith("#") for line in lines)


def read(text: str, limit: int = MAX_NODES) -> Any:
    """The first document of a text as plain data; Unreadable when it is none.

    `limit` is how many keys and values it may have, with what aliases repeat.
    """
    events = _events(text)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _Building(limit).node(event, events)
    return None


Place = tuple[str | int, ...]


@record
class Lines:
    """Where the first document of a text has its keys and items; lines count from 1.

    `blocks` are the lines that the content of blocks of text begins on; `again` are the keys that
    are written twice, with both lines. What an alias repeats has no line of its own.
    """

    at: Mapping[Place, int]
    blocks: Mapping[Place, int]
    again: tuple[tuple[Place, int, int], ...]


@dataclass(slots=True)
class _Level:
    """A collection on the way to a place: its place, and the key or index of what comes next."""

    place: Place
    is_map: bool
    key: str | None = None
    index: int = 0

    def next(self) -> Place:
        """The place of the value that comes next."""
        return (*self.place, (self.key or "") if self.is_map else self.index)

    def pass_over(self) -> None:
        """A value was read."""
        self.key, self.index = None, self.index + 1


def _line(event: Any) -> int:
    """The line that a part of the text begins on, counted from 1."""
    return int(event.start_mark.line) + 1


def lines(text: str) -> Lines:
    """Where everything stands in a text that `read` can read."""
    at: dict[Place, int] = {}
    blocks: dict[Place, int] = {}
    again: list[tuple[Place, int, int]] = []
    levels: list[_Level] = []
    for event in _events(text):
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
        elif not isinstance(event, yaml.NodeEvent):
            continue
        elif levels and levels[-1].is_map and levels[-1].key is None:
            levels[-1].key = str(getattr(event, "value", ""))
            place, line = levels[-1].next(), _line(event)
            if place in at:
                again.append((place, at[place], line))
            at[place] = line
            continue
        else:
            place = levels[-1].next() if levels else ()
            at.setdefault(place, _line(event))
            if getattr(event, "style", None) in ("|", ">"):
                blocks[place] = _line(event) + 1
            if levels:
                levels[-1].pass_over()
            if isinstance(event, yaml.CollectionStartEvent):
                levels.append(_Level(place, isinstance(event, yaml.MappingStartEvent)))
    return Lines(at=at, blocks=blocks, again=tuple(again))


def items(text: str, *path: str) -> Iterator[Any]:
    """The items of the list that stands under a path of keys, one at a time; all else is skipped.

    For files too large to be held as data; nothing where there is no such list.
    """
    events = _events(text)
    if not any(isinstance(event, yaml.DocumentStartEvent) for event in events):
        return
    for key in path:
        if not _enter(events, key):
            return
    if isinstance(next(events), yaml.SequenceStartEvent):
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield _Building().node(event, events)


def _enter(events: Iterator[Any], key: str) -> bool:
    """Moves on to the value of a key of the map that comes next; whether there is one."""
    if not isinstance(next(events), yaml.MappingStartEvent):
        return False
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return False
        if isinstance(event, yaml.ScalarEvent) and event.value == key:
            return True
        _skip(event, events)
        _skip(next(events), events)
    return False


def _skip(event: Any, events: Iterator[Any]) -> None:
    """Passes over a node that begins with this event."""
    depth = int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise Unreadable(f"{line}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise Unreadable(" ".join(str(error).split())) from None


@dataclass(slots=True)
class _Open:
    """A collection whose end is not read yet; `keys` alternates between a key and its value."""

    content: Any
    anchor: str | None
    before: int
    key: Any = None
    has_key: bool = False


@dataclass(slots=True)
class _Building:
    """One pass over the events of one node."""

    limit: int = MAX_NODES
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0

    def node(self, first: Any, rest: Iterator[Any]) -> Any:
        """The data of the node that begins with the first event."""
        root: list[Any] = []
        for event in chain((first,), rest):
            if isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._place(self._close(), root)
            else:
                self._place(self._leaf(event), root)
            if not self.stack:
                return root[0]
        raise Unreadable("the text ends too early")

    def _open(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise Unreadable(f"more than {MAX_DEPTH} levels")
        content: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(content, event.anchor, self.nodes))
        self._count(1)

    def _close(self) -> Any:
        opened = self.stack.pop()
        if opened.anchor:
            self.anchors[opened.anchor] = (opened.content, self.nodes - opened.before)
        return opened.content

    def _leaf(self, event: Any) -> Any:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise Unreadable("an alias stands for nothing")
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

    def _place(self, value: Any, root: list[Any]) -> None:
        """Puts a value where it belongs; of a key written twice the last value stays."""
        if not self.stack:
            root.append(value)
            return
        parent = self.stack[-1]
        if isinstance(parent.content, list):
            parent.content.append(value)
        elif not parent.has_key:
            parent.key, parent.has_key = _key(value), True
        else:
            parent.has_key = False
            if parent.key == "<<" and isinstance(value, dict):
                parent.content |= {**value, **parent.content}
            else:
                parent.content[parent.key] = value


def _key(value: Any) -> str:
    """A key as JSON has it: always a text."""
    if isinstance(value, dict | list):
        raise Unreadable("a key that is no text")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


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
