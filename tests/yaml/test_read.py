"""Text -> data and places: what is read, what is refused and where, and that nothing raises."""

import json
import re
import sys
import time
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from generator.diagnostics import Pointer, Span
from generator.yaml import read as yaml_read
from generator.yaml.messages import MESSAGES
from generator.yaml.pages import WARNINGS
from generator.yaml.read import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_NODES, Document, read

Place = tuple[str, int, int]


def _read(text: str) -> Document:
    return read(text.encode(), "site.yaml")


def _found(content: bytes | str) -> list[Place]:
    """Code, line and column of each finding."""
    content = content.encode() if isinstance(content, str) else content
    report = read(content, "site.yaml").report
    return [(found.code, found.at.line, found.at.column) for found in report.diagnostics]


def _value(document: Document, pointer: Pointer) -> tuple[int, int, int, int]:
    return _corners(document.places.span(pointer))


def _corners(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, span.end_line, span.end_column


READ: dict[str, tuple[str, Any]] = {
    "text": ("a: b", {"a": "b"}),
    "text-with-spaces": ("a: b c  ", {"a": "b c"}),
    "whole-number": ("a: 12", {"a": 12}),
    "negative": ("a: -1", {"a": -1}),
    "decimal": ("a: 0.5", {"a": 0.5}),
    "whole-decimal": ("a: 1.0", {"a": 1}),
    "minus-zero": ("a: -0.0", {"a": 0}),
    "longest-number": ("a: 123456789012345678", {"a": 123456789012345678}),
    "booleans": ("[true, false, True, FALSE]", [True, False, True, False]),
    "nulls": ("[null, ~, Null]", [None, None, None]),
    "no-value": ("a:", {"a": None}),
    "quoted-number": ("a: '1'", {"a": "1"}),
    "quoted-boolean": ('a: "yes"', {"a": "yes"}),
    "quoted-null-key": ('"null": 1', {"null": 1}),
    "version": ("a: 3.3.8", {"a": "3.3.8"}),
    "quantity": ("a: 5Gi", {"a": "5Gi"}),
    "millicores": ("a: 500m", {"a": "500m"}),
    "image": ("a: quay.io/x:main", {"a": "quay.io/x:main"}),
    "port-like": ("a: host:80", {"a": "host:80"}),
    "literal-block": ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
    "folded-block": ("a: >-\n  b\n  c\n", {"a": "b c"}),
    "number-in-block": ("a: |-\n  12\n", {"a": "12"}),
    "flow": ("{a: [1, {b: c}], d: {}}", {"a": [1, {"b": "c"}], "d": {}}),
    "json": ('{"a": [1, null, "b"]}', {"a": [1, None, "b"]}),
    "list-of-maps": ("- a: 1\n  b: 2\n- c\n", [{"a": 1, "b": 2}, "c"]),
    "comment": ("# x\na: b # y\n", {"a": "b"}),
    "document-marks": ("---\na: b\n...\n", {"a": "b"}),
    "byte-order-mark": ("\ufeffa: b", {"a": "b"}),
    "windows-line-ends": ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    "old-mac-line-ends": ("a: b\rc: d\r", {"a": "b", "c": "d"}),
    "emoji": ("a: \U0001f600", {"a": "\U0001f600"}),
    "right-to-left": ("a: שלום", {"a": "שלום"}),
    "escape": ('a: "\\u00e9\\t"', {"a": "é\t"}),
    "tab-behind-colon": ("a:\tb", {"a": "b"}),
    "explicit-key": ("? a\n: b\n", {"a": "b"}),
}


@pytest.mark.parametrize(("text", "data"), READ.values(), ids=READ)
def test_text_is_read(text: str, data: Any) -> None:
    document = _read(text)
    assert document.report.diagnostics == ()
    # JSON tells 1 from 1.0 and from true.
    assert json.dumps(document.data) == json.dumps(data)


AMBIGUOUS = (
    *("y", "N", "yes", "No", "on", "OFF", "TrUe", "nULL", ".inf", "-.Inf", ".NaN", "nan", "inf"),
    *("1_000", "0x1F", "0b1", "0o17", "017", "08", "+1", "1.", ".5", "+.5", "1e3", "1E+3", "1.5e3"),
    *("1:20", "190:20:30", "20:30.15", "2001-01-01", "2001-1-1", "2001-12-14t21:59:43.10-05:00"),
    *("2001-12-14 21:59", "=", "<<", "-08", "00", "1__0"),
)


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_word_that_readers_disagree_about_is_refused(word: str) -> None:
    assert _found(f"a: {word}\n") == [("Y011", 1, 4)]


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_the_same_word_in_quotes_is_text(word: str) -> None:
    document = _read(f"a: '{word}'\n")
    assert (document.data, document.report.diagnostics) == ({"a": word}, ())


@pytest.mark.parametrize("word", [*AMBIGUOUS, "1", "1.30", "true", "null", "~"])
def test_the_same_word_as_a_key_is_refused(word: str) -> None:
    assert _found(f"{word}: a\n") == [("Y010", 1, 1)]


DEEP = 20_000
REFUSED: dict[str, tuple[bytes, list[Place]]] = {
    "empty": (b"", [("Y009", 1, 1)]),
    "blank": (b" \n\n ", [("Y009", 1, 1)]),
    "comments-only": (b"# a\n# b\n", [("Y009", 1, 1)]),
    "null": (b"null\n", [("Y009", 1, 1)]),
    "only-a-mark": (b"---\n", [("Y009", 1, 1)]),
    "brackets-closed-first": (b"}{", [("Y001", 1, 1)]),
    "colon-in-text": (b"a: b: c\n", [("Y001", 1, 5)]),
    "open-bracket": (b"a: [1, 2\nb: 3\n", [("Y001", 2, 2)]),
    "open-double-quote": (b'a: 1\nb: "c\nd: 2\n', [("Y001", 2, 4)]),
    "open-single-quote": (b"a: 1\nb: 'c\nd: 2\n", [("Y001", 2, 4)]),
    "no-colon": (b"a: 1\nbcd\ne: 2\n", [("Y001", 2, 1)]),
    "stray-indentation": (b"a:\n  b: 1\n   c: 2\n", [("Y001", 3, 5)]),
    "reserved-sign": (b"a: @b\n", [("Y001", 1, 4)]),
    "unknown-escape": (b'a: "\\q"\n', [("Y001", 1, 5)]),
    "surrogate-escape": (b'a: "\\ud800"\n', [("Y001", 1, 7)]),
    "surrogate-pair-escape": (b'a: "\\ud83d\\ude00"\n', [("Y001", 1, 7)]),
    "escape-beyond-unicode": (b'a: "\\U00110000"\n', [("Y001", 1, 7)]),
    "undeclared-tag-prefix": (b"a: !x!y z\n", [("Y001", 1, 4)]),
    "twice": (b"a: 1\nb: 2\na: 3\n", [("Y002", 3, 1)]),
    "thrice": (b"a: 1\na: 2\na: 3\n", [("Y002", 2, 1), ("Y002", 3, 1)]),
    "twice-by-quotes": (b"{a: 1, 'a': 2}", [("Y002", 1, 8)]),
    "anchor": (b"a: &x 1\n", [("Y003", 1, 4)]),
    "alias": (b"a: *x\n", [("Y003", 1, 4)]),
    "bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", [("Y003", 1, 4)]),
    "merge-key": (b"a: {<<: {b: 1}}\n", [("Y010", 1, 5)]),
    "python-tag": (b"!!python/object/apply:os.system [ls]\n", [("Y004", 1, 1)]),
    "own-tag": (b"a:\n- !vault b\n", [("Y004", 2, 3)]),
    "bare-tag": (b"a: ! b\n", [("Y004", 1, 4)]),
    "second-document": (b"a: 1\n---\nb: 2\n", [("Y005", 2, 1)]),
    "second-document-behind-an-end": (b"a: 1\n...\n---\n", [("Y005", 3, 1)]),
    "brackets": (b"[" * DEEP, [("Y006", 1, MAX_DEPTH + 1)]),
    "maps": (b"{a: " * DEEP, [("Y006", 1, 4 * MAX_DEPTH + 1)]),
    "dashes": (b"- " * DEEP, [("Y006", 1, 2 * MAX_DEPTH + 1)]),
    "nested-lines": (
        b"".join(b" " * depth + b"a:\n" for depth in range(100)),
        [("Y006", MAX_DEPTH + 1, MAX_DEPTH + 1)],
    ),
    "long-number": (b"a: " + b"9" * 5000, [("Y007", 1, 4)]),
    "long-decimal": (b"a: 0." + b"1" * 5000, [("Y007", 1, 4)]),
    "long-hexadecimal": (b"a: 0x" + b"1" * 5000, [("Y011", 1, 4)]),
    "one-digit-too-many": (b"a: " + b"1" * (MAX_DIGITS + 1), [("Y007", 1, 4)]),
    "zero-byte": (b"a: b\nc: d\0e\n", [("Y008", 2, 5)]),
    "bell": (b"a: \a", [("Y008", 1, 4)]),
    "next-line": ("a: b\nc: d\x85e".encode(), [("Y008", 2, 5)]),
    "next-line-escape": (b'a: "b\\N"\n', [("Y008", 1, 4)]),
    "line-separator": ("a: b\u2028c".encode(), [("Y008", 1, 5)]),
    "second-byte-order-mark": ("\ufeff\ufeffa: b".encode(), [("Y008", 1, 1)]),
    "byte-order-mark-within": ("a: b\ufeffc".encode(), [("Y008", 1, 5)]),
    "latin-1": ("a: 1\nb: é".encode("latin-1"), [("Y008", 2, 4)]),
    "encoded-surrogate": (b"a: \xed\xa0\x80", [("Y008", 1, 4)]),
    "utf-16": ("a: b".encode("utf-16"), [("Y008", 1, 1)]),
    "utf-16-without-mark": ("a: b".encode("utf-16-le"), [("Y008", 1, 2)]),
    "utf-32": ("a: b".encode("utf-32"), [("Y008", 1, 1)]),
    "empty-key": (b"?\n: a\n", [("Y010", 1, 2)]),
    "number-as-key": (b"a:\n  1: b\n", [("Y010", 2, 3)]),
    "too-big": (b"a" * (MAX_BYTES + 1), [("Y012", 1, 1)]),
    "too-many": (b"[" + b"1," * MAX_NODES + b"]", [("Y012", 1, 2 * MAX_NODES)]),
    "tab-as-indentation": (b"a:\n\tb: 1\n", [("Y013", 2, 1)]),
    "tab-behind-spaces": (b"a:\n  \tb: 1\n", [("Y013", 2, 3)]),
    "version-directive": (b"%YAML 1.1\n---\na: b\n", [("Y014", 1, 1)]),
    "tag-directives": (b"# x\n" + b"%TAG !a! b\n" * 9999, [("Y014", 2, 1)]),
    "map-as-key": (b"{a: b}: c\n", [("Y015", 1, 1)]),
    "list-as-key": (b"a:\n  [b]: c\n", [("Y015", 2, 3)]),
    "template": (b"a: {{ b }}\n", [("Y015", 1, 5)]),
    "question-marks": (b"? " * DEEP, [("Y015", 1, 3)]),
}


