"""JSON Schema -> findings in the user's words: every mistake once, at its place.

The schema is handed in as data; `jsonschema` is imported only when a text is checked.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.diagnostics import Finding, Pointer, Severity
from generator.secrecy import MASK, is_credential, is_secret_key
from generator.suggest import did_you_mean, nearest
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
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mistake:
    """One violation: which keyword of which part of the schema, and what was found."""

    at: Pointer
    keyword: str | None
    wanted: Any
    found: Any
    part: Schema
    of_name: bool


def findings(data: Any, schema: Schema, spelling: Spelling, part: str = "") -> tuple[Finding, ...]:
    """The mistakes of data under the schema, or under one part of it (`#/$defs/jupyterhub`).

    `spelling` tells how a scalar is written in the text. Of several mistakes in one value the first
    is said.
    """
    root = {"$defs": schema["$defs"], "$ref": part} if part else schema
    found: dict[tuple[Pointer, bool, str], Finding] = {}
    for mistake in _mistakes(data, root):
        for finding in _worded(mistake, schema, spelling):
            missing = finding.message if finding.code == "S102" else ""
            found.setdefault((finding.at, finding.on_key, missing), finding)
    return tuple(found.values())


def _mistakes(data: Any, root: Schema) -> Iterator[_Mistake]:
    from jsonschema import Draft202012Validator  # 60 ms; only this function needs it

    for error in Draft202012Validator(root).iter_errors(data):
        keyword: Any = error.validator
        part: Any = error.schema
        yield _Mistake(
            at=tuple(error.absolute_path),
            keyword=keyword,
            wanted=error.validator_value,
            found=error.instance,
            part=part if isinstance(part, Mapping) else {},
            of_name="propertyNames" in error.schema_path,
        )


def _worded(mistake: _Mistake, schema: Schema, spelling: Spelling) -> Iterator[Finding]:
    at, found = mistake.at, mistake.found
    if mistake.of_name:
        message = f"'{_shown(found, at)}' is no name that Kubernetes accepts"
        yield _finding("S104", (*at, found), message, mistake.part["description"], on_key=True)
    elif mistake.keyword == "additionalProperties":
        known = mistake.part.get("properties", {})
        yield from (_unknown(at, key, known, schema) for key in found if key not in known)
    elif mistake.keyword == "required":
        yield from (
            _missing(at, key, mistake, schema) for key in mistake.wanted if key not in found
        )
    elif mistake.keyword is None:
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
    return _finding("S102", at, f"'{at[-1]}' is removed, and no environment can do without", help)


def _unknown(at: Pointer, key: str, known: Schema, schema: Schema) -> Finding:
    """An unknown key: the nearest known one, or the place where the key is known."""
    near = nearest(key, known)
    help = (not near and _home_of(key, known, schema)) or did_you_mean(key, known)
    return _finding("S101", (*at, key), f"unknown key '{_shown(key, at)}'", help, on_key=True)


def _home_of(key: str, siblings: Schema, schema: Schema) -> str:
    """Where a key belongs that stands one level too high, or that is the site's own."""
    for name, child in siblings.items():
        if key in _resolved(child, schema).get("properties", {}):
            return f"'{key}' stands under '{name}'"
    if key in schema["properties"]:
        return f"'{key}' stands at the top level of the file"
    return ""


def _resolved(part: Schema, schema: Schema) -> Schema:
    """A schema part with its reference followed."""
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return part


def _missing(at: Pointer, key: str, mistake: _Mistake, schema: Schema) -> Finding:
    described = mistake.part.get("properties", {}).get(key) or _login_part(key, schema)
    examples = described.get("examples") or _resolved(described, schema).get("examples") or ["..."]
    where = f"'{at[-1]}'" if at else "the site"
    example = f"add it, for example  {key}: {_flow(examples[0])}"
    return _finding("S102", at, f"{where} lacks the key '{key}'", example, on_key=True)


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
    code, wanted = _CHECKS.get(mistake.keyword or "", ("S104", _title))
    help = _example(mistake)
    if _is_bare_number(mistake):
        help = f'put it in quotes: "{spelling(at)}"'
    message = f"{_name(at)} is {_found(mistake.found, at)}, not {wanted(mistake)}"
    return _finding(code, at, message, help)


def _is_bare_number(mistake: _Mistake) -> bool:
    wanted = [mistake.wanted] if isinstance(mistake.wanted, str) else mistake.wanted
    number = isinstance(mistake.found, int | float) and not isinstance(mistake.found, bool)
    return mistake.keyword == "type" and "string" in wanted and number


def _title(mistake: _Mistake) -> str:
    title = str(mistake.part.get("title", "what is expected here"))
    return title if title.startswith(("a ", "an ")) else f"a valid {title}"


def _types(mistake: _Mistake) -> str:
    wanted = [mistake.wanted] if isinstance(mistake.wanted, str) else mistake.wanted
    return " or ".join(_TYPE_NAMES[name] for name in wanted if name != "null")


_CHECKS: dict[str, tuple[str, Callable[[_Mistake], str]]] = {
    "type": ("S103", _types),
    "pattern": ("S104", _title),
    "minLength": ("S104", _title),
    "maxLength": ("S104", _title),
    "enum": ("S105", lambda mistake: " or ".join(str(value) for value in mistake.wanted if value)),
    "const": ("S105", lambda mistake: str(mistake.wanted)),
    "minItems": ("S106", lambda mistake: f"{mistake.wanted} or more entries"),
    "minProperties": ("S106", lambda mistake: f"{mistake.wanted} or more entries"),
    "uniqueItems": ("S106", lambda mistake: "entries that all differ"),
    "minimum": ("S106", lambda mistake: f"{mistake.wanted} or more"),
    "maximum": ("S106", lambda mistake: f"{mistake.wanted} or less"),
    "exclusiveMinimum": ("S106", lambda mistake: f"more than {mistake.wanted}"),
}


def _name(at: Pointer) -> str:
    if not at:
        return "the file"
    return f"'{at[-1]}'" if isinstance(at[-1], str) else f"entry {at[-1] + 1}"


def _found(value: Any, at: Pointer) -> str:
    """What was found, in words, never a credential."""
    if isinstance(value, Mapping):
        return "a map" if value else "an empty map"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return f"'{_shown(value, at)}'"


def _shown(text: str, at: Pointer) -> str:
    """At most forty characters of a text on one line; stars where it looks like a credential."""
    if is_credential(text) or any(is_secret_key(str(step)) for step in at):
        return MASK
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."


def _example(mistake: _Mistake) -> str:
    """What to write: the nearest allowed word, or an example."""
    part = mistake.part
    if "enum" in part and isinstance(mistake.found, str):
        return did_you_mean(mistake.found, [str(value) for value in part["enum"] if value])
    examples = part.get("examples")
    return f"write for example  {_flow(examples[0])}" if examples else f"expected {_title(mistake)}"


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
