"""Changes one scalar of a YAML text in place, or adds one entry; comments, layout and quotes stay.

Every edit is read again: the data must differ in that one place and nowhere else. Where no edit
does that, NotEditable says which line to edit by hand.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.diagnostics import GeneratorError, Pointer, Span
from generator.records import record
from generator.yaml.read import Document, read
from generator.yaml.write import scalar

_BREAK = re.compile(r"\r\n|\n|\r")
# Written without quotes only where nothing in it can mean anything else, in a flow map either.
_BARE = re.compile(r"[A-Za-z0-9][\w./@+-]*(?::[\w./@+-]+)*", re.ASCII)
_MARK = "\ufeff"


class NotEditable(GeneratorError):
    """A place that can't be changed without touching more than it; `line` is where it is."""

    def __init__(self, line: int, reason: str, pointer: Pointer, value: str) -> None:
        self.line = line
        super().__init__(
            f"line {line}: {reason}", f"edit it by hand: {dotted(pointer)}: {_shown(value)}"
        )


def dotted(pointer: Pointer) -> str:
    """A place in words: `environments.staging.charts`."""
    return ".".join(map(str, pointer))


def _shown(value: str) -> str:
    return value if _BARE.fullmatch(value) else scalar(value)


def put(text: str, pointer: Pointer, value: str) -> str:
    """The text with this string at the pointer: in place of a scalar, or with a new key for it.

    Adds missing maps above a new key. NotEditable where that changes anything else.
    """
    editing = _Editing.of(text, pointer, value)
    edits = editing.replacements if pointer in editing.document.places.values else editing.additions
    for edited in edits():
        again = _read(edited)
        if not again.report.diagnostics and _canonical(again.data) == editing.wanted:
            return edited
    raise editing.refusal("this can't be changed alone")


def insert(text: str, key: str, block: str) -> str:
    """The text with one more entry in a map at its top, below the others; adds a missing map.

    `block` is the entry as a block of YAML with its comments. NotEditable where the map has such an
    entry, or is written in braces.
    """
    before, new = _read(text), _read(block).data
    (name,) = new
    at = (key, name)
    line = before.places.span((key,), on_key=True).line
    data = json.loads(json.dumps(before.data)) if isinstance(before.data, dict) else {}
    held = data.get(key) or {}
    if before.report.diagnostics or not isinstance(held, dict) or name in held:
        reason = f"'{key}' has '{name}' already" if name in held else f"'{key}' is not a map"
        raise NotEditable(line, reason, at, "...")
    edited = _with_entry(text, before, key, block)
    again = _read(edited)
    wanted = {**data, key: {**held, **new}}
    if again.report.diagnostics or _canonical(again.data) != _canonical(wanted):
        raise NotEditable(line, f"'{key}' is not a map with a line for each entry", at, "...")
    return edited


def _with_entry(text: str, before: Document, key: str, block: str) -> str:
    places, ends = before.places, match.group() if (match := _BREAK.search(text)) else "\n"
    entries = [at for at in places.keys if at[:1] == (key,) and len(at) == 2]
    indent = " " * (places.keys[entries[0]].column - 1 if entries else 2)
    added = "".join(f"{indent}{line}{ends}" if line else ends for line in block.splitlines())
    if not entries:
        gap = "" if text.endswith(("\n", "\r")) or not text else ends
        return f"{text}{gap}{ends}{key}:{ends}{added}"
    last = max(places.values[at].end_line for at in entries)
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    if last == len(starts):  # its last line has no line end
        return f"{text}{ends}{added}"
    return text[: starts[last]] + added + text[starts[last] :]


def lines_of(text: str) -> Callable[[Pointer], int]:
    """What tells the line of a key, or of its nearest parent in the text."""
    places = _read(text).places
    return lambda pointer: places.span(pointer, on_key=True).line


def _read(text: str) -> Document:
    return read(text.encode("utf-8", "surrogatepass"), "")


