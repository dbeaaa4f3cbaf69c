"""JSON Schema -> findings in the user's words: every mistake once, at its place.

The schema is handed in as data; `jsonschema` is imported only when a text is checked.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.diagnostics import Finding, Pointer, Severity
from generator.secrecy import is_secret_key, shown
from generator.suggest import all_known, did_you_mean, nearest
from generator.yaml_write import scalar

Schema = Mapping[str, Any]
Spelling = Callable[[Pointer], str]

_TYPE_NAMES = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mistake:
    """One violation: which keyword of which part of the schema, and what was found.

    `part` holds the keyword; `described` is what the schema says of the place itself.
    """

    at: Pointer
    keyword: str | None
    wanted: Any
    found: Any
    part: Schema
    described: Schema
    of_name: bool


def findings(data: Any, schema: Schema, spelling: Spelling, part: str = "") -> tuple[Finding, ...]:
    """The mistakes of data under the schema, or under one part of it (`#/$defs/jupyterhub`).

    `spelling` tells how a scalar is written in the text. Of several mistakes in one value the first
    is said. A key that is lacking because it is misspelt is not said to be lacking too.
    """
    root = {"$defs": schema["$defs"], "$ref": part} if part else schema
    found: dict[tuple[Pointer, bool], Finding] = {}
    for mistake in _mistakes(data, root):
        for finding in _worded(mistake, schema, spelling):
            found.setdefault((finding.at, finding.on_key), finding)
    meant = [finding.meant for finding in found.values() if finding.meant is not None]
    misspelt = {place[:depth] for place in meant for depth in range(1, len(place) + 1)}
    return tuple(
        finding
        for finding in found.values()
        if finding.code != "S102" or finding.at not in misspelt
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Where a chart's values break the chart's own schema, and which keyword of it with what."""

    at: Pointer
    keyword: str
    wanted: Any
    found: Any
    unknown: tuple[str, ...] = ()


def violations(values: Any, chart_schema: Schema) -> tuple[Violation, ...]:
    """Where values break a chart's `values.schema.json`, as Helm would find it (draft 7).

    Of `anyOf` and `oneOf` only the alternative that fits best is reported.
    """
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import best_match

    found = []
    for error in Draft7Validator(chart_schema).iter_errors(values):
        deepest = best_match([error]) or error
        properties = (
            deepest.schema.get("properties", {}) if isinstance(deepest.schema, Mapping) else {}
        )
        is_closed = deepest.validator == "additionalProperties"
        found.append(
            Violation(
                at=tuple(deepest.absolute_path),
                keyword=str(deepest.validator),
                wanted=deepest.validator_value,
                found=deepest.instance,
                unknown=tuple(sorted(set(deepest.instance) - set(properties))) if is_closed else (),
            )
        )
    return tuple(found)


def _mistakes(data: Any, root: Schema) -> Iterator[_Mistake]:
    from jsonschema import validators  # 60 ms; only this function needs it

    own = {"pattern": _pattern_errors, "uniqueItems": _unique_errors}
    validator = validators.extend(validators.Draft202012Validator, own)  # type: ignore[no-untyped-call]
    for error in validator(root).iter_errors(data):
        keyword: Any = error.validator
        part: Any = error.schema
        yield _Mistake(
            at=tuple(error.absolute_path),
            keyword=keyword,
            wanted=error.validator_value,
            found=error.instance,
            part=part if isinstance(part, Mapping) else {},
            described=_described(tuple(error.absolute_path), root),
            of_name="propertyNames" in error.schema_path,
        )


def _pattern_errors(_: Any, pattern: str, text: Any, __: Schema) -> Iterator[Any]:
    """A text off its pattern, whose `$` is the end as in other languages.

    For Python and jsonschema's own check, `$` stands before a last line end too.
    """
    from jsonschema import ValidationError

    if pattern.endswith("$"):
        pattern = pattern[:-1] + r"\Z"
    if isinstance(text, str) and not re.search(pattern, text):
        yield ValidationError("pattern")


def _unique_errors(_: Any, wanted: bool, items: Any, __: Schema) -> Iterator[Any]:
    """An entry written twice; jsonschema's own check compares every entry with every other."""
    from jsonschema import ValidationError

    if wanted and isinstance(items, list):
        spelled = {json.dumps(item, sort_keys=True) for item in items}
        if len(spelled) < len(items):
            yield ValidationError("uniqueItems")


def _described(at: Pointer, root: Schema) -> Schema:
    """What the schema says of a place; an empty map where it says nothing."""
    part = root
    for step in at:
        holder = _resolved(part, root)
        children = holder.get("properties", {})
        others = holder.get("items" if isinstance(step, int) else "additionalProperties")
        found = children.get(step, others)
        part = found if isinstance(found, Mapping) else {}
    return part


