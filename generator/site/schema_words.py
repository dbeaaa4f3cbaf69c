"""Mistakes under the schema of site.yaml -> findings in the user's words."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.credentials import is_secret_key, shown
from generator.diagnostics import Finding, Pointer, Severity
from generator.records import record, replace
from generator.suggest import all_known, did_you_mean, nearest
from generator.yaml.write import flow

Schema = Mapping[str, Any]
Spelling = Callable[[Pointer], str]

TYPE_NAMES = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}

# For so many unknown keys of one map the intended key is guessed; a guess takes time.
_GUESSED = 100


@record
class Refusal:
    """One violation: which keyword of which part of the schema, and what was found.

    `part` holds the keyword; `described` is what the schema says of the place itself. `of_name` is
    whether the mistake is in a map's key, and not in its value.
    """

    at: Pointer
    keyword: str | None
    wanted: Any
    found: Any
    part: Schema
    described: Schema
    of_name: bool


def worded(mistake: Refusal, schema: Schema, spelling: Spelling) -> Iterator[Finding]:
    """The findings about one mistake: several where several keys are unknown, or missing."""
    at, found = mistake.at, mistake.found
    if mistake.of_name:
        message = f"'{shown(found, at)}' is not a name that Kubernetes accepts"
        finding = _finding("S104", (*at, found), message, _form(mistake.part), on_key=True)
        yield replace(finding, intended=(*at, found.lower().replace("_", "-")))
    elif mistake.keyword == "additionalProperties":
        known = mistake.part.get("properties", {})
        unknown = [key for key in found if key not in known]
        for number, key in enumerate(unknown):
            yield _unknown(key, mistake, schema, is_guessed=number < _GUESSED)
    elif mistake.keyword == "required":
        missing = (key for key in mistake.wanted if key not in found)
        yield from (_missing(key, mistake, schema) for key in missing)
    elif mistake.keyword == "not":
        kind = "kind of Secret" if at[:1] == ("secrets",) else "provider"
        help = f"remove it, or choose the {kind} that it belongs to"
        message = f"'{at[-1]}' does not belong to this {kind}"
        yield _finding("S107", at, message, help, on_key=True)
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


def removed(at: Pointer) -> Finding:
    """An environment that removes something required."""
    holder = "every environment" if len(at) == 3 else _name(at[:-1])
    help = "remove this line: an environment shares what it does not override"
    message = f"'{at[-1]}' is removed, and {holder} needs it"
    return _finding("S102", at, message, help)


def _unknown(key: str, mistake: Refusal, schema: Schema, *, is_guessed: bool) -> Finding:
    """An unknown key: the nearest missing one, or the place where the key is known."""
    at, known = mistake.at, mistake.part.get("properties", {})
    near = nearest(key, known.keys() - mistake.found.keys()) if is_guessed else None
    intended, help = ((*at, near), "") if near else _home_of(at, key, known, schema)
    if intended is None and is_secret_key(key):
        help = "remove it: never write a credential in this file, seal it into 'hub-secrets'"
    help = help or (f"did you mean '{near}'?" if near else all_known(known))
    message = f"unknown key '{shown(key, at)}'"
    finding = _finding("S101", (*at, key), message, help, on_key=True)
    return replace(finding, intended=intended)


def _home_of(at: Pointer, key: str, siblings: Schema, schema: Schema) -> tuple[Pointer | None, str]:
    """The place and the words for a key one level too high, or for one of the site's own."""
    for name, child in siblings.items():
        if key in resolved(child, schema).get("properties", {}):
            return (*at, name, key), f"'{key}' belongs under '{name}'"
    if (
        at[0:3:2] == ("clusters", "apps")
        and len(at) == 4
        and key in schema["$defs"]["app"]["properties"]
    ):
        return (
            *at[2:],
            key,
        ), f"'{key}' is the same in all clusters: write it in apps.{shown(str(at[3]))}"
    if key in schema["properties"]:
        return (key,), f"'{key}' belongs at the top level of the file"
    of_cluster = schema["$defs"]["cluster"]["properties"]
    if key in of_cluster:
        more = of_cluster[key].get("$comment")
        return None, f"'{key}' belongs under a cluster" + (f". {more}" if more else "")
    return None, ""


def resolved(part: Schema, schema: Schema) -> Schema:
    """A schema part with its reference followed."""
    while "$ref" in part:
        part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return part


def _missing(key: str, mistake: Refusal, schema: Schema) -> Finding:
    at = mistake.at
    described = resolved(mistake.described, schema).get("properties", {}).get(key, {})
    examples = described.get("examples") or resolved(described, schema).get("examples") or ["..."]
    section = mistake.described.get("$ref", "").rpartition("/")[2]
    where = _name(at) if at else f"'{section}'" if section else "the site"
    help = f"add it, for example  {key}: {flow(examples[0])}"
    return _finding("S102", (*at, key), f"{where} has no key '{key}'", help, on_key=True)