@record
class _Editing:
    """One text, the place in it that is to change, and what its data are then."""

    text: str
    starts: tuple[int, ...]
    document: Document
    pointer: Pointer
    value: str
    wanted: str

    @classmethod
    def of(cls, text: str, pointer: Pointer, value: str) -> "_Editing":
        """The text read; NotEditable when it can't be, or where no scalar can be put there."""
        document = _read(text)
        for diagnostic in document.report.diagnostics:
            raise NotEditable(diagnostic.at.line, diagnostic.message, pointer, value)
        data = json.loads(json.dumps(document.data))
        editing = cls(
            text=text,
            # As the reader counts lines: not at a byte order mark.
            starts=(int(text.startswith(_MARK)), *(end.end() for end in _BREAK.finditer(text))),
            document=document,
            pointer=pointer,
            value=value,
            wanted=_canonical(data) if _is_put(data, pointer, value) else "",
        )
        if not editing.wanted:
            raise editing.refusal("the value here is a map or a list")
        return editing

    def refusal(self, reason: str) -> NotEditable:
        """Says that people must edit the place by hand."""
        span = self.document.places.span(self.pointer, on_key=True)
        return NotEditable(span.line, reason, self.pointer, self.value)

    def bounds(self, span: Span) -> tuple[int, int]:
        """Where a place begins and ends in the text."""
        start = self.starts[span.line - 1] + span.column - 1
        return start, self.starts[span.end_line - 1] + span.end_column - 1

    def replacements(self) -> Iterator[str]:
        """Edits of a scalar, the one in its own quotes first."""
        start, end = self.bounds(self.document.places.values[self.pointer])
        old = self.text[start:end]
        if old.startswith(("|", ">")):
            raise self.refusal("the value here is a block of text")
        before, after = self.text[:start], self.text[end:]
        gap = " " if before.endswith(":") else ""
        spells = {"'": _single, '"': _double}
        for spell in (spells.get(old[:1], _bare), _bare, _double):
            if (spelled := spell(self.value)) is not None:
                yield f"{before}{gap}{spelled}{after}"

    def additions(self) -> Iterator[str]:
        """Edits that add the key below its nearest parent: behind its entries, or before them."""
        values = self.document.places.values
        depth = next(d for d in range(len(self.pointer) - 1, -1, -1) if self.pointer[:d] in values)
        parent, missing = self.pointer[:depth], self.pointer[depth:]
        keys = [key for key in self.document.places.keys if key[:-1] == parent and len(key) > depth]
        start, end = self.bounds(values[parent])
        for spelled in filter(None, (_bare(self.value), _double(self.value))):
            entry = f"{_shown(str(missing[-1]))}: {spelled}"
            for name in reversed(missing[:-1]):
                entry = f"{_shown(str(name))}: {{{entry}}}"
            if self.text.startswith("{", start):
                yield from self._into_flow(entry, keys, start, end)
            elif keys:
                yield from self._into_block(entry, keys)

    def _into_flow(self, entry: str, keys: list[Pointer], start: int, end: int) -> Iterator[str]:
        text = self.text
        if not keys:
            yield f"{text[:start]}{{{entry}}}{text[end:]}"
            return
        last = max(self.bounds(self.document.places.values[key])[1] for key in keys)
        yield f"{text[:last]}, {entry}{text[last:]}"
        yield f"{text[: start + 1]}{entry}, {text[start + 1 :]}"

    def _into_block(self, entry: str, keys: list[Pointer]) -> Iterator[str]:
        text, places = self.text, self.document.places
        end_of_line = match.group() if (match := _BREAK.search(text)) else "\n"
        indent = " " * (places.keys[keys[0]].column - 1)
        last = max(places.values[key].end_line for key in keys)
        here = self.starts[last] if last < len(self.starts) else len(text)
        # Behind the last line of a text there may be no line end, and there is none then either.
        line, is_closed = f"{indent}{entry}", text[:here].endswith(("\n", "\r"))
        added = f"{line}{end_of_line}" if is_closed else f"{end_of_line}{line}"
        yield f"{text[:here]}{added}{text[here:]}"
        first = self.starts[places.keys[keys[0]].line - 1]
        yield f"{text[:first]}{line}{end_of_line}{text[first:]}"


def _is_put(holder: Any, pointer: Pointer, value: str) -> bool:
    """Puts a value into data and adds missing maps; whether a scalar may be there."""
    *above, last = pointer
    for step in above:
        if isinstance(holder, dict):
            holder = holder.setdefault(step, {})
        elif _is_index(holder, step):
            holder = holder[step]
        else:
            return False
    if isinstance(holder, dict):
        is_scalar = not isinstance(holder.get(last), dict | list)
    else:
        is_scalar = _is_index(holder, last) and not isinstance(holder[last], dict | list)
    if is_scalar:
        holder[last] = value
    return is_scalar


def _is_index(holder: Any, step: str | int) -> bool:
    return isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder)


def _canonical(content: Any) -> str:
    """Data as text, in which 1, 1.0 and true differ; the order of keys does not count."""
    return json.dumps(content, sort_keys=True)


def _bare(value: str) -> str | None:
    return value if _BARE.fullmatch(value) else None


def _single(value: str) -> str | None:
    return "'" + value.replace("'", "''") + "'" if value.isprintable() else None


def _double(value: str) -> str | None:
    return json.dumps(value, ensure_ascii=False)
