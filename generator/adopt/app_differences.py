"""`ignoreDifferences` of an Application -> those of an app, each with the reason that it had."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.adopt.base import at
from generator.adopt.layers import Layer
from generator.site.model import Json

_REASON = "as in the Application before hubops"
_MANAGED = "hubops names fields, not who manages them: write their jsonPointers"
_PATTERN = "a pattern of kinds or groups: name each kind"
_NAMED = "an app has no such key: it has one namespace"
_JQ = "only a path without a search is carried: write its jsonPointers; validate names them"
_WHOLE = "this hides a whole object: name the fields"
_KIND, _GROUP = r"[A-Z][A-Za-z0-9]{0,62}", r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
# `.spec.a["b/c"][0]`, as jq writes a path.
_STEP = r"""\.?\["((?:[^"\\])+)"\]|\.([A-Za-z_]\w*)|\."([^"\\]+)"|\.?\[(\d+)\]"""
_POINTER = r"(/[^/\s]+){2,}|/rules"

_Place = tuple[str | int, ...]


def entries(document: Layer) -> tuple[list[dict[str, Json]], list[tuple[_Place, str]]]:
    """The entries, and the places of what is not carried with its reason."""
    listed = at(document.values, "spec", "ignoreDifferences")
    found: list[dict[str, Json]] = []
    left: list[tuple[_Place, str]] = []
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        here: _Place = ("spec", "ignoreDifferences", number)
        if not isinstance(one, Mapping) or not re.fullmatch(_KIND, str(one.get("kind", ""))):
            left.append((here, _PATTERN))
            continue
        if one.get("group") and not re.fullmatch(_GROUP, str(one["group"])):
            left.append((here, _PATTERN))
            continue
        pointers, lost = _pointers(one)
        left += [((*here, *place), why) for place, why in lost]
        if one.get("namespace"):
            left.append(((*here, "namespace"), _NAMED))
        if pointers:
            named = {key: one[key] for key in ("group", "kind", "name") if one.get(key)}
            found.append({**named, "jsonPointers": pointers, "reason": _REASON})
    return found, left


def _pointers(entry: Mapping[str, Any]) -> tuple[list[str], list[tuple[_Place, str]]]:
    found: dict[str, None] = {}
    left: list[tuple[_Place, str]] = []
    for place, text, reason in _written(entry):
        if text is not None and re.fullmatch(_POINTER, text):
            found[text] = None
        else:
            left.append((place, _WHOLE if text is not None else reason))
    if entry.get("managedFieldsManagers"):
        left.append((("managedFieldsManagers",), _MANAGED))
    return list(found), left


def _written(entry: Mapping[str, Any]) -> Iterator[tuple[_Place, str | None, str]]:
    """Each field that is ignored: its place, its pointer, and why it has none."""
    for key in ("jsonPointers", "jqPathExpressions"):
        listed = entry.get(key)
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            text = str(one)
            yield (key, number), text if key == "jsonPointers" else _of_jq(text), _JQ


def _of_jq(text: str) -> str | None:
    """The pointer of a path in jq; None for what searches."""
    text = text.strip()
    if not re.fullmatch(rf"(?:{_STEP})+", text):
        return None
    steps = ["".join(one) for one in re.findall(_STEP, text)]
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
