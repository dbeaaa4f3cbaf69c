"""Every finding stands exactly where the mistake is, whatever the text is made of.

In these texts `«` and `»` stand around what a finding must point at; they are not part of it.
"""

import re
from collections.abc import Iterator

import pytest

from generator.diagnostics import Diagnostic, Severity
from generator.io import resources
from generator.lint import load
from generator.report import text as text_report
from tests.support.sites import PROTOCOAST

SITE = PROTOCOAST.read_text("utf-8")
NAME = "\nsite: protocoast\n"
HOST = "    host: protocoast.vm.fedcloud.eu\n    req"
HOME = "  home: {capacity: 50Gi}\n"
ADMINS = "    admins: []\n"
DESCRIPTION = "        description: Stable production version\n"
PROFILE = "        slug: main\n"
TESTING = "    testing: true\n"
LONG = "x" * 5000

# What is changed in ProtoCoast's site.yaml, the mark around the place, and the code found there.
Case = tuple[str, str, str]
CASES: dict[str, Case] = {
    "block": (HOST, "    host: «a/b»\n    req", "S104"),
    "block-with-a-comment": (HOST, "    host: «a/b»   # here\n    req", "S104"),
    "block-on-the-next-line": (HOST, "    host:\n      «a/b»\n    req", "S104"),
    "block-with-blanks": (HOST, "    host:     «a/b»   \n    req", "S104"),
    "block-behind-a-tab": (HOST, "    host:\t«a/b»\n    req", "S104"),
    "block-key": (TESTING, "    «tasting»: true\n", "S101"),
    "block-key-with-blanks": (TESTING, "    «tasting»   : true\n", "S101"),
    "quoted-key": (TESTING, '    «"tasting"»: true\n', "S101"),
    "explicit-key": (TESTING, "    ? «tasting»\n    : true\n", "S101"),
    "explicit-key-with-a-wrong-value": (TESTING, "    ? testing\n    : «1»\n", "S103"),
    "block-map": (NAME, "\nsite:\n  «a: b\n  c: d»\n\n", "S103"),
    "block-list": (NAME, "\nsite:\n  «- b\n  - d»\n\n", "S103"),
    "list-at-the-keys-indent": (ADMINS, "    admins:\n    - anna\n    - «12»\n", "S103"),
    "block-list-entry": (ADMINS, "    admins:\n      - anna\n      -   «12»\n", "S103"),
    "empty-entry": (ADMINS, "    admins:\n      - anna\n      -«»\n", "S103"),
    "map-as-entry": (ADMINS, "    admins:\n      - «name: anna»\n", "S103"),
    "list-in-a-list": (ADMINS, "    admins:\n      - «- anna»\n", "S103"),
    "flow": (HOME, "  home: {capacity: «50GB»}\n", "S104"),
    "flow-without-blanks": (HOME, '  home: {"capacity":«"50GB"»}\n', "S104"),
    "flow-with-blanks": (HOME, "  home:   {   capacity:   «50GB»   }\n", "S104"),
    "flow-over-lines": (HOME, "  home: {\n    capacity:\n      «50GB»,\n    }\n", "S104"),
    "flow-key": (HOME, "  home: {«capacty»: 50Gi}\n", "S101"),
    "flow-key-alone": (HOME, "  home: {capacity: 50Gi, «more»}\n", "S101"),
    "flow-entry": (ADMINS, "    admins: [anna, «12», ben]\n", "S103"),
    "flow-entry-over-lines": (ADMINS, "    admins: [\n  anna,\n  «12»\n  ]\n", "S103"),
    "flow-pair-as-entry": (ADMINS, "    admins: [anna, «a: b»]\n", "S103"),
    "flow-map": (HOST, "    host: «{a: b}»\n    req", "S103"),
    "flow-list": (HOST, "    host: «[a, b]»\n    req", "S103"),
    "flow-list-over-lines": (HOST, "    host: «[a,\n  b]»\n    req", "S103"),
    "empty-map": (ADMINS, "    admins: «{}»\n", "S103"),
    "nothing": (NAME, "\nsite:«»\n", "S103"),
    "nothing-behind-blanks": (NAME, "\nsite:«»   \n", "S103"),
    "null": (NAME, "\nsite: «null»\n", "S103"),
    "single-quoted": (HOST, "    host: «'it''s'»\n    req", "S104"),
    "double-quoted": (HOST, '    host: «"a\\tb"»\n    req', "S104"),
    "plain-over-lines": (HOST, "    host: «a\n      b»\n    req", "S104"),
    "double-quoted-over-lines": (HOST, '    host: «"a\n\n      b"»\n    req', "S104"),
    "single-quoted-over-lines": (HOST, "    host: «'a\n      b'»\n    req", "S104"),
    "literal": (HOST, "    host: «|\n      a/b\n      c»\n    req", "S104"),
    "literal-stripped": (HOST, "    host: «|-\n      a/b»\n    req", "S104"),
    "literal-kept": (HOST, "    host: «|+\n      a/b»\n\n    req", "S104"),
    "literal-with-indentation": (HOST, "    host: «|2\n       a/b»\n    req", "S104"),
    "folded": (HOST, "    host: «>\n      a/b\n\n      c»\n    req", "S104"),
    "folded-with-a-comment": (HOST, "    host: «>-  # here\n      a/b»\n    req", "S104"),
    "behind-a-literal": (
        DESCRIPTION,
        "        description: |\n          a: b  # no comment\n        «descripton»: x\n",
        "S101",
    ),
    "behind-a-folded": (
        DESCRIPTION,
        "        description: >\n          a\n          b\n        «descripton»: x\n",
        "S101",
    ),
    "behind-a-quote-over-lines": (
        DESCRIPTION,
        '        description: "a\n          b"\n        «descripton»: x\n',
        "S101",
    ),
    "wide": (NAME, "\nsite: «日本»\n", "S104"),
    "wide-key": (NAME, "\nsite: protocoast\n«日本»: x\n", "S101"),
    "combining": (NAME, "\nsite: «e\u0301»\n", "S104"),
    "astral": (NAME, "\nsite: «\U0001f30a\U0001f3d6\ufe0f»\n", "S104"),
    "right-to-left": (NAME, "\nsite: «שלום»\n", "S104"),
    "behind-a-long-text": (ADMINS, f"    admins: [{LONG}, «12»]\n", "S103"),
    "long-text": (NAME, f"\nsite: «{LONG}»\n", "S104"),
    "long-key": (NAME, f"\nsite: protocoast\n«{'x' * 900}»: 1\n", "S101"),
    "override": (
        TESTING,
        f"{TESTING}    daskGateway: {{limits: {{workers: «many»}}}}\n",
        "S103",
    ),
    "removed-by-an-override": (
        TESTING,
        f"{TESTING}    daskGateway: {{limits: «null»}}\n",
        "S102",
    ),
    "name-of-an-environment": ("  production:\n", "  «Production»:\n", "S104"),
    "reference": ("cluster: fedcloud-staging", "cluster: «fedclod»", "R201"),
    "key-twice": (TESTING, f"{TESTING}    «testing»: true\n", "Y002"),
    "key-twice-in-flow": (HOME, "  home: {capacity: 50Gi, «'capacity'»: 50Gi}\n", "Y002"),
    "unclear-word": (TESTING, "    testing: «yes»\n", "Y011"),
    "key-that-is-no-text": (NAME, "\nsite: protocoast\n«1»: x\n", "Y010"),
    "long-number": (TESTING, f"    testing: «{'1' * 30}»\n", "Y007"),
    "anchor": (ADMINS, "    admins: «&all» [anna]\n", "Y003"),
    "alias": (ADMINS, "    admins: «*all»\n", "Y003"),
    "tag": (NAME, "\nsite: «!!str» protocoast\n", "Y004"),
    "escape-of-a-next-line": (DESCRIPTION, '        description: «"a\\N"»\n', "Y008"),
    "next-line": (DESCRIPTION, "        description: a«\x85»b\n", "Y008"),
    "line-separator": (DESCRIPTION, "        description: a«\u2028»b\n", "Y008"),
    "paragraph-separator": (DESCRIPTION, "        description: a«\u2029»b\n", "Y008"),
    "byte-order-mark-within": (DESCRIPTION, "        description: a«\ufeff»b\n", "Y008"),
    "control-character": (DESCRIPTION, "        description: \U0001f30a«\x1b»[2J\n", "Y008"),
    "tab-for-indentation": (TESTING, "«\t»testing: true\n", "Y013"),
    "tab-behind-blanks": (TESTING, "  «\t»  testing: true\n", "Y013"),
    "tab-in-a-list": (ADMINS, "    admins:\n«\t»- anna\n", "Y013"),
    "map-as-key": (NAME, "\nsite: {«{» site }}\n", "Y015"),
    "directive": ("schemaVersion: 1\n", "schemaVersion: 1\n«%»YAML 1.1\n", "Y014"),
    "second-document": (NAME, f"{NAME}«---»\n", "Y005"),
}

