"""JSON Schema -> findings: every mistake once, at its place.

The schema is handed in as data; what says why a text is refused is loaded only for one that is.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from generator.diagnostics import Finding, Pointer
from generator.records import record
from generator.site.acceptance import Acceptance, Predicate, Schema

_WITH_ONE_PART = frozenset({"additionalProperties", "items", "propertyNames"})


@record
class SiteSchema:
    """The schema of site.yaml, made ready once to check many parts of a text."""

    written: Schema

    @staticmethod
    def of(written: Schema) -> "SiteSchema":
        """The one of a schema; the same, with what it made ready, for the same schema."""
        return _MADE.setdefault(id(written), SiteSchema(written=written))

    def findings(self, data: Any, spelling: Callable[[Pointer], str]) -> tuple[Finding, ...]:
        """The mistakes of a whole text; `spelling` tells how a scalar is written in it.

        Reports the first of several mistakes in one value. A key that is missing because it is
        misspelt is not reported as missing too.
        """
        if self._accepts(data):
            return ()
        from generator.site.refusals import findings  # most texts are accepted

        return findings(data, self._flat, self.written, self.written, spelling)

    def findings_of_merged(self, section: str, merged: Any) -> tuple[Finding, ...]:
        """The mistakes of a section that come from merging two parts, each right by itself."""
        part, accepts = self._merged[section]
        if accepts(merged):
            return ()
        from generator.site.refusals import findings

        described = self.written["properties"][section]
        return findings(merged, part, described, self.written, lambda _: "")

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