def _worded(mistake: _Mistake, schema: Schema, spelling: Spelling) -> Iterator[Finding]:
    at, found = mistake.at, mistake.found
    if mistake.of_name:
        message = f"'{shown(found, at)}' is no name that Kubernetes accepts"
        yield _finding("S104", (*at, found), message, _form(mistake.part), on_key=True)
    elif mistake.keyword == "additionalProperties":
        known = mistake.part.get("properties", {})
        yield from (_unknown(at, key, known, schema) for key in found if key not in known)
    elif mistake.keyword == "required":
        yield from (
            _missing(at, key, mistake, schema) for key in mistake.wanted if key not in found
        )
    elif mistake.keyword == "not":
        yield _foreign(at)
    else:
        yield _wrong_value(mistake, spelling)


def _finding(code: str, at: Pointer, message: str, help: str, *, on_key: bool = False) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=at,
        help=help,
        on_key=on_key,
        refuses=code != "S102",
    )


def removed_section(at: Pointer) -> Finding:
    """An environment that removes what it can't do without."""
    help = "remove this line; what an environment does not override is shared"
    return _finding(
        "S102", at, f"'{at[-1]}' is removed, and no environment can do without it", help
    )


def _unknown(at: Pointer, key: str, known: Schema, schema: Schema) -> Finding:
    """An unknown key: the nearest known one, or the place where the key is known."""
    near = nearest(key, known)
    meant, help = ((*at, near), "") if near else _home_of(at, key, known, schema)
    if meant is None and is_secret_key(key):
        help = "remove it: credentials never stand in this file, they are sealed into 'hub-secrets'"
    help = help or (f"did you mean '{near}'?" if near else all_known(known))
    message = f"unknown key '{shown(key, at)}'"
    found = _finding("S101", (*at, key), message, help, on_key=True)
    return replace(found, meant=meant)


def _home_of(at: Pointer, key: str, siblings: Schema, schema: Schema) -> tuple[Pointer | None, str]:
    """The place and the words for a key one level too high, or for one of the site's own."""
    for name, child in siblings.items():
        if key in _resolved(child, schema).get("properties", {}):
            return (*at, name, key), f"'{key}' belongs under '{name}'"
    if key in schema["properties"]:
        return (key,), f"'{key}' belongs at the top level of the file"
    return None, ""


def _resolved(part: Schema, schema: Schema) -> Schema:
    """A schema part with its reference followed."""
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return part


def _missing(at: Pointer, key: str, mistake: _Mistake, schema: Schema) -> Finding:
    described = mistake.part.get("properties", {}).get(key) or _login_part(key, schema)
    examples = described.get("examples") or _resolved(described, schema).get("examples") or ["..."]
    section = mistake.described.get("$ref", "").rpartition("/")[2]
    where = _name(at) if at else f"'{section}'" if section else "the site"
    help = f"add it, for example  {key}: {_flow(examples[0])}"
    return _finding("S102", (*at, key), f"{where} lacks the key '{key}'", help, on_key=True)


def _login_part(key: str, schema: Schema) -> Schema:
    """A provider's condition names keys that the login's own definition describes."""
    described: Schema = schema["$defs"]["authentication"]["properties"].get(key, {})
    return described