# How the same text may be saved.
SAVED: dict[str, tuple[str, str, bool]] = {
    "as-it-is": ("", "\n", False),
    "windows-line-ends": ("", "\r\n", False),
    "old-mac-line-ends": ("", "\r", False),
    "byte-order-mark": ("\ufeff", "\r\n", False),
    "no-line-end-at-the-end": ("", "\n", True),
}


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


def _marked(text: str) -> tuple[str, tuple[int, int, int, int]]:
    """The text without its marks, and the place between them: line, column, and the end."""
    before, between, after = re.split("[«»]", text)
    start, end = _lines(before), _lines(before + between)
    corners = (len(start), len(start[-1]) + 1, len(end), len(end[-1]) + 1)
    return before + between + after, corners


def _problems(content: bytes) -> Iterator[Diagnostic]:
    """Errors and warnings of a text."""
    loaded = load.load(content, "site.yaml", resources.site_schema(), resources.known_versions())
    return (one for one in loaded.report.diagnostics if one.severity is not Severity.INFO)


@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("case", CASES)
def test_finding_stands_where_the_mistake_is(case: str, saved: str) -> None:
    start, line_end, is_cut = SAVED[saved]
    old, new, code = CASES[case]
    assert old in SITE
    text, corners = _marked(SITE.replace(old, new, 1))
    text = text.rstrip("\n") if is_cut else text
    found = _problems((start + text.replace("\n", line_end)).encode())
    places = [
        (one.code, (one.at.line, one.at.column, one.at.end_line, one.at.end_column))
        for one in found
    ]
    assert places == [(code, corners)]


