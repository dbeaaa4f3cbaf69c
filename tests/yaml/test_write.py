"""What the emitter writes, every reader gives back: PyYAML's YAML 1.1 and real Kustomize."""

import random
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from generator.merge import same
from generator.yaml import read as yaml_read
from generator.yaml import write as yaml_write
from generator.yaml.write import HEADER, Inline, Shared, carries_header, emit, scalar
from tests.support import kustomize, random_values
from tests.support.random_values import NASTY

# Every one of them is text; some reader of YAML 1.1 or 1.2 takes it for something else.
LOOKS_LIKE_SOMETHING_ELSE = (
    *("1e3", "12e4", "1E5", "1e+3", "1e-3", "1.5e3", "1.e3", "+1e3", "-1e3", "1e", "e3", "1e1000"),
    *("0o17", "0O17", "017", "08", "09", "0x1f", "0X1F", "0b11", "0B11", "-0x1", "0x", "0o", "00"),
    *("1", "-1", "+1", "1.0", "1.", ".5", "+.5", "-.5", "0.", "1_000", "1_0.5", "_1", "1_"),
    *("1:20", "190:20:30", "1:20.5", "-1:20", "12:30:45", "22:22", "1:60"),
    *("y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off"),
    *("OFF", "true", "True", "TRUE", "tRuE", "false", "False", "FALSE", "null", "Null", "NULL"),
    *("~", "", "nan", "NaN", ".nan", ".NaN", ".NAN", "inf", ".inf", ".Inf", "-.inf", "+.INF"),
    *("2001-1-1", "2022-06-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5"),
    *("2001-12-14T21:59:43Z", "2002-12-14", "20220601", "1-1-1"),
    *("<<", "=", "-", "--", "---", "...", "?", ":", "- a", "? a", ": a", "a:", "a: b", "a :b"),
    *("#", "a #b", "a# b", "#a", "&a", "*a", "!a", "!!str a", "%a", "@a", "`a", "|", ">", "|-"),
    *("{}", "{a: b}", "[]", "[a]", "{", "}", "[", "]", ",", "a, b", "{{a}}", "${a}", "$(a)"),
    *("'", "''", '"', '""', "'a'", '"a"', "a'b", 'a"b', "\\", "\\n", "a\\", "%YAML 1.1"),
    *("5Gi", "500m", "1.30", "v1", "quay.io/a/b:main", "a/b:1e3", "https://a.b/c?d=e#f"),
)
LINES = (
    *("a\nb", "a\nb\n", "a\n\n", "a\n\nb\n", "\na", "\n", "\n\n", " a\nb\n", "a\n b\n", "a \nb\n"),
    *("a\n \nb\n", "\ta\nb\n", "a\n\tb\n", "a\t\nb", "a\r\nb\r\n", "a\rb", "a\nb\r", "# a\nb\n"),
    *(
        "---\na\n",
        "...\na\n",
        "a\n---\nb\n",
        "a: b\nc:\n  - d\n",
        "- a\n- b\n",
        "%a\nb\n",
        "a\n\x00",
    ),
    *("a\u2028b\nc\n", "\ufeffa\nb\n", "a\n\ufeff", "a\n\U0001f600\n", "a\n\x1b[0m\n"),
    *(
        "def f():\n    return {'a': 1}\n\n\nf()\n",
        "a\n\xa0\n",
        "\xa0a\nb\n",
        "|\na\n",
        "a\n'\n\"\n",
    ),
)
ODD_CHARACTERS = tuple(
    chr(code)
    for code in (*range(0x20), *range(0xA0, 0x100), *range(0x2000, 0x2030), 0x3000, 0xFEFF, 0xFFFD)
)
STRINGS = tuple(
    dict.fromkeys((*LOOKS_LIKE_SOMETHING_ELSE, *LINES, *NASTY, *ODD_CHARACTERS, "x y " * 100))
)

_ALPHABETS = (
    "0123456789eE.+-_:xXoObB",
    "0123456789-: TtZz.",
    "yYnNoOfFtTrRuUeEsSlLaAiIdD~",
    "a-?:,[]{}#&*!|>'\"%@` ",
    "ab \n\t",
    "a\r\n\x00\x07\x1b\xa0\u2028\u2029\ufeffé\U0001f600",
)


def generated(count: int) -> list[str]:
    """Short random strings over alphabets that make them look like numbers, dates or YAML."""
    chance = random.Random(20)
    found: dict[str, None] = {}
    while len(found) < count:
        alphabet = chance.choice(_ALPHABETS)
        found["".join(chance.choices(alphabet, k=chance.randint(1, 9)))] = None
    return list(found)


def chunks(strings: Iterable[str], size: int = 500) -> dict[str, dict[str, Any]]:
    """Strings as values and as keys, in maps of a bounded size."""
    listed = list(strings)
    cut = [listed[start : start + size] for start in range(0, len(listed), size)]
    return {
        f"chunk {number}": {
            "values": part,
            "keys": {key: key for key in part if key not in KEYS_THAT_KUSTOMIZE_LOSES},
        }
        for number, part in enumerate(cut)
    }


# site.yaml may hold no such key: Kustomize fails on an empty one and drops the other.
KEYS_THAT_KUSTOMIZE_LOSES = ("", "<<")


def application(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "strings", "namespace": "argocd"},
        "spec": {"source": {"helm": {"valuesObject": values}}},
    }


def test_there_are_enough_strings() -> None:
    assert len(LOOKS_LIKE_SOMETHING_ELSE) >= 100
    assert len(set(generated(10_000))) == 10_000