@pytest.mark.parametrize(("content", "places"), REFUSED.values(), ids=REFUSED)
def test_text_is_refused_at_its_place(content: bytes, places: list[Place]) -> None:
    assert _found(content) == places


def test_every_code_is_refused_by_some_text() -> None:
    codes = {code for _, places in REFUSED.values() for code, *_ in places} | {"Y011"}
    assert codes == set(MESSAGES) - set(WARNINGS)


CURES = {
    "colon-in-text": ("a: b: c", "put the text in quotes if it holds ': '; "),
    "no-colon-above": ("a\nb: c", "put the text in quotes if it holds ': '; does a key"),
    "open-bracket": ("a: [1\nb: 2", "close the bracket, and put commas between its entries"),
    "open-quote": ('a: "b', "close the quote that begins here"),
    "no-colon": (
        "a: 1\nb\nc: 2",
        "write ': ' behind the key, or indent the line if it continues the one above",
    ),
    "escape": (
        'a: "C:\\windows"',
        "a backslash in double quotes begins an escape: write the character, or use single quotes",
    ),
    "short-escape": (
        'a: "\\xg"',
        "a backslash in double quotes begins an escape: write the character, or use single quotes",
    ),
    "sign": ("a: `b`", "put the text in quotes: it begins with a special character"),
    "map-in-list": ("- a\nb: 1", "indent the line like its neighbors; begin each entry of a list"),
    "else": ("}", "check the indentation, colons and quotes around this place"),
}


