"""Whether data match a JSON Schema: yes or no, in microseconds. Pure.

`jsonschema` says the same and why, but takes longer to import than everything else that a command
does. So it is asked only about data that are refused here. Each part of a schema becomes a function
when data first reach it; a keyword that is in no table here is an error at that moment.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from typing import Any

Schema = Mapping[str, Any]
Predicate = Callable[[Any], bool]

# What says nothing about data (JSON Schema 2020-12, the meta-data vocabulary), and `then`, which
# is read with its `if`.
_SILENT = frozenset(
    {"$schema", "$defs", "$comment", "title", "description", "default", "examples", "then"}
)


class Acceptance:
    """The checks of one schema; references are followed in it. Only local ones are known."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._checks: dict[int, Predicate] = {}

    def of(self, part: Schema | bool) -> Predicate:
        """Says whether data keep a part of the schema. KeyError for a keyword it can't judge."""
        if isinstance(part, bool):
            return lambda _: part
        if id(part) not in self._checks:
            self._checks[id(part)] = self._made(part)
        return self._checks[id(part)]

    def _made(self, part: Schema) -> Predicate:
        return _all([*self._keywords(part)])

    def _keywords(self, part: Schema) -> Iterator[Predicate]:
        if "properties" in part or "additionalProperties" in part:
            yield self._members(part)
        for keyword, wanted in part.items():
            if keyword in PLAIN:
                yield PLAIN[keyword](wanted)
            elif keyword not in _SILENT and keyword not in ("properties", "additionalProperties"):
                yield _APPLYING[keyword](self, wanted, part)

    def _members(self, part: Schema) -> Predicate:
        """Every member of a map by the schema of its name, or else by that of all others."""
        named: dict[str, Predicate] = {}
        properties = part.get("properties", {})
        others = self._later(part.get("additionalProperties", True))

        def check(data: Any) -> bool:
            if not isinstance(data, dict):
                return True
            for name, value in data.items():
                known = named.get(name)
                if known is None:
                    known = others
                    if name in properties:
                        known = named[name] = self.of(properties[name])
                if not known(value):
                    return False
            return True

        return check

    def _later(self, part: Schema | bool) -> Predicate:
        """A check that is made when data first reach it: most of a schema is never needed."""
        if isinstance(part, bool):
            return self.of(part)
        made: list[Predicate] = []

        def check(data: Any) -> bool:
            if not made:
                made.append(self.of(part))
            return made[0](data)

        return check

    def reference(self, name: str, _: Schema) -> Predicate:
        """What `$ref` refers to."""
        return self.of(self._schema["$defs"][name.removeprefix("#/$defs/")])

    def items(self, wanted: Schema, _: Schema) -> Predicate:
        """Each entry of a list."""
        entry = self._later(wanted)
        return lambda data: not isinstance(data, list) or all(map(entry, data))

    def names(self, wanted: Schema, _: Schema) -> Predicate:
        """Each key of a map."""
        name = self._later(wanted)
        return lambda data: not isinstance(data, dict) or all(map(name, data))

    def every(self, wanted: list[Schema], _: Schema) -> Predicate:
        """All of several schemas."""
        return _all([self.of(part) for part in wanted])

    def refuted(self, wanted: Schema, _: Schema) -> Predicate:
        """Whatever a schema refuses."""
        check = self.of(wanted)
        return lambda data: not check(data)

    def condition(self, wanted: Schema, part: Schema) -> Predicate:
        """`then`, for what keeps `if`."""
        when, then = self.of(wanted), self._later(part.get("then", True))
        return lambda data: not when(data) or then(data)


def _all(checks: list[Predicate]) -> Predicate:
    def every(data: Any) -> bool:
        for check in checks:  # noqa: SIM110, half the time of all()
            if not check(data):
                return False
        return True

    return checks[0] if len(checks) == 1 else every


def _is_number(data: Any) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)


_TYPES: Mapping[str, Predicate] = {
    "array": lambda data: isinstance(data, list),
    "boolean": lambda data: isinstance(data, bool),
    "integer": lambda data: _is_number(data) and float(data).is_integer(),
    "null": lambda data: data is None,
    "number": _is_number,
    "object": lambda data: isinstance(data, dict),
    "string": lambda data: isinstance(data, str),
}


def _type(wanted: str | list[str]) -> Predicate:
    if isinstance(wanted, str):
        return _TYPES[wanted]
    return reduce(_either, (_TYPES[kind] for kind in wanted))


def _either(one: Predicate, other: Predicate) -> Predicate:
    return lambda data: one(data) or other(data)


# How patterns list the characters beyond ASCII that they refuse. A set with them takes five times
# as long to compile, and of ASCII text they say nothing.
_BEYOND_ASCII = r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"


@cache
def _pattern(wanted: str) -> Predicate:
    """Its `$` is the end, as in other languages; Python's also matches before a last line end."""
    whole = f"{wanted[:-1]}\\Z" if wanted.endswith("$") else wanted
    ascii = whole.replace(_BEYOND_ASCII, "")

    def check(data: Any) -> bool:
        if not isinstance(data, str):
            return True
        return _search(ascii if data.isascii() else whole)(data) is not None

    return check


@cache
def _search(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern).search


def _among(wanted: list[Any]) -> Predicate:
    spelled = {_spelled(one) for one in wanted}
    return lambda data: _spelled(data) in spelled


def _spelled(data: Any) -> str:
    """The same text for what is equal in JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(data, str):
        return f'"{data}'  # most often; nothing else begins with a quote
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    return json.dumps(data, sort_keys=True)


def _number(holds: Callable[[Any, Any], bool]) -> Callable[[Any], Predicate]:
    return lambda wanted: lambda data: not _is_number(data) or holds(data, wanted)


def _length(kind: type[Any], holds: Callable[[int, int], bool]) -> Callable[[int], Predicate]:
    return lambda wanted: lambda data: not isinstance(data, kind) or holds(len(data), wanted)


def _required(names: frozenset[str]) -> Predicate:
    return lambda data: not isinstance(data, dict) or data.keys() >= names


# Keywords that need no other part of the schema.
PLAIN: Mapping[str, Callable[[Any], Predicate]] = {
    "type": _type,
    "const": lambda wanted: _among([wanted]),
    "enum": _among,
    "pattern": _pattern,
    "minLength": _length(str, lambda found, wanted: found >= wanted),
    "maxLength": _length(str, lambda found, wanted: found <= wanted),
    "minItems": _length(list, lambda found, wanted: found >= wanted),
    "minProperties": _length(dict, lambda found, wanted: found >= wanted),
    "minimum": _number(lambda found, wanted: found >= wanted),
    "maximum": _number(lambda found, wanted: found <= wanted),
    "exclusiveMinimum": _number(lambda found, wanted: found > wanted),
    "uniqueItems": lambda _: (
        lambda data: not isinstance(data, list) or len({*map(_spelled, data)}) == len(data)
    ),
    "required": lambda wanted: _required(frozenset(wanted)),
}
# Keywords that apply other parts of the schema, or of the data.
_APPLYING: Mapping[str, Callable[[Acceptance, Any, Schema], Predicate]] = {
    "$ref": Acceptance.reference,
    "items": Acceptance.items,
    "propertyNames": Acceptance.names,
    "allOf": Acceptance.every,
    "not": Acceptance.refuted,
    "if": Acceptance.condition,
}