def _flow(value: Any) -> str:
    """An example as one line of YAML."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)


def _foreign(at: Pointer) -> Finding:
    help = "remove it, or choose the provider that it belongs to"
    return _finding("S107", at, f"'{at[-1]}' does not belong to this provider", help, on_key=True)


def _wrong_value(mistake: _Mistake, spelling: Spelling) -> Finding:
    """A value of the wrong kind, shape or size."""
    at = mistake.at
    if mistake.keyword in _COUNTS:
        message, help = _COUNTS[mistake.keyword]
        return _finding("S106", at, f"{_name(at)} {message}", help or _example(mistake))
    code, wanted = _CHECKS.get(mistake.keyword or "", ("S104", _title))
    help = _example(mistake)
    if _is_bare_number(mistake) and re.search(mistake.part.get("pattern", ""), spelling(at)):
        help = f'put it in quotes: "{spelling(at)}"'
    elif _is_quoted(mistake):
        help = "remove the quotes"
    message = f"{_name(at)} is {_found(mistake.found, at)}, not {wanted(mistake)}"
    return _finding(code, at, message, help)


def _is_bare_number(mistake: _Mistake) -> bool:
    number = isinstance(mistake.found, int | float) and not isinstance(mistake.found, bool)
    return mistake.keyword == "type" and "string" in _wanted_types(mistake) and number


def _is_quoted(mistake: _Mistake) -> bool:
    """Whether a boolean or a number is wanted, and one stands there as text."""
    if mistake.keyword != "type" or not isinstance(mistake.found, str):
        return False
    form = {"boolean": "true|false", "integer": r"\d{1,9}", "number": r"\d{1,9}(\.\d{1,9})?"}
    forms = [form[name] for name in _wanted_types(mistake) if name in form]
    return any(re.fullmatch(form, mistake.found) for form in forms)


def _title(mistake: _Mistake) -> str:
    title = str(mistake.part.get("title", "what is expected here"))
    return title if _is_form(mistake.part) else f"a valid {title}"


def _types(mistake: _Mistake) -> str:
    wanted = _wanted_types(mistake)
    if _is_form(mistake.part) and "object" not in wanted:
        return _title(mistake)
    return " or ".join(_TYPE_NAMES[name] for name in wanted if name != "null")


def _wanted_types(mistake: _Mistake) -> list[str]:
    return [mistake.wanted] if isinstance(mistake.wanted, str) else list(mistake.wanted)


_CHECKS: dict[str, tuple[str, Callable[[_Mistake], str]]] = {
    "type": ("S103", _types),
    "pattern": ("S104", _title),
    "minLength": ("S104", _title),
    "maxLength": ("S104", _title),
    "enum": ("S105", lambda mistake: " or ".join(str(value) for value in mistake.wanted if value)),
    "const": ("S105", lambda mistake: str(mistake.wanted)),
    "minimum": ("S106", lambda mistake: f"{mistake.wanted} or more"),
    "maximum": ("S106", lambda mistake: f"{mistake.wanted} or less"),
    "exclusiveMinimum": ("S106", lambda mistake: f"more than {mistake.wanted}"),
}


# What is wrong with how many entries there are, and the help where an example is none.
_COUNTS = {
    "minItems": ("has no entry, and needs one", ""),
    "minProperties": ("has no entry, and needs one", ""),
    "uniqueItems": ("has an entry twice", "keep one of the two"),
}


def _name(at: Pointer) -> str:
    if not at:
        return "the file"
    if isinstance(at[-1], str):
        return f"'{shown(at[-1])}'"
    return f"entry {at[-1] + 1} of '{shown(str(at[-2]))}'"


def _found(value: Any, at: Pointer) -> str:
    """What was found, in words, never a credential."""
    if isinstance(value, Mapping):
        return "a map" if value else "an empty map"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return f"'{shown(value, at)}'"


def _example(mistake: _Mistake) -> str:
    """What to write: the nearest allowed word, the form, an example."""
    part = mistake.part
    if not mistake.at:
        return "describe the site: start from the example in the README"
    if "enum" in part and isinstance(mistake.found, str):
        return did_you_mean(mistake.found, [str(value) for value in part["enum"] if value])
    if mistake.keyword == "const":
        return f"write  {mistake.wanted}"
    if part.get("items", {}).get("type") == "string" and isinstance(mistake.found, str):
        return f"write a list:  {_flow(shown(mistake.found, mistake.at).replace(',', ' ').split())}"
    examples = mistake.described.get("examples") or part.get("examples")
    if not examples:
        return f"expected {_title(mistake)}"
    explained = mistake.keyword in ("pattern", "type") and "pattern" in part and _is_form(part)
    form = f"{_form(part)}; " if explained else ""
    return f"{form}write for example  {_flow(examples[0])}"


def _is_form(part: Schema) -> bool:
    """Whether a part describes how something is spelled, and not what it is for."""
    return str(part.get("title", "")).startswith(("a ", "an "))


def _form(part: Schema) -> str:
    description = str(part["description"])
    return description[0].lower() + description[1:].rstrip(".")


def overridable(definitions: Iterable[tuple[str, Schema]]) -> dict[str, Any]:
    """The definitions as an environment may write them: nothing required, null removes a key.

    schema/site.schema.json holds this result under the names ending in `Override`, for editors.
    """
    return {f"{name}Override": _relaxed(part) for name, part in definitions}


def _relaxed(part: Schema) -> dict[str, Any]:
    relaxed = {
        key: value for key, value in part.items() if key not in ("required", "allOf", "default")
    }
    if "$ref" in relaxed:
        relaxed["$ref"] += "Override"
    if "type" in relaxed:
        kinds = relaxed["type"] if isinstance(relaxed["type"], list) else [relaxed["type"]]
        relaxed["type"] = [*kinds, "null"]
    if "enum" in relaxed:
        relaxed["enum"] = [*relaxed["enum"], None]
    if "properties" in relaxed:
        relaxed["properties"] = {
            name: _relaxed(child) for name, child in part["properties"].items()
        }
    return relaxed
