"""Findings and changes as text: places, carets in the right column, no credential, one window."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.tree import compare
from generator.diagnostics import Diagnostic, Report, Severity, Span
from generator.records import replace
from generator.report import text

SECRET = "bBk9Tn3xQ7wLrZ5uVd2sYc8m"
MASK = "********"


def _span(line: int, first: int, last: int, *, end_line: int = 0) -> Span:
    """A span by columns counted from 1, the last one included."""
    end = end_line or line
    return Span(file="site.yaml", line=line, column=first, end_line=end, end_column=last + 1)


def _diagnostic(
    at: Span,
    code: str = "S101",
    severity: Severity = Severity.ERROR,
    *,
    conceals: bool = False,
) -> Diagnostic:
    message = "unknown key 'x'"
    return Diagnostic(
        code=code, severity=severity, message=message, at=at, help="go", conceals=conceals
    )


def _excerpt(line: str, first: int, last: int) -> tuple[str, str]:
    """The shown line and the line of carets, from the bar on."""
    report = Report.of([_diagnostic(_span(1, first, last))])
    _, shown, carets, _ = text.findings(report, [line]).split("\n", 3)
    return shown.removeprefix("    1 | "), carets.removeprefix("      | ")


def test_finding_has_place_line_caret_and_help() -> None:
    report = Report.of([_diagnostic(_span(27, 5, 11))])
    lines = [""] * 26 + ["    cluster: fedclod"]
    assert text.findings(report, lines) == (
        "site.yaml:27:5: error[S101]: unknown key 'x'\n"
        "   27 |     cluster: fedclod\n"
        "      |     ^^^^^^^\n"
        "  help: go  docs/rules.md#s101\n"
    )


def test_what_is_no_yaml_is_one_line() -> None:
    report = Report.of([_diagnostic(_span(1, 1, 1), code="Y001")])
    assert text.findings(report, ["a"]) == (
        "site.yaml:1:1: error[Y001]: unknown key 'x'; go  docs/rules.md#y001\n"
    )


def test_findings_come_by_place_each_once() -> None:
    later, sooner = _diagnostic(_span(2, 1, 1)), _diagnostic(_span(1, 3, 3))
    shown = text.findings(Report.of([later, sooner, later]), ["abc", "def"])
    assert re.findall(r"^site\.yaml:\d+:\d+", shown, re.MULTILINE) == [
        "site.yaml:1:3",
        "site.yaml:2:1",
    ]


def test_findings_that_differ_in_their_help_alone_have_one_order() -> None:
    one = _diagnostic(_span(1, 1, 1))
    every = [replace(one, help=f"set it to {number}") for number in range(9)]
    assert list(Report.of(reversed(every)).diagnostics) == every


EXCERPTS: dict[str, tuple[str, int, int, str, str]] = {
    "plain": ("a: bcd", 4, 6, "a: bcd", "   ^^^"),
    "nothing-there": ("a:", 3, 2, "a:", "  ^"),
    "wide-before": ("日本: bcd", 5, 7, "日本: bcd", "      ^^^"),
    "wide-under": ("a: 日本", 4, 5, "a: 日本", "   ^^^^"),
    "emoji": ("a: \U0001f600 b", 6, 6, "a: \U0001f600 b", "      ^"),
    "combining": ("a: e\u0301 b", 7, 7, "a: e\u0301 b", "     ^"),
    "tab": ("a:\tb", 4, 4, "a: b", "   ^"),
    "hidden-sign": ("a: x\u200by", 4, 6, "a: x\ufffdy", "   ^^^"),
    "override-of-direction": ("a: \u202ex", 4, 5, "a: \ufffdx", "   ^^"),
    "no-break-space": ("a:\u00a0b", 1, 4, "a:\ufffdb", "^^^^"),
    "masked-under": (f"a: {SECRET}", 4, 27, f"a: {MASK}", "   ^^^^^^^^"),
    "masked-before": (f"{{a: {SECRET}, b: c}}", 34, 34, f"{{a: {MASK}, b: c}}", " " * 17 + "^"),
    "masked-behind": (f"{{b: c, a: {SECRET}}}", 5, 5, f"{{b: c, a: {MASK}}}", "    ^"),
    "masked-in-part": (f"a: x {SECRET} y", 4, 31, f"a: x {MASK} y", "   ^^^^^^^^^^^^"),
    "within-the-masked": (f"token: {SECRET}", 10, 12, f"token: {MASK}", "       ^^^^^^^^"),
}


@pytest.mark.parametrize(
    ("line", "first", "last", "shown", "carets"), EXCERPTS.values(), ids=EXCERPTS
)
def test_caret_stands_under_what_is_meant(
    line: str, first: int, last: int, shown: str, carets: str
) -> None:
    assert _excerpt(line, first, last) == (shown, carets)


def test_of_a_value_over_several_lines_the_first_is_shown() -> None:
    report = Report.of([_diagnostic(_span(1, 4, 2, end_line=3))])
    assert text.findings(report, ["a: [  ", " b", "]"]).splitlines()[1:3] == [
        "    1 | a: [  ",
        "      |    ^",
    ]


LINE = "".join(chr(ord("a") + number % 26) for number in range(1000))


@pytest.mark.parametrize("column", [1, 2, 25, 26, 27, 99, 100, 101, 500, 930, 999, 1000])
def test_long_line_is_shown_around_the_place(column: int) -> None:
    shown, carets = _excerpt(LINE, column, column)
    assert len(shown) == 100
    assert carets.strip() == "^"
    assert shown[carets.index("^")] == LINE[column - 1]
    assert shown in LINE


def test_caret_behind_a_long_line_stays_within_sight() -> None:
    assert _excerpt(LINE, 1001, 1001)[1] == " " * 100 + "^"


def test_long_value_does_not_run_out_of_the_window() -> None:
    assert _excerpt(LINE, 10, 900) == (LINE[:100], " " * 9 + "^" * 91)


def test_secret_far_outside_the_window_still_masks_its_value() -> None:
    line = f"token: {'a ' * 500}"
    assert _excerpt(line, 900, 901) == (f"token: {MASK}", "       ^^^^^^^^")


def test_what_a_finding_calls_a_credential_is_masked_in_every_finding() -> None:
    # Nothing in the line itself says that `hunter2` is one.
    called = _diagnostic(_span(1, 4, 10), conceals=True)
    other = _diagnostic(_span(1, 13, 13))
    shown = text.findings(Report.of([called, other]), ["a: hunter2, b"])
    assert "hunter2" not in shown
    assert shown.splitlines()[1:3] == [f"    1 | a: {MASK}, b", "      |    ^^^^^^^^"]
    assert shown.splitlines()[5:7] == [f"    1 | a: {MASK}, b", "      |              ^"]


def test_credential_over_lines_is_masked_on_each() -> None:
    called = _diagnostic(_span(1, 4, 3, end_line=3), conceals=True)
    other = [_diagnostic(_span(2, 1, 1)), _diagnostic(_span(3, 5, 5))]
    shown = text.findings(Report.of([called, *other]), ["a: |", "  hunter", "  2 x"])
    assert "hunter" not in shown
    assert f"    3 | {MASK} x" in shown


def test_place_that_is_not_in_the_text_has_no_excerpt() -> None:
    report = Report.of([_diagnostic(_span(9, 1, 1))])
    assert text.findings(report, ["a"]) == (
        "site.yaml:9:1: error[S101]: unknown key 'x'\n  help: go  docs/rules.md#s101\n"
    )


def test_message_and_file_name_give_no_orders_to_the_terminal() -> None:
    at = Span(file="a\nb\x1b[2J.yaml", line=1, column=1, end_line=1, end_column=2)
    found = Diagnostic(
        code="R201", severity=Severity.ERROR, message="x\x1b[31m\ny", at=at, help="\u202eh"
    )
    assert text.findings(Report.of([found]), ["a\x1b"]) == (
        "a\\nb\\x1b[2J.yaml:1:1: error[R201]: x\\x1b[31m\\ny\n"
        "    1 | a\ufffd\n"
        "      | ^\n"
        "  help: \\u202eh  docs/rules.md#r201\n"
    )


def test_color_is_only_on_the_severity() -> None:
    report = Report.of([_diagnostic(_span(1, 1, 1), severity=Severity.WARNING)])
    colored = text.findings(report, ["a"], color=True)
    assert colored.startswith("site.yaml:1:1: \x1b[33mwarning[S101]\x1b[0m: unknown")
    assert re.sub(r"\x1b\[\d*m", "", colored) == text.findings(report, ["a"])


WORDS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=150)


def _width(shown: str) -> int:
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in shown
    )


@given(WORDS, WORDS, WORDS)
def test_carets_are_as_wide_as_what_they_stand_under(before: str, under: str, after: str) -> None:
    line = f"{before}{under}{after}"
    shown, carets = _excerpt(line, len(before) + 1, len(before) + len(under))
    assert carets.lstrip(" ").strip("^") == ""
    assert carets.endswith("^")
    if shown == line and under:
        assert len(carets) - carets.count("^") == _width(before)
        assert carets.count("^") == max(1, _width(under))


def test_many_findings_in_one_long_line_take_no_time() -> None:
    line = "".join(f"key{number}: token, " for number in range(10_000))
    spans = [_span(1, 12 * number + 1, 12 * number + 4) for number in range(10_000)]
    report = Report.of(map(_diagnostic, spans))
    started = time.process_time()
    text.findings(report, [line])
    assert time.process_time() - started < 5


COUNTS = {
    "nothing": ((), "clean"),
    "one": ((Severity.ERROR,), "1 error; again"),
    "errors": ((Severity.ERROR,) * 2, "2 errors; again"),
    "warnings": ((Severity.WARNING,) * 2, "2 warnings; clean"),
    "infos": ((Severity.INFO,) * 2, "2 info; clean"),
    "all": ((*Severity, Severity.INFO), "1 error, 1 warning, 2 info; again"),
}


@pytest.mark.parametrize(("severities", "line"), COUNTS.values(), ids=COUNTS)
def test_last_line_counts(severities: tuple[Severity, ...], line: str) -> None:
    found = [_diagnostic(_span(n, 1, 1), severity=one) for n, one in enumerate(severities, 1)]
    assert text.count(Report.of(found), "clean", "again") == line


def test_changes_are_listed_with_their_sums() -> None:
    old = {"a": b"1", "b": b"1", "c": b"1", "d\x1b": b"1"}
    assert text.changes(compare(old, {"a": b"1", "b": b"2", "e": b"1", "f": b"1"})) == (
        "updated   b\n"
        "deleted   c\n"
        "deleted   d\\x1b\n"
        "created   e\n"
        "created   f\n"
        "2 created, 1 updated, 2 deleted, 1 unchanged\n"
    )


def test_sections_are_titled_lists() -> None:
    assert text.sections("To do", [("first", ("a", "b")), ("second", ())]) == (
        "\nTo do\n\n- first\n    a\n    b\n\n- second\n"
    )
    assert text.sections("To do", []) == ""
