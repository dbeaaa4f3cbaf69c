"""The comment on a pull request: no text of a site breaks it, and it always fits."""

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml

from generator.change import review_html, review_markdown, review_text
from generator.change.review import Review, review
from generator.change.sides import Side
from generator.lint.consequences import Consequence, Weight
from generator.lint.consequences import after as after_merge
from generator.records import replace
from tests.support.sites import PROTOCOAST, site_of

HOSTILE = {
    "backtick": "a`b``c",
    "fence": "```",
    "pipe": "a | b",
    "newline": "a\n\n# b",
    "script": "<script>alert(1)</script>",
    "details": "</details>",
    "comment": "--> <!--",
    "mention": "@everyone",
    "reference": "see #1 and !2",
    "link": "[a](https://example.org)",
    "terminal": "\x1b[31mred\x1b[0m",
    "emphasis": "*a* _b_ ~~c~~ \\",
    "entity": "&lt;b&gt;",
    "address": "see https://evil.example/x?a=b or www.evil.example",
    "other-address": "git://evil.example/a ftp://evil.example mailto:a@evil.example",
    "mail": "write to ada@evil.example",
    "issue": "GH-1 gh-12 TIDES-7 coast/hub#3 coast/hub!4 %5 ~bug &6 $7",
    "commit": "0123abc deadbeef12 coast/hub@3f78685",
    "task": "- [x] merged",
    "number": "1. merged",
    "bullet": "* merged",
    "quote": "> merged",
    "title": "=== ---",
    "table": "a\n\n| | |\n|---|---|\n| x | y |",
    "tasks": "a\n\n- [x] merged\n</details>",
    "line": "a\r::error::forged\u2028- [x] b\u2029c\x0be",
    "order": "\u202egnp.exe\u202c \u2066a\u2069 \u200f",
    "nothing": "a\u200bb\u200d\ufeff\u2060\u00ad\u115f\u3164c",
    "log": "##[error]forged ##vso[task.setvariable]x ::error::forged",
    "command": "/close",
    "hyperlink": "\x1b]8;;https://evil.example\x1b\\a\x1b]8;;\x1b\\",
}
MANY = 300


def _sides() -> tuple[dict[str, Any], dict[str, Any]]:
    before = yaml.safe_load(PROTOCOAST.read_text())
    return before, yaml.safe_load(yaml.safe_dump(before))


def reviewed(before: dict[str, Any], after: dict[str, Any]) -> Review:
    """The review of a change of a site."""
    older, newer = (Side(site=site_of(json.dumps(side))) for side in (before, after))
    found = review(older, newer, lambda place, app, change: "site.yaml:1")
    return replace(found, site=newer.site)


@cache
def hostile(text: str) -> Review:
    """A review in which a text stands wherever a person can write one."""
    before, after = _sides()
    for site, code in (
        (before, {"90": "x = 1\ny = 2\n"}),
        (after, {text: f"# {text}", "90": f"x = 1\n# {text}\ny = 2\n"}),
    ):
        site["environments"]["production"]["jupyterhub"] = {"values": {"custom": code}}
    found = reviewed(before, after)
    message = f"the list of profiles changes: +{text}"
    acts = (
        after_merge(f"tell {text}"),
        after_merge("look", f"kubectl get pod {text}"),
        after_merge("look", f"kubectl get pvc {text}"),
    )
    last = Consequence(code="E022", weight=Weight.NOTE, sentence=message, acts=acts)
    first, *others = found.environments
    return replace(
        found,
        environments=(replace(first, consequences=(*first.consequences, last)), *others),
        drift=(f"overlays/{text}.yaml",),
        notes=(f"of {text}: not rendered",),
    )


