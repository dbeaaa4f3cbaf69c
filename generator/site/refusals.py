"""Why data are refused by a part of the schema of site.yaml: each mistake once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import ValidationError, validators

from generator.diagnostics import Finding, Pointer
from generator.site.acceptance import PLAIN, Schema
from generator.site.schema_words import Refusal, Spelling, resolved, worded


def findings(
    data: Any, flat: Schema, described: Schema, schema: Schema, spelling: Spelling
) -> tuple[Finding, ...]:
    """The mistakes of data; `flat` is what they break, `described` what `schema` says of them."""
    first: dict[tuple[Pointer, bool], Finding] = {}
    for error in _VALIDATOR(flat).iter_errors(data):
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


def _described(at: Pointer, part: Schema, schema: Schema) -> Schema:
    """What the schema says of a place below one of its parts: an empty map for nothing."""
    for step in at:
        holder = resolved(part, schema)
        children = holder.get("properties", {})
        others = holder.get("items" if isinstance(step, int) else "additionalProperties")
        found = children.get(step, others)
        part = found if isinstance(found, Mapping) else {}
    return part


def _errors_of(keyword: str) -> Callable[[Any, Any, Any, Schema], Iterator[Any]]:
    def errors(_: Any, wanted: Any, found: Any, __: Schema) -> Iterator[Any]:
        if not PLAIN[keyword](wanted)(found):
            yield ValidationError(keyword)

    return errors


# Where jsonschema's own check differs: for it `$` also matches before a last line end, and it
# compares every entry of a list with every other.
_OWN = {keyword: _errors_of(keyword) for keyword in ("pattern", "uniqueItems")}
_VALIDATOR: Any = validators.extend(validators.Draft202012Validator, _OWN)  # type: ignore[no-untyped-call]
