"""What other programs print is read as Go reads it, and nothing in it can stop the reader."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.yaml.stream import MAX_DEPTH, Unreadable, items, read, split

# https://github.com/kubernetes-sigs/yaml (goyaml.v2, resolve.go)
SCALARS: dict[str, Any] = {
    "y": True,
    "Off": False,
    "~": None,
    "": None,
    "null": None,
    "1e3": 1000.0,
    "12e4": 120000.0,
    "0o17": 15,
    "017": 15,
    "0x1F": 31,
    "0b11": 3,
    "1_000": 1000,
    "-5": -5,
    "+.5": 0.5,
    "08": 8.0,
    "2022-06-01": "2022-06-01",
    "2001-1-1": "2001-1-1",
    "1:30": "1:30",
    "v1.30": "v1.30",
    "tRUE": "tRUE",
    "18446744073709551616": float(2**64),
}


@pytest.mark.parametrize(("text", "value"), SCALARS.items(), ids=SCALARS)
def test_plain_scalar_means_what_go_takes_it_for(text: str, value: Any) -> None:
    found = read(f"a: {text}\n")["a"]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", [text for text in SCALARS if text])
def test_quoted_scalar_is_a_text(text: str) -> None:
    assert read(f"a: '{text}'\n") == {"a": text}


def test_not_a_number_is_one() -> None:
    assert math.isnan(read("a: .nan")["a"])


def test_keys_are_texts_and_the_last_of_two_counts() -> None:
    assert read("1: a\ntrue: b\nnull: c\nx: 1\nx: 2\n") == {
        "1": "a",
        "true": "b",
        "null": "c",
        "x": 2,
    }


def test_aliases_and_merges_are_resolved() -> None:
    text = "a: &a {x: 1, z: 2}\nb: *a\nc: {<<: *a, z: 3}\n"
    assert read(text) == {"a": {"x": 1, "z": 2}, "b": {"x": 1, "z": 2}, "c": {"x": 1, "z": 3}}


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


HOSTILE = {
    "deep lists": "[" * 200_000,
    "deep maps": "\n".join(f"{' ' * depth}a:" for depth in range(3000)),
    "aliases of aliases": laughs(9),
    "an alias of nothing": "a: *b",
    "an end that is missing": "a: [1, 2",
    "a tab": "a:\n\t- b",
    "a long number": "a: " + "9" * 5000,
    "a map as a key": "? {a: 1}\n: 2",
    "a control character": "a: \x00",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_depth_that_is_allowed_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


def test_stream_is_split_at_its_separators_alone() -> None:
    text = "---\n# only a comment\n---\na: |\n  ---\n  b\n--- # more\nc: 1\n...\n---\n\n"
    assert [read(part) for part in split(text)] == [{"a": "---\nb\n"}, {"c": 1}]


TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_what_it_means(value: Any) -> None:
    assert read(json.dumps(value, ensure_ascii=False)) == value


@given(st.lists(VALUES))
def test_items_are_those_of_the_list_alone(value: list[Any]) -> None:
    document = {"a": [{"b": [0]}], "entries": {"o": {"x": 1}, "here": value}, "z": 1}
    text = json.dumps(document, ensure_ascii=False)
    assert list(items(text, "entries", "here")) == value


@pytest.mark.parametrize("document", [{}, {"entries": 5}, {"entries": {"here": {"a": 1}}}, [1], 5])
def test_no_list_has_no_items(document: Any) -> None:
    assert list(items(json.dumps(document), "entries", "here")) == []