def outside_code(comment: str) -> str:
    """A comment without its blocks and spans of code, as CommonMark reads them."""
    lines, fence = [], ""
    for line in comment.splitlines():
        mark = re.fullmatch(r"\s*(`{3,})(\w*)", line)
        if fence:
            closes = mark is not None and not mark[2] and len(mark[1]) >= len(fence)
            fence = "" if closes else fence
        elif mark is not None:
            fence = mark[1]
        else:
            lines.append(re.sub(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)", "CODE", line))
    assert fence == "", "a block of code is left open"
    return "\n".join(lines)


def broken(comment: str) -> list[str]:
    """What in a comment would be more than text, beside what the comment itself is made of."""
    rest = outside_code(comment).removeprefix(review_markdown.MARK)
    for own in (r"<details><summary><b>[\w ,-]+</b>: [\w ,]+</summary>", "</details>"):
        rest = re.sub(rf"^{own}$", "", rest, flags=re.MULTILINE)
    signs = r"(?<!\\)[<`]|@\w|(?<!\\)\[(?! \] )|#\d|!\d|(?<!\\)~|\x1b|(?<!\\)&\w"
    links = r"|://|www\.|mailto:|(?i:\bgh-\d)|[A-Z]-\d|\b(?=\w*\d)[0-9a-f]{7,40}\b|%\d|(?<!\\)\$\d"
    lines = r"|^- (?:[*+>=-]|\d+[.)])"
    return re.findall(signs + links + lines, rest, re.MULTILINE)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_a_site_breaks_the_comment(text: str) -> None:
    found = hostile(text)
    comment = review_markdown.review(found)
    assert broken(comment) == []
    rows = [line for line in comment.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)
    rest = outside_code(comment)
    chapters = len(found.environments) + len(found.clusters)
    assert rest.count("\n<details>") == rest.count("\n</details>") == chapters


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_a_site_breaks_the_page(text: str) -> None:
    page = review_html.review(hostile(text))
    assert page.count("<script") == page.count("</script>") == 1
    assert len(re.findall("<details", page)) == page.count("</details>")
    assert re.findall("<!--|-->|\x1b", page) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_a_site_breaks_the_terminal(text: str) -> None:
    found = hostile(text)
    printed = review_text.review(found)
    assert re.findall(r"[^\n -~]", printed) == []
    plain = review_text.review(hostile("plain"))
    # Only the lines of a long value are told one by one.
    more = len(text.splitlines()) - 1 if text else 0
    assert len(printed.splitlines()) == len(plain.splitlines()) + more


def test_what_is_broken_is_seen() -> None:
    lines: tuple[str, ...] = (
        "a ` b",
        "<b>",
        "by @bob",
        "see #1",
        "[a](b)",
        "\x1b[1m",
        "a &lt; b",
        "http://a",
    )
    lines += ("GH-1", "a 0123abc", "- 1. a", "- > a", "TIDES-7", "- * a")
    assert [line for line in lines if not broken(line)] == []
    assert broken("- [ ] do `a|<b>` \\<c> \\[d\\]") == []
    with pytest.raises(AssertionError, match="left open"):
        outside_code("```text\na\n")


@cache
def many(*, values: int = 1) -> Review:
    """Three hundred environments that all change in their own way."""
    before, after = _sides()
    for number in range(MANY):
        name = f"course-{number:03}"
        environment = {"cluster": "fedcloud", "namespace": name, "host": f"{name}.example.org"}
        dask = {"releaseName": f"dask-{name}", "installCRDs": False}
        before["environments"][name] = environment | {"daskGateway": dask}
        code = {f"9{one}": f"x = {number}" for one in range(values)}
        after["environments"][name] = environment | {
            "daskGateway": dask,
            "jupyterhub": {"values": {"hub": {"extraConfig": code}}},
        }
    return reviewed(before, after)


def test_a_comment_that_has_no_room_says_what_is_missing() -> None:
    found = many()
    assert len(found.environments) == MANY
    comment = review_markdown.review(found)
    assert review_markdown.MOST - 5_000 < len(comment) <= review_markdown.MOST
    assert broken(comment.rpartition("\n**The details")[0]) == []
    shown = outside_code(comment).count("\n<details>")
    assert 0 < shown < MANY
    missing = MANY - shown
    assert comment.endswith(
        f"\n**The details of {missing} environments, {missing} values are missing here: a comment "
        "has no room for more.** `hubops diff --format html > diff.html` shows everything.\n"
    )
    assert outside_code(comment).count("\n</details>") == shown


def test_a_table_that_has_no_room_says_how_many_rows_are_missing() -> None:
    found = many()
    longer = tuple(
        replace(chapter, names=(f"{chapter.names[0]}-{'x' * 120}",))
        for chapter in found.environments
    )
    comment = review_markdown.review(replace(found, environments=longer))
    assert len(comment) <= review_markdown.MOST
    rows = comment.count("\n| **")
    assert f"\n| and {MANY - rows} more | | |\n" in comment


def test_a_chapter_that_has_no_room_keeps_its_effects() -> None:
    before, after = _sides()
    code = {f"{one:04}": f"x = {one}" for one in range(2_000)}
    after["environments"]["production"]["jupyterhub"] = {"values": {"hub": {"extraConfig": code}}}
    comment = review_markdown.review(reviewed(before, after))
    assert "\n- the hub restarts" in comment
    assert (
        "\nThere is no room here for its 2000 values: "
        "`hubops diff --format html > diff.html` shows them.\n\n</details>\n" in comment
    )


def test_long_lists_end_in_their_number() -> None:
    before, after = _sides()
    drift = tuple(f"overlays/{'x' * 5_000}/{number}.yaml" for number in range(50))
    notes = tuple(f"{number}: {'y' * 5_000}" for number in range(50))
    found = replace(reviewed(before, after), drift=drift, notes=notes)
    comment = review_markdown.review(found)
    assert len(comment) <= review_markdown.MOST
    assert "- and 30 more: `hubops check` lists them\n" in comment
    assert "and 40 more notes\n" in comment


def test_the_same_change_gives_the_same_comment() -> None:
    before, after = _sides()
    after["environments"]["production"]["host"] = "hub.example.org"
    one, other = (review_markdown.review(reviewed(before, after)) for _ in range(2))
    assert one == other
