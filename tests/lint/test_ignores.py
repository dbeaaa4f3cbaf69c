"""Comments that silence a finding: what is one, what it silences, and what is in vain."""

import re

import pytest

from generator.diagnostics import Diagnostic, Severity, Span
from generator.io import resources
from generator.lint import load
from generator.lint.ignores import Ignore, ignores, silenced
from generator.lint.pages import codes, page
from generator.proof import checks
from generator.yaml.read import read
from tests.support.sites import PROTOCOAST, ROOT, load_text

KNOWN = ("G804", "L401", "R201", "R203", "Y011")
ORDER = "hubops: ignore[R203] r"


def _comments(text: str) -> list[tuple[int, int, int, tuple[str, ...]]]:
    """Line, column, end and codes of each comment in a text of which none may be at fault."""
    found = ignores(read(text.encode(), "site.yaml"), lambda: KNOWN)
    assert [comment.fault for comment in found] == [""] * len(found)
    return [(one.at.line, one.at.column, one.at.end_column, one.codes) for one in found]


COMMENTS: dict[str, tuple[str, list[tuple[int, int, int, tuple[str, ...]]]]] = {
    "behind a value": (f"a: b # {ORDER}\n", [(1, 6, 30, ("R203",))]),
    "at the end of the file": (f"a: b # {ORDER}", [(1, 6, 30, ("R203",))]),
    "alone": (f"a: b\n# {ORDER}\n", [(2, 1, 25, ("R203",))]),
    "behind a key": (f"a: # {ORDER}\n  b: c\n", [(1, 4, 28, ("R203",))]),
    "behind a key without value": (f"a: # {ORDER}\n", [(1, 4, 28, ("R203",))]),
    "behind an entry": (f"a:\n  - b # {ORDER}\n", [(2, 7, 31, ("R203",))]),
    "behind a flow map": (f"a: {{b: c}} # {ORDER}\n", [(1, 11, 35, ("R203",))]),
    "within a flow map": (f"a: {{b: c, # {ORDER}\n  d: e}}\n", [(1, 11, 35, ("R203",))]),
    "within an empty map": (f"a: {{ # {ORDER}\n  }}\n", [(1, 6, 30, ("R203",))]),
    "within an empty list": (f"a: [ # {ORDER}\n  ]\n", [(1, 6, 30, ("R203",))]),
    "without spaces": ("a: b #hubops:ignore[R203] r\n", [(1, 6, 28, ("R203",))]),
    "with many": ("a: b   #  hubops:  ignore[ R203 ]   r  \n", [(1, 8, 38, ("R203",))]),
    "with tabs": ("a: b\t#\thubops:\tignore[R203]\tr\n", [(1, 6, 30, ("R203",))]),
    "several codes": (
        "a: b # hubops: ignore[R203, L401,G804] r\n",
        [(1, 6, 41, ("R203", "L401", "G804"))],
    ),
    "two on a line": (
        f"a: b # {ORDER} # hubops: ignore[L401] s\n",
        [(1, 6, 30, ("R203",)), (1, 31, 55, ("L401",))],
    ),
    "behind another comment": (f"a: b # why # {ORDER}\n", [(1, 12, 36, ("R203",))]),
    "reason with signs": (
        "a: b # hubops: ignore[R203] #7: 'x' [y] \"z\"\n",
        [(1, 6, 44, ("R203",))],
    ),
    "CRLF": (
        f"a: b # {ORDER}\r\nc: d # {ORDER}\r\n",
        [(1, 6, 30, ("R203",)), (2, 6, 30, ("R203",))],
    ),
    "CR": (f"a: b # {ORDER}\rc: d # {ORDER}\r", [(1, 6, 30, ("R203",)), (2, 6, 30, ("R203",))]),
    "byte order mark": (f"\ufeffa: b # {ORDER}\n", [(1, 6, 30, ("R203",))]),
    "wide characters": (f"a: 日本\U0001f600 # {ORDER}\n", [(1, 8, 32, ("R203",))]),
    "combining characters": (f"a: e\u0301 # {ORDER}\n", [(1, 7, 31, ("R203",))]),
    "wide reason": ("a: b # hubops: ignore[R203] 日本\n", [(1, 6, 31, ("R203",))]),
    # The signs of YAML decide whether a `#` begins a comment.
    "in double quotes": (f'a: "b # {ORDER}"\n', []),
    "in single quotes": (f"a: 'b # {ORDER}'\n", []),
    "in a key": (f"'a # {ORDER}': b\n", []),
    "in a key with a question mark": (f"? 'a # {ORDER}'\n: b\n", []),
    "in a flow list": (f"a: [b, 'c # {ORDER}']\n", []),
    "in quotes over lines": (f'a: "b\n  c # {ORDER}\n  d"\n', []),
    "in a plain text": ("a: b#hubops:ignore[R203] r\n", []),
    "in a literal block": (f"a: |\n  b # {ORDER}\n  # {ORDER}\nc: d\n", []),
    "in a folded block": (f"a: >-\n  b\n\n  # {ORDER}\n", []),
    "in a block's indentation": (f"a: |\n  b\n    # {ORDER}\n", []),
    "in a value written twice": (f"a: 'b # {ORDER}'\na: c\n", []),
    "behind quotes that hold one": (
        f'a: "b # {ORDER}" # hubops: ignore[L401] s\n',
        [(1, 33, 57, ("L401",))],
    ),
    "behind quotes over lines": (f'a: "b\n  c" # {ORDER}\n', [(2, 6, 30, ("R203",))]),
    "behind a text over lines": (f"a: b\n  c # {ORDER}\n", [(2, 5, 29, ("R203",))]),
    "behind a literal block's sign": (f"a: | # {ORDER}\n  b\n", [(1, 6, 30, ("R203",))]),
    "behind a folded block's sign": (f"a: >- # {ORDER}\n  b # {ORDER}\n", [(1, 7, 31, ("R203",))]),
    "below a block": (f"a: |\n  b\n# {ORDER}\nc: d\n", [(3, 1, 25, ("R203",))]),
    "below a block in a list": (
        f"a:\n  - |\n    b\n  # {ORDER}\n  - c\n",
        [(4, 3, 27, ("R203",))],
    ),
    # Not addressed to hubops.
    "another comment": ("a: b # ignore[R203] r\n", []),
    "a name": ("a: b # hubops.io/content\n", []),
    "a sentence": ("a: b # hubops ignores this, as R203 says\n", []),
    "not at the beginning": ("a: b # we know. hubops: ignore[R203] r\n", []),
}