@pytest.mark.parametrize(("text", "cure"), CURES.values(), ids=CURES)
def test_what_is_no_yaml_has_a_cure(text: str, cure: str) -> None:
    (found,) = _read(text).report.diagnostics
    assert (found.code, found.message[:10]) == ("Y001", "not YAML: ")
    assert found.help.startswith(cure)


SECRET = "bBk9Tn3xQ7wLrZ5uVd2sYc8m"
HELD_BACK = {
    "key-twice": f"{SECRET}: 1\n{SECRET}: 2\n",
    "value": "api_token: 0xdeadbeef\n",
    "value-deep": "a: {password: {b: [0xdeadbeef]}}\n",
    "tag": f"a: !{SECRET} b\n",
    "anchor": f"a: &{SECRET} b\n",
    "alias": f"a: *{SECRET}\n",
}


@pytest.mark.parametrize("text", HELD_BACK.values(), ids=HELD_BACK)
def test_no_message_repeats_a_credential(text: str) -> None:
    (found,) = _read(text).report.diagnostics
    assert "********" in found.message
    assert SECRET not in f"{found.message}{found.help}"
    assert "deadbeef" not in f"{found.message}{found.help}"


def test_long_key_is_shortened_to_one_line() -> None:
    key = "a b\\n" * 100
    (found,) = _read(f'{{"{key}": 1, "{key}": 2}}').report.diagnostics
    shown = ("a b\n" * 100)[:40].replace("\n", "\\n")
    assert found.message == f"key '{shown}...' is written twice"