# Mistakes in the last line, which has no line end, and all that the file holds.
LAST: dict[str, Case] = {
    "value": ("", "site: «a/b»", "S104"),
    "key": ("", "«sit»: a", "S101"),
    "nothing": ("", "site:«»", "S103"),
    "key-alone": ("", "site: a\n«s»it", "Y001"),
    "open-quote": ("", 'site: «"»a', "Y001"),
    "open-bracket": ("", "site: «[»a", "Y001"),
    "literal": ("", "site: «|\n  a/b»", "S104"),
    "tab": ("", "site:\n«\t»a: b", "Y013"),
}


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n", "\n\n \n# the end"], ids=repr)
@pytest.mark.parametrize("case", LAST)
def test_finding_in_the_last_line_stands_there(case: str, line_end: str) -> None:
    _, new, code = LAST[case]
    text, corners = _marked(new)
    places = [
        (one.at.line, one.at.column, one.at.end_line, one.at.end_column)
        for one in _problems((text + line_end).encode())
        if one.code == code
    ]
    assert places == [corners]


# Bytes that are no text: (what stands before them, the place).
BROKEN: dict[str, tuple[bytes, tuple[int, int]]] = {
    "at-the-start": (b"", (1, 1)),
    "in-the-first-line": (b"site: a", (1, 8)),
    "behind-a-byte-order-mark": (b"\xef\xbb\xbfsite: a", (1, 8)),
    "behind-wide-characters": ("site: 日本\U0001f30ae\u0301".encode(), (1, 12)),
    "behind-windows-line-ends": (b"site: a\r\nb: c", (2, 5)),
    "behind-old-mac-line-ends": (b"site: a\rb: c", (2, 5)),
}


@pytest.mark.parametrize(("before", "place"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("broken", [b"\xff", b"\xe6\x97", b"\xed\xa0\x80"], ids=repr)
def test_broken_byte_stands_behind_what_was_read(
    before: bytes, place: tuple[int, int], broken: bytes
) -> None:
    found = [(one.code, one.at.line, one.at.column) for one in _problems(before + broken + b"\n")]
    assert found == [("Y008", *place)]


# A line with a mark around its mistake -> the columns before the caret, and how many carets: what
# a terminal shows of wide characters takes two columns, of combining ones none.
CARETS: dict[str, tuple[str, int, int]] = {
    "plain": ("site: «a/b»", 6, 3),
    "nothing": ("site:«»", 5, 1),
    "wide-under": ("site: «日本»", 6, 4),
    "wide-before": ("{repository: {revision: 日本}, site: «a/b»}", 37, 3),
    "astral-under": ("site: «\U0001f30a»", 6, 2),
    "astral-before": ("{repository: {revision: \U0001f30a}, site: «a/b»}", 35, 3),
    "combining-under": ("site: «e\u0301»", 6, 1),
    "combining-before": ("{repository: {revision: e\u0301e\u0301}, site: «a/b»}", 35, 3),
    "presentation-before": ("{repository: {revision: \u2764\ufe0f}, site: «a/b»}", 34, 3),
    "half-width-before": ("{repository: {revision: \uff71\uff72}, site: «a/b»}", 35, 3),
    "full-width-before": ("{repository: {revision: \uff21\uff22}, site: «a/b»}", 37, 3),
    "tab-before": ("site:\t«a/b»", 6, 3),
    "hidden-before": ("{repository: {revision: a\u200db}, site: «a/b»}", 36, 3),
    "far-right": (f"{{repository: {{revision: {LONG}}}, site: «a/b», sync: {LONG}}}", 25, 3),
    "long-under": (f"site: «{'a/b.' * 90}»", 6, 94),
}


@pytest.mark.parametrize(("line", "lead", "carets"), CARETS.values(), ids=CARETS)
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "bom"])
def test_caret_stands_under_the_mistake(line: str, lead: int, carets: int, start: str) -> None:
    text, (_, column, _, end) = _marked(line)
    loaded = load.load(
        (start + text).encode(), "site.yaml", resources.site_schema(), resources.known_versions()
    )
    printed = text_report.findings(loaded.report, loaded.lines).splitlines()
    head = next(number for number, one in enumerate(printed) if f":1:{column}: error[S1" in one)
    shown, under = (one[8:] for one in printed[head + 1 : head + 3])
    assert under == " " * lead + "^" * carets
    assert text[column - 1 : end - 1][: carets // 2] in shown