@pytest.mark.parametrize(("text", "found"), COMMENTS.values(), ids=COMMENTS)
def test_what_is_a_comment_for_hubops(
    text: str, found: list[tuple[int, int, int, tuple[str, ...]]]
) -> None:
    assert _comments(text) == found


FORM = "write  # hubops: ignore[CODE] and the reason, on the line of the finding"
NOT_THE_FORM = "it does not read 'hubops: ignore[CODE] reason'"
FAULTS = {
    "# hubops: ignore[R203]": (
        "it gives no reason",
        "write one:  # hubops: ignore[R203] the reason",
    ),
    "# hubops: ignore[R203, L401]   ": (
        "it gives no reason",
        "write one:  # hubops: ignore[R203, L401] the reason",
    ),
    "# hubops: ignore[R203]reason": (
        "it gives no reason",
        "write one:  # hubops: ignore[R203] the reason",
    ),
    "# hubops: ignore[R230] r": ("there is no code 'R230'", "did you mean 'R203'?"),
    "# hubops: ignore[r203] r": ("there is no code 'r203'", "did you mean 'R203'?"),
    "# hubops: ignore[R203, G840] r": ("there is no code 'G840'", "did you mean 'G804'?"),
    "# hubops: ignore[shared_host] r": ("there is no code 'shared_host'", FORM),
    "# hubops: ignore[bBk9Tn3xQ7wLrZ5uVd2sYc8m] r": ("there is no code '********'", FORM),
    "# hubops: ignore[] r": ("it names no code", FORM),
    "# hubops: ignore[R203,] r": ("it names no code", FORM),
    "# hubops: ignore[R201] r": ("R201 can't be silenced", "remove it and fix what R201 is about"),
    "# hubops: ignore[Y011] r": ("Y011 can't be silenced", "remove it and fix what Y011 is about"),
    "# hubops: ignore R203 r": (NOT_THE_FORM, FORM),
    "# hubops: ignore [R203] r": (NOT_THE_FORM, FORM),
    "# hubops: ignore[R203 r": (NOT_THE_FORM, FORM),
    "# hubops: silence[R203] r": (NOT_THE_FORM, FORM),
    "# hubops:": (NOT_THE_FORM, FORM),
    "# hubops ignore[R203] r": (NOT_THE_FORM, FORM),
    "# HubOps: Ignore[R203] r": (NOT_THE_FORM, FORM),
}