def test_reading_goes_on_behind_what_is_only_unclear() -> None:
    document = _read("a: yes\nb: 1\nb: 2\n3: c\nd: 1e3\ne: fine\n")
    codes = [found.code for found in document.report.diagnostics]
    assert codes == ["Y011", "Y002", "Y010", "Y011"]
    assert document.data == {"a": "yes", "b": 1, "3": "c", "d": "1e3", "e": "fine"}


def test_of_a_key_written_twice_the_first_counts_with_its_places() -> None:
    document = _read("a:\n  b: 1\na:\n  b: 2\n  c: 3\n")
    assert document.data == {"a": {"b": 1}}
    assert _value(document, ("a", "b")) == (2, 6, 2, 7)
    # What only the second holds is not there: its nearest parent is the first.
    assert _value(document, ("a", "c")) == (1, 1, 1, 2)


PLACED = """\
# a comment
name: [a, {b: "c d"}]   # another
日本: {x: 1, é: "ü"}
text: |
  first
  second
list:
  - one
  - k: v
    l: [
      1 ]
"""
PLACES: dict[str, tuple[Pointer, tuple[int, int, int, int]]] = {
    "flow-list": (("name",), (2, 7, 2, 22)),
    "flow-entry": (("name", 0), (2, 8, 2, 9)),
    "flow-map": (("name", 1), (2, 11, 2, 21)),
    "quoted": (("name", 1, "b"), (2, 15, 2, 20)),
    "wide-key": (("日本", "x"), (3, 9, 3, 10)),
    "behind-wide": (("日本", "é"), (3, 15, 3, 18)),
    "block-text": (("text",), (4, 7, 6, 9)),
    "block-list": (("list",), (8, 3, 11, 10)),
    "block-entry": (("list", 0), (8, 5, 8, 8)),
    "map-in-list": (("list", 1, "k"), (9, 8, 9, 9)),
    "over-lines": (("list", 1, "l"), (10, 8, 11, 10)),
    "entry-over-lines": (("list", 1, "l", 0), (11, 7, 11, 8)),
    "absent-takes-its-parents-key": (("list", 1, "k", "z"), (9, 5, 9, 6)),
    "absent-at-the-top": (("nowhere", "at", "all"), (2, 1, 11, 10)),
}


@pytest.mark.parametrize(("pointer", "corners"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "bom"])
def test_value_has_its_place(
    pointer: Pointer, corners: tuple[int, int, int, int], line_end: str, start: str
) -> None:
    document = _read(start + PLACED.replace("\n", line_end))
    assert _value(document, pointer) == corners


def test_key_has_its_place() -> None:
    document = _read(PLACED)
    assert _corners(document.places.span(("日本", "é"), on_key=True)) == (3, 12, 3, 13)


def test_spelling_is_what_stands_in_the_text() -> None:
    document = _read('a: 1.30\nb: "c"\nd: [1.0, x]\ne: |\n  f\n')
    pointers: list[Pointer] = [("a",), ("b",), ("d", 0), ("d",), ("e",), ("z",)]
    assert [document.spelling(pointer) for pointer in pointers] == [
        *("1.30", '"c"', "1.0", "[1.0, x]"),
        # What goes over several lines has no spelling, and what is absent has its parent's.
        *("", ""),
    ]


