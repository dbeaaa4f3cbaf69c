"""A chart's values.schema.json -> where values break it, as Helm would find it, and in words.

The charts' schemas are draft 7. They are other people's text: one that is no schema is said to be
none.
"""

import re
from collections.abc import Mapping
from typing import Any

from generator.credentials import masked, printable, shown
from generator.diagnostics import Pointer
from generator.records import record
from generator.site.schema_words import TYPE_NAMES, value_in_words
from generator.suggest import did_you_mean

Schema = Mapping[str, Any]


class NoSchemaError(ValueError):
    """A schema that nothing can be checked by."""


@record
class Violation:
    """Where values break the schema, which keyword of it, and what was found there.

    Of an unknown key, the place is its own; `known` are the keys that the schema names beside it.
    """

    at: Pointer
    keyword: str
    wanted: Any
    found: Any
    known: tuple[str, ...] = ()

    @property
    def is_unknown_key(self) -> bool:
        """Whether the key is what the schema does not know."""
        return self.keyword == "additionalProperties"

    @property
    def is_about_keys(self) -> bool:
        """Whether a key is wrong or missing."""
        return self.is_unknown_key or bool(self._lacking())

    @property
    def identity(self) -> tuple[Pointer, str]:
        """What tells it from others of the same values."""
        return self.at, self.keyword

    def message(self, chart: str) -> str:
        """What is wrong, of the chart of that name and version."""
        name = printable(masked(".".join(map(str, self.at)))) or "values"
        if self.is_unknown_key:
            return f"chart {chart} knows no '{name}'"
        if lacking := self._lacking():
            keys = ", ".join(f"'{key}'" for key in lacking)
            one_of = "" if self.keyword == "required" else "one of "
            return f"'{name}' lacks {one_of}{keys}, which chart {chart} wants"
        there = value_in_words(self.found, self.at)
        return f"'{name}' is {there}, and chart {chart} wants {self._wanted()}"

    def cure(self) -> str:
        """What to do about it."""
        if self.is_unknown_key:
            return did_you_mean(str(self.at[-1]), self.known)
        if self._lacking():
            return "add what it lacks, or remove it"
        if self.keyword == "type":
            return self._retyped()
        if self.keyword == "enum" and isinstance(self.found, str):
            return did_you_mean(self.found, map(str, self.wanted))
        return f"write {self._wanted()}"

    def _lacking(self) -> tuple[str, ...]:
        """The keys that are missing; of alternatives that only want a key each, all of them."""
        wanted = self.wanted if self.keyword == "required" else ()
        if self.keyword in ("anyOf", "oneOf"):
            keys = [one.get("required", ()) for one in self.wanted if isinstance(one, Mapping)]
            wanted = [key for each in keys for key in each] if all(map(len, keys)) else ()
        is_map = isinstance(self.found, Mapping)
        return tuple(str(key) for key in wanted if key not in self.found) if is_map else ()

    def _types(self) -> list[str]:
        names = [self.wanted] if isinstance(self.wanted, str) else self.wanted
        return [name for name in names if name != "null"] or ["null"]

    def _wanted(self) -> str:
        if self.keyword == "type":
            return " or ".join(TYPE_NAMES.get(name, name) for name in self._types())
        if self.keyword in ("enum", "const"):
            words = self.wanted if self.keyword == "enum" else [self.wanted]
            return "one of " + ", ".join(str(word) for word in words if word not in (None, ""))
        return _LIMITS.get(self.keyword, "something else").format(shown(str(self.wanted)))

    def _retyped(self) -> str:
        is_number = isinstance(self.found, int | float) and not isinstance(self.found, bool)
        if is_number and "string" in self._types():
            return "put it in quotes"
        if self.found in ("true", "false") and "boolean" in self._types():
            return "remove the quotes"
        return f"write {self._wanted()}"


_LIMITS = {
    "pattern": "text of the form {}",
    "minimum": "{} or more",
    "maximum": "{} or less",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or less",
    "minItems": "{} entries or more",
    "maxItems": "{} entries or less",
    "uniqueItems": "each entry once",
}


def violations(values: Any, schema: Schema) -> tuple[Violation, ...]:
    """Where values break a chart's schema; NoSchemaError where it is not a schema.

    Of `anyOf` and `oneOf` only the alternative that fits best is reported.
    """
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import best_match

    try:
        errors = [
            best_match([error]) or error for error in Draft7Validator(schema).iter_errors(values)
        ]
        return tuple(one for error in errors for one in _violations(error))
    except Exception as fault:  # a wrong schema makes jsonschema fail in many ways
        raise NoSchemaError from fault


def _violations(error: Any) -> list[Violation]:
    at: Pointer = tuple(error.absolute_path)
    keyword, wanted = str(error.validator), error.validator_value
    if keyword != "additionalProperties":
        return [Violation(at=at, keyword=keyword, wanted=wanted, found=error.instance)]
    known, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
    return [
        Violation(
            at=(*at, key), keyword=keyword, wanted=wanted, found=found, known=tuple(sorted(known))
        )
        for key, found in error.instance.items()
        if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    ]


_OF_ROOT = ("required", "properties", "patternProperties", "additionalProperties")


def of_section(schema: Schema, section: str) -> Schema:
    """The schema of values that hold one of its root keys and nothing else."""
    known = _properties(schema)
    kept = {key: part for key, part in schema.items() if key not in _OF_ROOT}
    return {**kept, "properties": {section: known[section]} if section in known else {}}


def of_root(schema: Schema) -> Schema:
    """The schema without what it says of the values below its root keys."""
    return {**schema, "properties": {key: {} for key in _properties(schema)}}


def _properties(schema: Schema) -> Mapping[str, Any]:
    """What it says of each key; NoSchemaError where that is not a map."""
    known = schema.get("properties", {})
    if not isinstance(known, Mapping):
        raise NoSchemaError
    return known
