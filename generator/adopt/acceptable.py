"""A draft whose settings site.yaml's schema takes: others are left to `values`, or asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.adopt.base import Facts, Question
from generator.adopt.draft import Draft
from generator.diagnostics import Finding, Pointer
from generator.records import fields, replace
from generator.site.model import Json
from generator.site.profiles import PROFILES
from generator.site.schema import SiteSchema
from generator.site.schema_words import resolved

_ROUNDS = 5
# What no one may choose for the reader: a login that is not the one of today.
_NEVER = ("jupyterhub", "authentication")


def acceptable(draft: Draft, flags: Facts, schema: Mapping[str, Any]) -> Draft:
    """The draft without what the schema refuses; in place of what it needs an example, asked for.

    The login and what flags say stay as they are: `lint` tells what is wrong with them.
    """
    said = [getattr(flags, name) for name in fields(Facts)]
    for _ in range(_ROUNDS):
        refused = _refused(draft.raw, schema)
        found = [one for one in refused if _at(draft.raw, one.at) not in said]
        if not found:
            break
        for one in found:
            draft = _settled(draft, one, schema)
    return draft


def _refused(raw: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Finding]:
    for found in SiteSchema.of(schema).findings(raw, lambda at: ""):
        if found.at[: len(_NEVER)] != _NEVER:
            yield found


def _settled(draft: Draft, found: Finding, schema: Mapping[str, Any]) -> Draft:
    *above, last = found.at
    parent = _schema_at(tuple(above), schema)
    value = _at(draft.raw, found.at)
    raw: Any = _copy(draft.raw)
    holder = _at(raw, tuple(above))
    is_needed = last in parent.get("required", ()) or last == "image"
    if is_needed and isinstance(holder, dict):
        holder[last] = _example(_schema_at(found.at, schema))
        said = found.message if value is not ... else f"no value says '{last}'"
        text = f"{said}; this is only an example: write the one that runs"
        question = Question(text=text, at=found.at)
        is_whole = draft.has_said_profiles and found.at[: len(PROFILES)] != PROFILES
        asked = (*draft.questions, question)
        return replace(draft, raw=raw, questions=asked, has_said_profiles=is_whole)
    if value is not ...:
        del holder[last]
    is_whole = draft.has_said_profiles and found.at[: len(PROFILES)] != PROFILES
    return replace(draft, raw=raw, has_said_profiles=is_whole)


def _schema_at(at: Pointer, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    part = resolved(schema, schema)
    for step in at:
        below = part.get("items") if isinstance(step, int) else part.get("properties", {}).get(step)
        found = part.get("additionalProperties") if below is None else below
        part = resolved(found, schema) if isinstance(found, Mapping) else {}
    return part


def _example(part: Mapping[str, Any]) -> Json:
    return next(iter(part.get("examples", ())), "")


def _at(node: Any, at: Pointer) -> Any:
    """What is at a pointer; `...` for nothing."""
    for step in at:
        is_there = step in node if isinstance(node, dict) else isinstance(node, list)
        if not is_there or (
            isinstance(node, list) and not (isinstance(step, int) and step < len(node))
        ):
            return ...
        node = node[step]
    return node


def _copy(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _copy(value) for key, value in node.items()}
    return [_copy(one) for one in node] if isinstance(node, list | tuple) else node
