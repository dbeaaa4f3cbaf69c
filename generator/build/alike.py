"""Documents that differ in a few texts: what a document is but for these, and forms to fill in.

A text of a document is open where it is alone what tells the document from others like it. Merging,
comparing and writing never look into an open text: it stands for each that it may be.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from generator.fixed import Fixed, Written

# Halves of surrogate pairs stand for open texts: by themselves they are in no file and no JSON.
_FIRST, _LAST = 0xDC00, 0xDFFF
_SIGN = re.compile(f"([{chr(_FIRST)}-{chr(_LAST)}])")

# Hashable; documents of one shape are equal but for their open texts.
Shape = tuple[object, ...]


def read(document: Mapping[str, Any], base: Mapping[str, Any]) -> tuple[Shape, list[str]]:
    """A document's shape, and its open texts in their order.

    `base` is what the document is compared with. So a text is not open where the base has the same,
    nor inside a list where the base has anything. A fixed map counts as the one object that it is:
    who keeps a shape keeps the document.
    """
    shape: list[object] = []
    texts: list[str] = []
    _read_map(document, base, shape, texts)
    return tuple(shape), texts


def _read_map(value: Mapping[str, Any], base: Any, shape: list[object], texts: list[str]) -> None:
    beside = base if isinstance(base, dict) else {}
    for key, part in value.items():
        shape.append(key)
        _read_value(part, beside.get(key), shape, texts)
    shape.append(None)


def _read_value(value: Any, base: Any, shape: list[object], texts: list[str]) -> None:
    kind = type(value)
    if kind is str and value != base and "\n" not in value:
        shape.append(str)
        texts.append(value)
    elif kind is dict:
        shape.append(dict)
        _read_map(value, base, shape, texts)
    elif kind is Fixed:
        shape.append(id(value))
    elif kind is list and base is None:
        shape.append(list)
        for item in value:
            _read_value(item, None, shape, texts)
        shape.append(None)
    else:
        shape.append((repr(value),))


def opened(document: Mapping[str, Any], base: Mapping[str, Any], first: int = 0) -> dict[str, Any]:
    """The document with a sign at each text that `read` calls open, counted from `first`."""
    numbers = iter(range(first, _LAST - _FIRST + 1))
    return _opened_map(document, base, numbers)


def _opened_map(value: Mapping[str, Any], base: Any, numbers: Iterator[int]) -> dict[str, Any]:
    beside = base if isinstance(base, dict) else {}
    return {key: _opened(part, beside.get(key), numbers) for key, part in value.items()}


def _opened(value: Any, base: Any, numbers: Iterator[int]) -> Any:
    kind = type(value)
    if kind is str and value != base and "\n" not in value:
        return Written(chr(_FIRST + next(numbers)))
    if kind is dict:
        return _opened_map(value, base, numbers)
    if kind is list and base is None:
        return [_opened(item, None, numbers) for item in value]
    return value


class Form:
    """A text with signs in it, to be filled in."""

    def __init__(self, text: str) -> None:
        self._parts = _SIGN.split(text)
        self._places = [
            (place, ord(self._parts[place]) - _FIRST) for place in range(1, len(self._parts), 2)
        ]

    def filled(self, texts: Sequence[str], write: Callable[[str], str]) -> str:
        """The text with what `write` makes of each text where its sign stood."""
        parts = self._parts.copy()
        for place, number in self._places:
            parts[place] = write(texts[number])
        return "".join(parts)
