"""`helm.parameters` of an Application over values, as `helm --set` puts them (helm pkg/strvals)."""

import re
from collections.abc import Mapping
from typing import Any

from generator.site.model import Json

# A key, with what is escaped in it; and the indices behind it.
_STEP = r"((?:[^.\\\[\],={}]|\\.)+)((?:\[\d{1,4}\])*)"
_NAME = rf"{_STEP}(?:\.{_STEP})*"
_WORDS: Mapping[str, Json] = {"true": True, "false": False, "null": None}


def over(values: Mapping[str, Json], parameters: Json) -> tuple[dict[str, Json], list[int]]:
    """The values with the parameters in them, and the numbers of those that can't be read."""
    result: Any = _copy(values)
    unread = []
    for number, one in enumerate(parameters if isinstance(parameters, list) else ()):
        name = one.get("name") if isinstance(one, Mapping) else None
        if not isinstance(name, str) or not re.fullmatch(_NAME, name):
            unread.append(number)
            continue
        steps: list[str | int] = []
        for key, indices in re.findall(_STEP, name):
            steps.append(re.sub(r"\\(.)", r"\1", key))
            steps += map(int, re.findall(r"\d+", indices))
        text = str(one.get("value", ""))
        value = text if one.get("forceString") is True else _typed(text)
        result = _put(result, steps, value)
    return result, unread


def _typed(text: str) -> Json:
    """A value as Helm types it: a whole number, a word, a list in braces, or else a text."""
    if text[:1] == "{" and text[-1:] == "}":
        inner = text[1:-1]
        return [_typed(one.strip()) for one in inner.split(",")] if inner else []
    if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text, re.ASCII):
        return int(text)
    return _WORDS.get(text, text)


def _put(node: Json, steps: list[str | int], value: Json) -> Json:
    if not steps:
        return value
    first, *rest = steps
    if isinstance(first, int):
        listed = list(node) if isinstance(node, list) else []
        listed += [None] * (first + 1 - len(listed))
        listed[first] = _put(listed[first], rest, value)
        return listed
    held = dict(node) if isinstance(node, Mapping) else {}
    return {**held, first: _put(held.get(first), rest, value)}


def _copy(node: Json) -> Any:
    if isinstance(node, Mapping):
        return {key: _copy(one) for key, one in node.items()}
    return [_copy(one) for one in node] if isinstance(node, list) else node
