"""Merging and its inverse: base + patches == target, in the smallest patches."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.merge import merge, patches, same
from tests.support import random_values

Json = Any


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [
        ({}, {}, {}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1]}, {"a": []}, {"a": []}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"b": 2}, {"a": None}, {"b": 2}),
        ({"a": {"b": 1}}, {"a": {"b": None}}, {"a": {}}),
        ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}),
        ({}, {"a": {}}, {"a": {}}),
        ({}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}),
        ({"a": 1}, {"a": {"b": None, "c": 2}}, {"a": {"c": 2}}),
        ({"a": {"b": 1}}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": 1}}, {"a": [{"b": None}]}, {"a": [{"b": None}]}),
        ({"a": 1}, [2], [2]),
        ("a", {"b": 1}, {"b": 1}),
    ],
    ids=repr,
)
def test_merging(base: Json, patch: Json, merged: Json) -> None:
    assert merge(base, patch) == merged


def test_merging_keeps_the_order_and_changes_neither_side() -> None:
    base: Json = {"b": {"y": 1}, "a": 1}
    patch: Json = {"c": 1, "b": {"x": 2}, "a": None}
    merged = merge(base, patch)
    assert (list(merged), list(merged["b"])) == (["b", "c"], ["y", "x"])
    assert (base, patch) == ({"b": {"y": 1}, "a": 1}, {"c": 1, "b": {"x": 2}, "a": None})


@pytest.mark.parametrize(
    ("base", "target", "wanted"),
    [
        ({}, {}, ()),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}, ()),
        ({"a": 1}, {"a": 2}, ({"a": 2},)),
        ({"a": 1, "b": {"c": 1}}, {"a": 1}, ({"b": None},)),
        ({"b": {"c": 1, "d": 1}}, {"b": {}}, ({"b": {"c": None, "d": None}},)),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, ({"a": {"b": 2}},)),
        ({}, {"a": {}}, ({"a": {}},)),
        ({"a": [1, 2]}, {"a": [1]}, ({"a": [1]},)),
        ({"a": {"b": 1}}, {"a": [1]}, ({"a": None}, {"a": [1]})),
        ({"a": [1]}, {"a": "b"}, ({"a": None}, {"a": "b"})),
        ({"a": []}, {"a": {}}, ({"a": None}, {"a": {}})),
        ({"a": "1"}, {"a": 1}, ({"a": None}, {"a": 1})),
        ({"a": True}, {"a": "true"}, ({"a": None}, {"a": "true"})),
        ({"a": True}, {"a": 1}, ({"a": 1},)),
        (
            {"a": {"b": [1], "c": 1}, "d": 1},
            {"a": {"b": {}, "c": 2}},
            ({"a": {"b": None}}, {"a": {"b": {}, "c": 2}, "d": None}),
        ),
    ],
    ids=repr,
)
def test_the_smallest_patches(
    base: Json, target: Json, wanted: tuple[dict[str, Json], ...]
) -> None:
    assert patches(base, target) == wanted


def applied(base: Json, target: Json) -> Json:
    """The base with its patches to the target."""
    for patch in patches(base, target):
        base = merge(base, patch)
    return base


@given(base=random_values.maps(), target=random_values.maps())
def test_patches_lead_to_any_target(base: Json, target: Json) -> None:
    assert same(applied(base, target), target)


@given(base=random_values.maps(), overrides=random_values.maps(removing=True))
def test_patches_lead_to_an_overridden_base(base: Json, overrides: Json) -> None:
    target = merge(base, overrides)
    assert same(applied(base, target), target)


@given(random_values.maps())
def test_nothing_changes_without_a_patch(base: Json) -> None:
    assert patches(base, base) == ()


@given(base=random_values.maps(), target=random_values.maps())
def test_every_part_of_a_patch_is_needed(base: Json, target: Json) -> None:
    found = patches(base, target)
    for last in found[-1:]:
        before = merge(base, found[0]) if len(found) > 1 else base
        for key in last:
            without = {name: value for name, value in last.items() if name != key}
            assert not same(merge(before, without), target)


@given(base=random_values.maps(), target=random_values.maps())
def test_no_patch_changes_what_kind_of_node_stands_at_a_key(base: Json, target: Json) -> None:
    for patch in patches(base, target):
        assert list(kind_changes(base, patch)) == []
        base = merge(base, patch)


def kind_changes(base: Json, patch: Json) -> list[str]:
    """The keys where a patch sets one kind of node over another."""
    found = []
    for key, after in patch.items():
        if after is None or key not in base:
            continue
        before = base[key]
        kinds = [isinstance(before, kind) != isinstance(after, kind) for kind in (dict, list, str)]
        found += [key] if any(kinds) else []
        if isinstance(before, dict) and isinstance(after, dict):
            found += kind_changes(before, after)
    return found


@given(base=random_values.maps(), patch=random_values.maps(removing=True))
def test_merging_twice_is_merging_once(base: Json, patch: Json) -> None:
    merged = merge(base, patch)
    assert same(merge(merged, patch), merged)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1, True),
        (1, True, False),
        (0, False, False),
        (1, 1.0, False),
        (1.5, 1.5, True),
        ("1", 1, False),
        ("", None, False),
        ([], {}, False),
        ([], (), True),
        ([1, [True]], [1, [True]], True),
        ([1, [True]], [1, [1]], False),
        ([1], [1, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1.0}}, False),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        ({}, {}, True),
    ],
    ids=repr,
)
def test_equality_of_yaml_data(one: Json, other: Json, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


@given(st.one_of(random_values.values(), random_values.maps()))
def test_everything_is_the_same_as_itself(value: Json) -> None:
    assert same(value, value)