def test_pyyaml_gives_every_string_back() -> None:
    documents = [
        {"value": text, text: "key", "list": [text, [text], {"a": text, text: 1}]}
        for text in STRINGS
    ]
    assert [yaml.safe_load(emit(document)) for document in documents] == documents


def test_our_own_reader_gives_every_string_back() -> None:
    documents = [{"value": text, "list": [text, {"a": text}]} for text in STRINGS]
    read = [yaml_read.read(emit(document).encode(), "file.yaml") for document in documents]
    assert [found.data for found in read] == documents
    assert [found.report.diagnostics for found in read] == [()] * len(documents)


def test_pyyaml_gives_generated_strings_back() -> None:
    document = chunks(generated(10_000))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert yaml.load(emit(document), loader) == document  # noqa: S506


@pytest.mark.tools
@pytest.mark.parametrize(
    "strings", [STRINGS, generated(10_000)], ids=["known strings", "generated strings"]
)
def test_kustomize_gives_the_strings_back(strings: list[str], tmp_path: Path) -> None:
    document = application(chunks(strings))
    files = {
        "application.yaml": emit(document),
        "kustomization.yaml": emit({"resources": ["application.yaml"]}),
    }
    kustomize.write(tmp_path, {name: text.encode() for name, text in files.items()})
    assert kustomize.build(tmp_path) == [document]


@pytest.mark.tools
def test_kustomize_gives_the_strings_back_from_an_inline_patch(tmp_path: Path) -> None:
    patched = application(chunks(STRINGS))
    files = {
        "application.yaml": emit(application({})),
        "kustomization.yaml": emit(
            {"resources": ["application.yaml"], "patches": [{"patch": Inline(patched)}]}
        ),
    }
    kustomize.write(tmp_path, {name: text.encode() for name, text in files.items()})
    assert kustomize.build(tmp_path) == [patched]


@given(random_values.maps())
def test_what_is_emitted_reads_back_the_same(document: dict[str, Any]) -> None:
    assert same(yaml.safe_load(emit({"a": document})), {"a": document})


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (
            {"a": {"b": [1, {"c": "d", "e": []}, [[["f"], "g"]]]}},
            "a:\n  b:\n    - 1\n    - c: d\n      e: []\n    - - - - f\n        - g\n",
        ),
        ({"a": {}, "b": True, "c": 0.5, "d": -3}, "a: {}\nb: true\nc: 0.5\nd: -3\n"),
        ({"a": "b\nc\n", "d": "b\nc"}, "a: |\n  b\n  c\nd: |-\n  b\n  c\n"),
        ({"a": ["b\n\nc\n"]}, "a:\n  - |\n    b\n\n    c\n"),
        ({"y": "1e3", "a b": "c d"}, '"y": "1e3"\n"a b": "c d"\n'),
        ({"a": 1e16, "b": 1e-7}, "a: 10000000000000000.0\nb: 0.0000001\n"),
    ],
    ids=["nesting", "leaves", "blocks", "block in a list", "quoted", "no exponents"],
)
def test_the_one_style(document: dict[str, Any], text: str) -> None:
    assert emit(document) == text


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        ({"a": {"b": None}, "c": 1}, "a:\n  b: null\nc: 1\n"),
        ({"a": [1, "b\nc\n"]}, "a:\n  - 1\n  - |\n    b\n    c\n...\n"),
        ({"a": (1, "b\nc\n")}, "a:\n  - 1\n  - |\n    b\n    c\n...\n"),
        ({"a": "b\n\nc\n", "d": []}, "a: |\n  b\n\n  c\nd: []\n"),
    ],
    ids=["a deletion", "a block at the end", "a block that ends a tuple", "an empty line"],
)
def test_a_patch(patch: dict[str, Any], text: str) -> None:
    assert emit({"patch": Inline(patch)}) == emit({"patch": text})


@given(random_values.maps())
def test_a_patch_stands_in_its_document_as_its_own_text_would(patch: dict[str, Any]) -> None:
    text = emit({"patch": Inline({"a": patch, "b": 1})})
    assert text == emit({"patch": emit({"a": patch, "b": 1})})
    assert same(yaml.safe_load(yaml.safe_load(text)["patch"]), {"a": patch, "b": 1})


@given(random_values.maps())
def test_a_shared_map_is_written_like_any_other(document: dict[str, Any]) -> None:
    shared = Shared(document, z=1)
    plain = dict(shared)
    for _ in range(2):
        assert emit({"a": shared, "b": {"c": shared}}) == emit({"a": plain, "b": {"c": plain}})


@pytest.mark.parametrize(
    "text",
    ["main", "a.b/c-d+e_f", "quay.io/a/b:main", "https://a.b/c", "/x", "_", "v1", "Prefix"],
)
def test_plain_words_stay_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), float("inf"), "\x85", "\x7f", "\ud800", "\uffff", "a\n\x9f\n", {1, 2}],
    ids=ascii,
)
def test_what_readers_lose_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"can't be written|readers lose"):
        emit({"a": value})


@pytest.mark.parametrize("key", ["\x85", "\x7f", "\ud800", "a\uffff"], ids=ascii)
def test_keys_that_readers_lose_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="readers lose"):
        emit({key: 1})


def test_a_generated_file_says_so() -> None:
    assert carries_header((HEADER + emit({"a": 1})).encode())
    assert not carries_header(emit({"a": 1}).encode())


def test_what_is_printable_is_neither_refused_nor_escaped() -> None:
    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    for pattern in (yaml_write._ESCAPE, yaml_write.UNWRITABLE):
        assert re.search(pattern, printable) is None
