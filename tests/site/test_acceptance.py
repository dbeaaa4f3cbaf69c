"""The quick answer of the schema is that of `jsonschema`, for whatever data."""

import copy
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators

from generator.io import resources
from generator.site.acceptance import Acceptance
from generator.yaml.read import read
from tests.support import mutations, random_sites
from tests.support.random_values import examples
from tests.support.sites import PROTOCOAST

SCHEMA = resources.site_schema()
# Values that schemas of every kind tell apart.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 1.5, 0.0, 10**9, "", "a", "1", "true", "a\n", "x" * 300),
    *([], [1], [1, 1], [1, True], ["a", "a"], [{"a": 1}, {"a": 1}], {}, {"a": 1}, {"": None}),
)
PARTS: tuple[dict[str, Any], ...] = (
    {"type": "integer"},
    {"type": "number"},
    {"type": ["string", "null"]},
    {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-z]+$"}},
    {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 1},
    {"const": 1},
    {"const": True},
    {"enum": ["a", 1, None, [1], {"a": 1}]},
    {"minimum": 0, "maximum": 1},
    {"exclusiveMinimum": 0},
    {"minLength": 1, "maxLength": 2},
    {"required": ["a"], "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
    {"additionalProperties": {"type": "integer"}},
    {"properties": {"a": {"not": {"const": 1}}}},
    {"allOf": [{"if": {"type": "object"}, "then": {"required": ["a"]}}, {"not": {"const": ""}}]},
    {"if": {"type": "string"}},
    {"$ref": "#/$defs/small", "$defs": {"small": {"maximum": 1}}},
    {"items": False},
    {},
)


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_it_accepts_what_jsonschema_accepts(part: dict[str, Any]) -> None:
    accepts = Acceptance(part).of(part)
    validator = Draft202012Validator(part)
    told = {repr(value): accepts(value) for value in VALUES}
    assert told == {repr(value): validator.is_valid(value) for value in VALUES}
    assert len(set(told.values())) == (1 if part in ({}, {"if": {"type": "string"}}) else 2)


def test_a_dollar_is_the_end_of_a_text() -> None:
    part = {"pattern": "^[a-z]+$"}
    accepts = Acceptance(part).of(part)
    assert [accepts(text) for text in ("a", "a\n", "\na", 1)] == [True, False, False, True]


def test_a_keyword_that_it_does_not_know_is_an_error() -> None:
    part = {"dependentRequired": {"a": ["b"]}}
    with pytest.raises(KeyError, match="dependentRequired"):
        Acceptance(part).of(part)


def test_every_keyword_of_the_schema_is_known() -> None:
    acceptance = Acceptance(SCHEMA)
    parts = [SCHEMA]
    for part in parts:
        acceptance.of(part)
        inner = [*part.get("properties", {}).values(), *part.get("$defs", {}).values()]
        inner += [
            part[key]
            for key in ("items", "additionalProperties", "not", "if", "then")
            if isinstance(part.get(key), dict)
        ]
        parts += [*inner, *part.get("allOf", ())]
    assert len(parts) > 200


def pattern_errors(_: Any, pattern: str, text: Any, __: Any) -> Iterator[ValidationError]:
    """A dollar is the end of the text, as in other languages."""
    if isinstance(text, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), text):
        yield ValidationError("pattern")


PLAIN = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": pattern_errors}
)(SCHEMA)


@pytest.mark.parametrize("part", range(4))
def test_of_edited_sites_it_says_what_jsonschema_says(part: int) -> None:
    chance = random.Random(f"acceptance {part}")
    accepts = Acceptance(SCHEMA).of(SCHEMA)
    sites = examples(random_sites.sites(), 40, number=part + 1)
    texts = [random_sites.as_text(raw) for raw in sites]
    edits = list(mutations.EDITS.values())
    texts += [chance.choice(edits)(PROTOCOAST.read_text(), chance) for _ in texts]
    found = [read(text.encode("utf-8", "surrogatepass"), "").data for text in texts]
    changed = [changed_somewhere(data, chance) for data in found if isinstance(data, dict)]
    told = [(accepts(data), PLAIN.is_valid(data)) for data in (*found, *changed)]
    assert all(quick == plain for quick, plain in told)
    assert {quick for quick, _ in told} == {True, False}


def changed_somewhere(data: Any, chance: random.Random) -> Any:
    """The data with one value replaced, removed or added."""
    data = copy.deepcopy(data)
    node: Any = data
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return data
        key = chance.choice(keys)
        deeper = isinstance(node[key], dict | list) and node[key] and chance.random() < 0.8
        if not deeper:
            break
        node = node[key]
    if chance.random() < 0.2:
        del node[key]
    else:
        node[key] = copy.deepcopy(chance.choice(VALUES))
    return data
