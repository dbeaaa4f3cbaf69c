"""JSON Schema -> findings: every mistake once, at its place.

The schema is handed in as data; `jsonschema` is imported only to say what is wrong with a text.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from generator.diagnostics import Finding, Pointer
from generator.records import record
from generator.site.acceptance import PLAIN, Acceptance, Predicate
from generator.site.schema_words import Refusal, Schema, Spelling, resolved, worded

_WITH_ONE_PART = frozenset({"additionalProperties", "items", "propertyNames"})


@record
class SiteSchema:
    """The schema of site.yaml, made ready once to check many parts of a text."""

    written: Schema

    @staticmethod
    def of(written: Schema) -> "SiteSchema":
        """The one of a schema; the same, with what it made ready, for the same schema."""
        return _MADE.setdefault(id(written), SiteSchema(written=written))

    def findings(self, data: Any, spelling: Spelling) -> tuple[Finding, ...]:
        """The mistakes of a whole text; `spelling` tells how a scalar is written in it.

        Reports the first of several mistakes in one value. A key that is missing because it is
        misspelt is not reported as missing too.
        """
        if self._accepts(data):
            return ()
        return _findings(data, self._flat, self.written, self.written, spelling)

    def findings_of_merged(self, section: str, merged: Any) -> tuple[Finding, ...]:
        """The mistakes of a section that come from merging two parts, each right by itself."""
        part, accepts = self._merged[section]
        if accepts(merged):
            return ()
        described = self.written["properties"][section]
        return _findings(merged, part, described, self.written, lambda _: "")

    @cached_property
    def _accepts(self) -> Predicate:
        return Acceptance(self.written).of(self.written)

    @cached_property
    def _flat(self) -> Schema:
        """The schema with every reference followed."""
        return _flat(self.written, self.written, {})

    @cached_property
    def _merged(self) -> Mapping[str, tuple[Schema, Predicate]]:
        """What only a merged section can break, by section."""
        known: dict[str, Schema] = {}
        sections = self.written["properties"].items()
        parts = {name: _left_open(part, self.written, known) for name, part in sections}
        return {name: (part, Acceptance(part).of(part)) for name, part in parts.items()}


# Each holds the schema whose identity is its key.
_MADE: dict[int, SiteSchema] = {}


def _flat(part: Schema, schema: Schema, known: dict[str, Schema]) -> Schema:
    """A part of the schema with every reference in it replaced by what it refers to."""
    if "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        if name not in known:
            known[name] = _flat(schema["$defs"][name], schema, known)
        return known[name]
    flat = dict(part)
    for keyword in _WITH_ONE_PART & part.keys():
        if isinstance(part[keyword], Mapping):
            flat[keyword] = _flat(part[keyword], schema, known)
    if "properties" in part:
        children = part["properties"].items()
        flat["properties"] = {name: _flat(child, schema, known) for name, child in children}
    return flat


def _left_open(part: Schema, schema: Schema, known: dict[str, Schema]) -> Schema:
    """What stays to be checked of two parts that are right by themselves, once they are merged.

    An override may leave out and remove keys, and choose another provider; a list replaces. Every
    reference is followed.
    """
    if "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        if name not in known:
            known[name] = _left_open(schema["$defs"][name], schema, known)
        return known[name]
    left = {keyword: part[keyword] for keyword in ("required", "allOf") if keyword in part}
    properties = part.get("properties", {}).items()
    children = {name: _left_open(child, schema, known) for name, child in properties}
    within = {name: child for name, child in children.items() if child}
    return {**left, "properties": within} if within else left


def _findings(
    data: Any, flat: Schema, described: Schema, schema: Schema, spelling: Spelling
) -> tuple[Finding, ...]:
    first: dict[tuple[Pointer, bool], Finding] = {}
    for error in _validator()(flat).iter_errors(data):
        at: Pointer = tuple(error.absolute_path)
        mistake = Refusal(
            at=at,
            keyword=error.validator,
            wanted=error.validator_value,
            found=error.instance,
            part=error.schema if isinstance(error.schema, Mapping) else {},
            described=_described(at, described, schema),
            of_name="propertyNames" in error.schema_path,
        )
        for finding in worded(mistake, schema, spelling):
            first.setdefault((finding.at, finding.on_key), finding)
    intended = [finding.intended for finding in first.values() if finding.intended is not None]
    misspelt = {place[:depth] for place in intended for depth in range(1, len(place) + 1)}
    found = first.values()
    return tuple(each for each in found if each.code != "S102" or each.at not in misspelt)


@cache
def _validator() -> Any:
    """Jsonschema's validator, with our checks for two keywords; it takes 1 ms to build."""
    from jsonschema import validators  # 60 ms; only a text to check needs it

    # Where jsonschema's own check differs: for it `$` also matches before a last line end, and it
    # compares every entry of a list with every other.
    own = {keyword: _errors_of(keyword) for keyword in ("pattern", "uniqueItems")}
    return validators.extend(validators.Draft202012Validator, own)  # type: ignore[no-untyped-call]


def _errors_of(keyword: str) -> Callable[[Any, Any, Any, Schema], Iterator[Any]]:
    from jsonschema import ValidationError

    def errors(_: Any, wanted: Any, found: Any, __: Schema) -> Iterator[Any]:
        if not PLAIN[keyword](wanted)(found):
            yield ValidationError(keyword)

    return errors


def _described(at: Pointer, part: Schema, schema: Schema) -> Schema:
    """What the schema says of a place below one of its parts: an empty map for nothing."""
    for step in at:
        holder = resolved(part, schema)
        children = holder.get("properties", {})
        others = holder.get("items" if isinstance(step, int) else "additionalProperties")
        found = children.get(step, others)
        part = found if isinstance(found, Mapping) else {}
    return part