@pytest.mark.parametrize("comment", FAULTS)
def test_what_is_wrong_with_a_comment(comment: str) -> None:
    (found,) = ignores(read(f"a: b {comment}\n".encode(), "site.yaml"), lambda: KNOWN)
    assert (found.fault, found.cure) == FAULTS[comment]
    assert (found.at.column, found.at.end_column) == (6, 6 + len(comment.rstrip()))


def test_one_fault_of_two_comments_leaves_the_other_as_it_is() -> None:
    text = "a: b # hubops: ignore[R203] # hubops: ignore[L401] r\n"
    found = ignores(read(text.encode(), "site.yaml"), lambda: KNOWN)
    assert [(one.at.column, one.fault) for one in found] == [(6, "it gives no reason"), (29, "")]


# --- what is left to say


def _at(line: int, column: int = 1) -> Span:
    return Span(file="site.yaml", line=line, column=column, end_line=line, end_column=column + 1)


def _found(code: str, line: int) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message="m", at=_at(line), help="h")


def _left(
    found: list[tuple[str, int]],
    comments: list[tuple[int, tuple[str, ...]]],
    judged: tuple[str, ...] = KNOWN,
) -> list[tuple[str, int, str]]:
    """Code, line and message of what is said, for findings and comments by code and line."""
    given = [Ignore(at=_at(line, 9), codes=codes) for line, codes in comments]
    said = silenced([_found(code, line) for code, line in found], given, judged)
    return [(one.code, one.at.line, one.message) for one in said]


def test_a_comment_silences_each_finding_of_its_codes_on_its_line() -> None:
    assert _left([("R203", 3), ("L401", 3), ("R203", 3)], [(3, ("R203", "L401"))]) == []
    assert _left([("R203", 3), ("L401", 3)], [(3, ("R203",)), (3, ("L401",))]) == []


def test_it_silences_no_other_code_and_no_other_line() -> None:
    assert _left([("R203", 3), ("L401", 4)], [(4, ("R203",))]) == [
        ("R203", 3, "m"),
        ("L401", 4, "m"),
        ("Y016", 4, "nothing on this line is R203"),
    ]


def test_each_code_in_vain_is_said() -> None:
    assert _left([("R203", 3)], [(3, ("L401", "R203", "G804"))]) == [
        ("Y016", 3, "nothing on this line is L401"),
        ("Y016", 3, "nothing on this line is G804"),
    ]


def test_a_code_that_was_not_looked_for_is_not_in_vain() -> None:
    assert _left([], [(3, ("L401", "G804"))], judged=("G804",)) == [
        ("Y016", 3, "nothing on this line is G804")
    ]
    assert _left([], [(3, ("L401", "G804"))], judged=()) == []


def test_a_comment_at_fault_silences_nothing_and_its_codes_are_not_in_vain() -> None:
    comment = Ignore(at=_at(3, 9), codes=("R203", "L401"), fault="a fault", cure="a cure")
    left = list(silenced([_found("R203", 3)], [comment], KNOWN))
    assert [(one.code, one.message, one.help) for one in left] == [
        ("R203", "m", "h"),
        ("Y017", "this comment silences nothing: a fault", "a cure"),
    ]


# --- in a whole site

TEXT = PROTOCOAST.read_text()
# A host that production has too: R203 at staging's host.
HOST = "    host: staging.protocoast.vm.fedcloud.eu\n"
TWICE = "    host: protocoast.vm.fedcloud.eu\n    testing"
NOT_TWICE = "    host: staging.protocoast.vm.fedcloud.eu\n    testing"


def _with(comment: str, host: str = TWICE, *changes: tuple[str, str]) -> str:
    text = TEXT.replace(NOT_TWICE, host.replace("\n", f"  {comment}\n", 1))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def _codes(text: str) -> list[str]:
    return [found.code for found in load_text(text).report.diagnostics if found.code[0] in "RYS"]


def test_a_finding_is_silenced_on_its_line_with_a_reason() -> None:
    assert _codes(_with("")) == ["R203"]
    assert _codes(_with("# hubops: ignore[R203] one serves the other")) == []
    assert _codes(_with("# hubops: ignore[R203]")) == ["R203", "Y017"]
    assert _codes(_with("# hubops: ignore[R203, L401] both")) == ["Y016"]


def test_a_silenced_error_no_longer_stands_in_the_way() -> None:
    assert load_text(_with("")).site is None
    assert load_text(_with("# hubops: ignore[R203] one serves the other")).site is not None


