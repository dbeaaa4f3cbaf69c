"""Paths into chart values as Helm writes them."""

from collections.abc import Mapping
from typing import Any

from generator.diagnostics import Pointer


def step(text: str) -> str | int:
    """A key, or an index where the text is a number."""
    return int(text) if text.isdecimal() else text


def dotted(path: str, values: Any) -> Pointer:
    """The path that Helm joined by dots, told apart by the values: a key may hold a dot itself."""
    if path == "(root)":
        return ()
    if isinstance(values, Mapping):
        for key in sorted(values, key=len, reverse=True):
            if path == key:
                return (key,)
            if path.startswith(f"{key}."):
                return (key, *dotted(path[len(key) + 1 :], values[key]))
    head, _, rest = path.partition(".")
    inner = values[int(head)] if isinstance(values, list) and _is_index(head, values) else None
    return (step(head), *(dotted(rest, inner) if rest else ()))


def _is_index(text: str, values: list[Any]) -> bool:
    return text.isdecimal() and int(text) < len(values)
