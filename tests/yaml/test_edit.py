"""One scalar of a text is changed, and all else stays byte for byte."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.diagnostics import Pointer
from generator.yaml.edit import NotEditable, put
from generator.yaml.read import read

CHART: Pointer = ("charts", "jupyterhub", "version")

REPLACED: dict[str, tuple[str, Pointer, str, str]] = {
    "flow": ("a: {b: 3.3.8}  # why\n", ("a", "b"), "4.4.0", "a: {b: 4.4.0}  # why\n"),
    "block": (
        "a:\n  b: 3.3.8   # why\nc: 1\n",
        ("a", "b"),
        "4.4.0",
        "a:\n  b: 4.4.0   # why\nc: 1\n",
    ),
    "double quotes": ('a: "3.3.8"\n', ("a",), "4.4.0", 'a: "4.4.0"\n'),
    "single quotes": ("a: '3.3.8' # x\n", ("a",), "it's", "a: 'it''s' # x\n"),
    "no line end": ("a: 3.3.8", ("a",), "4.4.0", "a: 4.4.0"),
    "other line ends": ("a: 1.0.0\r\nb: 3.3.8\r\n", ("b",), "4.4.0", "a: 1.0.0\r\nb: 4.4.0\r\n"),
    "byte order mark": ("\ufeffa: 3.3.8\n", ("a",), "4.4.0", "\ufeffa: 4.4.0\n"),
    "needs quotes": ("a: {b: 3.3.8}\n", ("a", "b"), "1.30", 'a: {b: "1.30"}\n'),
    "needs quotes in flow": ("a: {b: x:y}\n", ("a", "b"), "x, y", 'a: {b: "x, y"}\n'),
    "a number becomes text": ("a: 1\n", ("a",), "4.4.0", "a: 4.4.0\n"),
    "nothing becomes text": ("a:\nb: 1\n", ("a",), "4.4.0", "a: 4.4.0\nb: 1\n"),
    "nothing and a comment": ("a: # b\nb: 1\n", ("a",), "4.4.0", "a: 4.4.0 # b\nb: 1\n"),
    "in a list": ("a: [x, u]\n", ("a", 1), "z", "a: [x, z]\n"),
    "in a list of maps": (
        "a:\n  - {i: x}\n  - i: u # b\n",
        ("a", 1, "i"),
        "z:1",
        "a:\n  - {i: x}\n  - i: z:1 # b\n",
    ),
    "wide characters before": ("{ü€𝄞: 1, a: 3.3.8}\n", ("a",), "4.4.0", "{ü€𝄞: 1, a: 4.4.0}\n"),
    "over two lines": ('a: "x\n  y"\nb: 1\n', ("a",), "z", 'a: "z"\nb: 1\n'),
    "bare over two lines": ("a: x\n  y\nb: 1\n", ("a",), "z", "a: z\nb: 1\n"),
}


@pytest.mark.parametrize(("text", "at", "value", "after"), REPLACED.values(), ids=REPLACED)
def test_a_scalar_is_replaced_where_it_stands(
    text: str, at: Pointer, value: str, after: str
) -> None:
    assert put(text, at, value) == after


ADDED: dict[str, tuple[str, Pointer, str]] = {
    "empty map": ("charts: {}\n", CHART, "charts: {jupyterhub: {version: 4.4.0}}\n"),
    "flow": (
        "charts: {dask: 1}  # x\n",
        CHART,
        "charts: {dask: 1, jupyterhub: {version: 4.4.0}}  # x\n",
    ),
    "flow with a comma": (
        "charts: {dask: 1,}\n",
        CHART,
        "charts: {dask: 1, jupyterhub: {version: 4.4.0},}\n",
    ),
    "flow over lines": (
        "charts: {\n  dask: 1 # x\n}\n",
        CHART,
        "charts: {\n  dask: 1, jupyterhub: {version: 4.4.0} # x\n}\n",
    ),
    "block": (
        "charts:\n  dask: 1\n\n# end\nother: 2\n",
        CHART,
        "charts:\n  dask: 1\n  jupyterhub: {version: 4.4.0}\n\n# end\nother: 2\n",
    ),
    "inner key": (
        "charts:\n    jupyterhub:\n        repository: x\n",
        CHART,
        "charts:\n    jupyterhub:\n        repository: x\n        version: 4.4.0\n",
    ),
    "whole path": (
        "site: x\nother:\n  - 1",
        CHART,
        "site: x\nother:\n  - 1\ncharts: {jupyterhub: {version: 4.4.0}}",
    ),
    "other line ends": (
        "site: x\r\n",
        CHART,
        "site: x\r\ncharts: {jupyterhub: {version: 4.4.0}}\r\n",
    ),
    "behind a block of text": (
        "a:\n  b: |\n    x\n\n  # c\nd: 1\n",
        ("a", "c"),
        "a:\n  b: |\n    x\n  c: 4.4.0\n\n  # c\nd: 1\n",
    ),
    "before a block that keeps its blank lines": (
        "a:\n  b: |+\n    x\n\nd: 1\n",
        ("a", "c"),
        "a:\n  c: 4.4.0\n  b: |+\n    x\n\nd: 1\n",
    ),
    "in an entry of a list": (
        "a:\n  - b: 1\n    # x\n  - b: 2\n",
        ("a", 0, "c"),
        "a:\n  - b: 1\n    c: 4.4.0\n    # x\n  - b: 2\n",
    ),
}


@pytest.mark.parametrize(("text", "at", "after"), ADDED.values(), ids=ADDED)
def test_a_key_that_is_lacking_is_added(text: str, at: Pointer, after: str) -> None:
    assert put(text, at, "4.4.0") == after


REFUSED: dict[str, tuple[str, Pointer, str, str]] = {
    "anchor": ("a: 1\nb: &x 3\nc: *x\n", ("a",), "line 2:", "a: 4.4.0"),
    "map": (
        "a:\n  b: {c: 1}\n",
        ("a", "b"),
        "line 2: the value here is a map or a list",
        "a.b: 4.4.0",
    ),
    "below a scalar": (
        "a: 1\nb: x\n",
        ("b", "c"),
        "line 2: the value here is a map or a list",
        "b.c: 4.4.0",
    ),
    "block of text": (
        "a: |\n  x\n",
        ("a",),
        "line 1: the value here is a block of text",
        "a: 4.4.0",
    ),
    "below nothing": (
        "a:\nb: 1\n",
        ("a", "c"),
        "line 1: the value here is a map or a list",
        "a.c: 4.4.0",
    ),
    "no such entry": (
        "a: [1]\n",
        ("a", 1),
        "line 1: the value here is a map or a list",
        "a.1: 4.4.0",
    ),
}


@pytest.mark.parametrize(("text", "at", "message", "help"), REFUSED.values(), ids=REFUSED)
def test_what_can_t_be_edited_alone_is_refused_with_its_line(
    text: str, at: Pointer, message: str, help: str
) -> None:
    with pytest.raises(NotEditable) as refused:
        put(text, at, "4.4.0")
    assert refused.value.message.startswith(message)
    assert refused.value.help == f"edit it by hand: {help}"


# Random layouts of one map: each entry's lines, and where its value begins and ends in them.
VALUES = st.sampled_from(["x", "3.3.8", "quay.io/a/b:main", "it's", "a b", "1.30", "ü€", "# no"])
NOTES = st.sampled_from(["", "  # why", " # {a: 'b'}"])
BLANKS = st.sampled_from(["", "\n", "  # note\n", "\n# note\n"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """What stands before a scalar and behind it, and the scalar's pointer."""
    parts: list[tuple[str, str, str]] = []
    for index in range(draw(st.integers(1, 5))):
        value = draw(VALUES)
        spelled = draw(
            st.sampled_from(
                [json.dumps(value, ensure_ascii=False), "'" + value.replace("'", "''") + "'"]
            )
        )
        if value in ("x", "3.3.8", "quay.io/a/b:main"):
            spelled = draw(st.sampled_from([spelled, value]))
        lead, tail = draw(
            st.sampled_from(
                [("k:\n    v: ", ""), ("k: {v: ", "}"), ("k: {u: [1, {}], v: ", " , w: 2}")]
            )
        )
        parts.append(
            (f"{draw(BLANKS)}{lead.replace('k', f'k{index}')}", spelled, f"{tail}{draw(NOTES)}\n")
        )
    chosen = draw(st.integers(0, len(parts) - 1))
    flat = ["".join(part) for part in parts]
    before = "".join(flat[:chosen]) + parts[chosen][0]
    after = parts[chosen][2] + "".join(flat[chosen + 1 :])
    end = draw(st.sampled_from(["\n", "\r\n"]))
    if draw(st.booleans()):
        after = after[:-1]
    old = parts[chosen][1]
    return before.replace("\n", end) + "\0" + old, after.replace("\n", end), [f"k{chosen}", "v"]


@settings(max_examples=60)
@given(texts(), VALUES)
def test_random_layouts_keep_every_other_byte(text: tuple[str, str, list[str]], value: str) -> None:
    before, old = text[0].split("\0")
    after, pointer = text[1], tuple(text[2])
    edited = put(before + old + after, pointer, value)
    assert edited.startswith(before)
    assert edited.endswith(after)
    data = read((before + old + after).encode(), "").data
    data[pointer[0]]["v"] = value
    assert read(edited.encode(), "").data == data