def test_a_comment_in_vain_is_a_warning() -> None:
    loaded = load_text(_with("# hubops: ignore[R203] one serves the other", NOT_TWICE))
    (found,) = (one for one in loaded.report.diagnostics if one.code == "Y016")
    assert (found.severity, found.at.line, found.at.column) == (Severity.WARNING, 40, 46)
    assert loaded.site is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("  fedcloud-staging:\n", "  fedcloud-staging:\n    nodes: 3\n"), "S101"),
        (("testing: true", "testing: 1"), "S103"),
        (("testing: true", "testing: yes"), "Y011"),
        (("testing: true", "testing: true\n    testing: true"), "Y002"),
    ],
    ids=["unknown key", "type", "word", "twice"],
)
def test_while_the_text_itself_is_in_doubt_no_comment_is_called_in_vain(
    change: tuple[str, str], code: str
) -> None:
    comment = "# hubops: ignore[R203, L401] one serves the other"
    assert code in _codes(_with(comment, NOT_TWICE, change))
    assert "Y016" not in _codes(_with(comment, NOT_TWICE, change))


def test_a_comment_at_fault_is_said_even_then() -> None:
    text = _with("# hubops: ignore[R203]", NOT_TWICE, ("testing: true", "testing: 1"))
    assert _codes(text) == ["Y017", "S103"]


def test_a_text_that_can_not_be_read_has_no_comments() -> None:
    text = "a: [  # hubops: ignore[R203]\n"
    found = load.load(
        text.encode(), "site.yaml", resources.site_schema(), resources.known_versions()
    ).report.diagnostics
    assert [one.code for one in found] == ["Y001"]


NEVER_SILENCED = {
    "Y011": ("testing: true", "testing: yes"),
    "S101": ("testing: true", "tasting: {a: b}"),
    "S103": ("testing: true", "testing: 1"),
    "R201": ("cluster: fedcloud-staging", "cluster: fedclod"),
    "R209": ("  fedcloud:\n    server: https://kubernetes.default.svc", "  fedcloud:"),
    "C301": ("jupyterhub: {version: 3.3.8}", "jupyterhub: {version: 3.x}"),
    "C302": ("jupyterhub: {version: 3.3.8}", "jupyterhub: {version: 2.0.0}"),
    "C307": (
        "charts:\n  jupyterhub: {version: 3.3.8}  # hubops: ignore[C341] chart 4 moves homes: an "
        "upgrade with steps of its own\n  dask-gateway:",
        "charts:\n  jupyterhub:",
    ),
    "C310": ("  values: {}\n\ndask", "  values: {cull: {every: null}}\n\ndask"),
    "C311": ("  values: {}\n\ndask", "  values: {cull: {$patch: delete}}\n\ndask"),
}


@pytest.mark.parametrize("code", NEVER_SILENCED)
def test_what_nothing_can_be_made_of_is_always_said(code: str) -> None:
    old, new = NEVER_SILENCED[code]
    assert old in TEXT
    first, _, rest = new.partition("\n")
    text = TEXT.replace(old, f"{first}  # hubops: ignore[{code}] I know better\n{rest}", 1)
    found = load_text(text).report.diagnostics
    assert code in [one.code for one in found]
    assert [one.message for one in found if one.code == "Y017"] == [
        f"this comment silences nothing: {code} can't be silenced"
    ]


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md", "docs/rules.md"])
def test_every_comment_in_the_documents_would_be_one(name: str) -> None:
    found = re.findall(r"# hubops: ignore\[([A-Z0-9, ]+)\]", (ROOT / name).read_text("utf-8"))
    named = [code.strip() for one in found for code in one.split(",") if one != "CODE"]
    assert named != []
    of_validate = checks.PAGES
    lint = [code for code in named if code not in of_validate]
    assert [code for code in lint if not (code in codes() and page(code).can_be_silenced)] == []


def test_comment_on_what_validate_finds_is_left_alone_by_lint() -> None:
    host = "    host: protocoast.vm.fedcloud.eu"
    text = PROTOCOAST.read_text().replace(host, f"{host}  # hubops: ignore[M931] a fake", 1)
    assert {found.code for found in load_text(text).report.diagnostics} & {"Y016", "Y017"} == set()


@pytest.mark.parametrize("name", ["hubops", "HubOps", "HUBOPS", "hubop\u017f"])
def test_a_misspelt_order_is_found_however_the_name_is_written(name: str) -> None:
    text = f"a: b # {name} ignore[R203] r\n"
    assert [
        bool(one.fault) for one in ignores(read(text.encode(), "site.yaml"), lambda: KNOWN)
    ] == [True]