def _wrong_value(mistake: Refusal, spelling: Spelling) -> Finding:
    """A value of the wrong kind, shape or size."""
    at = mistake.at
    if mistake.keyword in _COUNTS:
        message, help = _COUNTS[mistake.keyword]
        return _finding("S106", at, f"{_name(at)} {message}", help or _example(mistake))
    code, wanted = _CHECKS.get(mistake.keyword or "", ("S104", _title))
    help = _example(mistake)
    if _needs_quotes(mistake, spelling(at)):
        help = f'put it in quotes: "{spelling(at)}"'
    elif _is_quoted(mistake):
        help = "remove the quotes"
    message = f"{_name(at)} is {value_in_words(mistake.found, at)}, not {wanted(mistake)}"
    return _finding(code, at, message, help)


def _needs_quotes(mistake: Refusal, text: str) -> bool:
    """Whether a number would be right as text; of a form without a pattern, rules judge what is."""
    is_number = isinstance(mistake.found, int | float) and not isinstance(mistake.found, bool)
    if mistake.keyword != "type" or "string" not in _wanted_types(mistake) or not is_number:
        return False
    part = mistake.part
    return bool(re.search(part["pattern"], text)) if "pattern" in part else not _is_form(part)


def _is_quoted(mistake: Refusal) -> bool:
    """Whether a boolean or a number is expected, and one is written as text."""
    if mistake.keyword == "const":
        return isinstance(mistake.found, str) and mistake.found == str(mistake.wanted)
    if mistake.keyword != "type" or not isinstance(mistake.found, str):
        return False
    form = {"boolean": "true|false", "integer": r"\d{1,9}", "number": r"\d{1,9}(\.\d{1,9})?"}
    forms = [form[name] for name in _wanted_types(mistake) if name in form]
    return any(re.fullmatch(form, mistake.found) for form in forms)


def _title(mistake: Refusal) -> str:
    title = str(mistake.part.get("title", "the expected value"))
    return title if _is_form(mistake.part) else f"a valid {title}"


def _types(mistake: Refusal) -> str:
    wanted = _wanted_types(mistake)
    if _is_form(mistake.part) and "object" not in wanted:
        return _title(mistake)
    return " or ".join(TYPE_NAMES[name] for name in wanted if name != "null")


def _wanted_types(mistake: Refusal) -> list[str]:
    return [mistake.wanted] if isinstance(mistake.wanted, str) else list(mistake.wanted)


_CHECKS: dict[str, tuple[str, Callable[[Refusal], str]]] = {
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


# The keywords of a form that another text was written for.
_OF_FORM = ("type", "pattern", "minLength")

# What is wrong with how many entries there are, and the help where an example is none.
_COUNTS = {
    "minItems": ("has no entry, and needs at least one", ""),
    "minProperties": ("has no entry, and needs at least one", ""),
    "uniqueItems": ("has an entry twice", "keep one of the two"),
}


def _name(at: Pointer) -> str:
    if not at:
        return "the file"
    if isinstance(at[-1], str):
        return f"'{shown(at[-1])}'"
    return f"entry {at[-1] + 1} of '{shown(str(at[-2]))}'"


def value_in_words(value: Any, at: Pointer) -> str:
    """A value in words, never a credential."""
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


def _example(mistake: Refusal) -> str:
    """What to write: the schema's own comment, the nearest allowed word, the form, an example."""
    part = mistake.part
    if not mistake.at:
        return "describe the site: start from the example in the README"
    if mistake.keyword == "type" and "$comment" in part:
        return str(part["$comment"])
    if "enum" in part and isinstance(mistake.found, str):
        return did_you_mean(mistake.found, [str(value) for value in part["enum"] if value])
    if mistake.keyword == "const":
        return f"write  {mistake.wanted}"
    if part.get("items", {}).get("type") == "string" and isinstance(mistake.found, str):
        return f"write a list:  {flow(shown(mistake.found, mistake.at).replace(',', ' ').split())}"
    examples = mistake.described.get("examples") or part.get("examples")
    if not examples:
        return f"expected {_title(mistake)}"
    is_explained = mistake.keyword in _OF_FORM and _is_form(part)
    form = f"{_form(part)}; " if is_explained and part["type"] not in ("array", "object") else ""
    return f"{form}write for example  {flow(examples[0])}"


def _is_form(part: Schema) -> bool:
    """Whether a part describes how something is spelled, and not what it is for."""
    return str(part.get("title", "")).startswith(("a ", "an "))


def _form(part: Schema) -> str:
    description = str(part["description"])
    return description[0].lower() + description[1:].rstrip(".")