TOKENS = (
    *("a", "b: ", "c:", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\t"),
    *("'", '"', "|", ">", "&x ", "*x", "!t ", "!!str ", "#", "---\n", "...\n", "%", "@", "1"),
    *("1.5", "yes", "null", "~", "<<: ", "0x1", "2001-01-01", "é", "日", "\U0001f600", "\ufeff"),
    *(
        "\x85",
        "\\",
        "\r\n",
        "\r",
        "\0",
        "  ",
        "=",
        ".inf",
        "1e3",
        "1:20",
        "$",
        "`",
        "\u2028",
        "true",
    ),
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join) | st.text(max_size=60))
@example("a: |\n\n\n")
@example("[\n")
@example("a:\n- b\n c")
def test_any_text_is_read_or_refused_inside_itself(text: str) -> None:
    document = read(text.encode("utf-8", "surrogatepass"), "site.yaml")
    lines = document.lines or ("",)
    spans = [found.at for found in document.report.diagnostics]
    if document.lines:
        spans += [*document.places.keys.values(), *document.places.values.values()]
        for span in spans:
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert (span.line, span.column) <= (span.end_line, span.end_column)
    assert document.data is not None or document.report.has_errors


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
def test_what_is_read_means_the_same_to_another_reader(text: str) -> None:
    _agrees_with_another_reader(text)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.decimals(-1000, 1000, places=2).map(float),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
    st.sampled_from(
        ["a\nb\n", "a\n\n  b", "main # no comment", "a: b", "- a", "it's", '"q"', "é 日 😀"]
    ),
)
KEYS = st.text("abcXYZ-_.$ éñ", min_size=1, max_size=12)
COLLECTIONS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(KEYS, COLLECTIONS, min_size=1, max_size=5),
    st.sampled_from([True, False, None]),
    st.booleans(),
    st.sampled_from([20, 1000]),
)
def test_what_another_writer_writes_is_read_alike(
    data: dict[str, object], flow: bool | None, unicode: bool, width: int
) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=unicode, width=width)
    _agrees_with_another_reader(text)


def _agrees_with_another_reader(text: str) -> None:
    """Either the text is refused, or it means what PyYAML takes it for."""
    document = read(text.encode(), "site.yaml")
    assert document.report.has_errors or document.data == yaml.load(text, yaml.CSafeLoader)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    document = read(content, "site.yaml")
    assert document.data is not None or document.report.has_errors


HEAVY = {
    "nodes": b"a: 1\n" * (MAX_NODES // 2),
    "lines": b"\n" * (MAX_BYTES - 4) + b"a: b",
    "spaces": b" " * (MAX_BYTES - 4) + b"a: b",
    "word": b"a" * MAX_BYTES,
    "digits": b"a: " + b"1" * (MAX_BYTES - 3),
    "quoted": b'a: "' + b"\\n" * (MAX_BYTES // 2 - 4) + b'"',
    "comments": b"# a\n" * (MAX_BYTES // 4),
    "hashes": b"a: b" + b" #" * (MAX_BYTES // 2 - 4),
    "directives": b"".join(b"%%TAG !a%d! b\n" % number for number in range(60_000)),
    "tag": b"a: !" + b"a" * (MAX_BYTES - 4),
    "anchor": b"a: &" + b"a" * (MAX_BYTES - 4),
    "explicit-key": b"? " + b"a" * (MAX_BYTES - 2),
    "block": b"a: |\n" + b" b\n" * (MAX_BYTES // 3 - 2),
    "blank-block": b"a: |\n" + b"\n" * (MAX_BYTES - 5),
    "commas": b"[" + b"," * (MAX_BYTES - 1),
    "colons": b": " * (MAX_BYTES // 2),
    "flow-colons": b"{" + b"a:" * (MAX_BYTES // 2 - 1),
    "unclosed-maps": b"{a: b, " * (MAX_BYTES // 7),
    "plain-lines": b"a:\n" + b"  b\n" * (MAX_BYTES // 4 - 1),
    "documents": b"---\n" * (MAX_BYTES // 4),
    "ends": b"...\n" * (MAX_BYTES // 4),
    "quotes": b"'" * MAX_BYTES,
    "dots": b"a: " + b"." * (MAX_BYTES - 3),
    "nested": (b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b",") * 200,
}


@pytest.mark.parametrize("content", HEAVY.values(), ids=HEAVY)
def test_time_is_bounded(content: bytes) -> None:
    started = time.process_time()
    read(content, "site.yaml")
    assert time.process_time() - started < 3


def test_what_is_printable_is_no_control_character() -> None:
    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    assert re.search(yaml_read._CONTROL, printable) is None
