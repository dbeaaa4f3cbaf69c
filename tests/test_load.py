"""Text -> Site and Report: what is silenced, what goes unsaid, and that an error leaves no site."""

import pytest

from generator import load, resources
from generator.build import Inputs, build
from generator.diagnostics import Severity
from tests.sites import PROTOCOAST, load_text

TEXT = PROTOCOAST.read_text()


def _changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def _codes(text: str) -> list[str]:
    return [found.code for found in load_text(text).report.diagnostics]


def test_a_clean_text_gives_a_site_and_nothing_to_say() -> None:
    loaded = load_text(TEXT)
    assert loaded.report.diagnostics == ()
    assert loaded.site is not None
    assert loaded.lines == tuple(TEXT.split("\n"))


@pytest.mark.parametrize("text", ["", "- a", "site: [", "site: x\nsite: y", "a: yes", "{}"])
def test_an_error_leaves_no_site(text: str) -> None:
    loaded = load_text(text)
    assert loaded.report.has_errors
    assert loaded.site is None


def test_places_name_the_file_as_it_was_given() -> None:
    found = load.load(b"", "../x.yaml", resources.site_schema()).report.diagnostics
    assert [one.at.file for one in found] == ["../x.yaml"]


def test_warnings_and_infos_let_the_site_pass() -> None:
    loaded = load_text(_changed(("revision: main", "revision: HEAD")))
    assert {found.severity for found in loaded.report.diagnostics} == {Severity.WARNING}
    assert loaded.site is not None


# A host that production has too: R203 at staging's host, in line 40.
TWICE = ("host: staging.protocoast", "host: protocoast")


def _silenced(comment: str) -> list[str]:
    host = "host: protocoast.vm.fedcloud.eu\n    testing"
    return _codes(_changed(TWICE, (host, host.replace("\n", f"  {comment}\n"))))


def test_a_finding_is_silenced_on_its_line_with_a_reason() -> None:
    assert _silenced("") == ["R203"]
    assert _silenced("# hubops: ignore[R203] one serves the other") == []
    assert _silenced("# we know. hubops: ignore[R203] x") == ["R203"]
    assert _silenced("# hubops: ignore[L401, R203] both") == []


@pytest.mark.parametrize(
    "comment",
    [
        "# hubops: ignore[R203]",
        "# hubops: ignore[R203]   ",
        "# hubops: ignore[R202] another code",
        "# hubops: ignore[R20] half a code",
        "# hubops: ignore[] all",
        "# hubops: ignore all",
        "# hubops ignore[R203] no colon",
        "# HUBOPS: ignore[R203] capitals",
    ],
)
def test_any_other_comment_silences_nothing(comment: str) -> None:
    assert _silenced(comment) == ["R203"]


def test_a_comment_on_another_line_silences_nothing() -> None:
    line = "    # hubops: ignore[R203] above\n    host: protocoast.vm.fedcloud.eu\n    testing"
    old = "    host: protocoast.vm.fedcloud.eu\n    testing"
    assert _codes(_changed(TWICE, (old, line))) == ["R203"]


NEVER_SILENCED = {
    "Y011": ("testing: true", "testing: yes"),
    "S101": ("testing: true", "tasting: {a: b}"),
    "S103": ("testing: true", "testing: 1"),
    "R201": ("cluster: fedcloud-staging", "cluster: fedclod"),
    "R209": ("  fedcloud:\n    server: https://kubernetes.default.svc", "  fedcloud:"),
    "C301": ("jupyterhub: {version: 3.3.8}", "jupyterhub: {version: 3.x}"),
    "C302": ("jupyterhub: {version: 3.3.8}", "jupyterhub: {version: 2.0.0}"),
    "C307": ("charts:\n  jupyterhub: {version: 3.3.8}\n  dask-gateway:", "charts:\n  jupyterhub:"),
    "C311": ("  values: {}\n\ndask", "  values: {cull: {$patch: delete}}\n\ndask"),
    "C310": ("  values: {}\n\ndask", "  values: {cull: {every: null}}\n\ndask"),
}


@pytest.mark.parametrize("code", NEVER_SILENCED)
def test_what_nothing_can_be_made_of_is_always_said(code: str) -> None:
    old, new = NEVER_SILENCED[code]
    end = f"  # hubops: ignore[{code}] I know better"
    first, _, rest = new.partition("\n")
    assert _codes(_changed((old, f"{first}{end}\n{rest}"))) == [code]


def test_what_the_reader_could_not_make_sense_of_is_said_once() -> None:
    text = _changed(
        ("workers: 3", f"workers: {'9' * 30}"),
        ("testing: true", "testing: yes"),
        ("    namespace: daskhub", "    namespace: 0x1F"),
    )
    assert _codes(text) == ["Y011", "Y011", "Y007"]


def test_a_mistake_of_the_shared_part_is_not_repeated_for_an_override() -> None:
    text = _changed(("guarantee: 5Gi, limit: 10Gi", "guarantee: 5Gi, limit: 10GB"))
    assert _codes(text) == ["S104"]


def test_a_mistake_of_an_override_is_said_where_it_stands() -> None:
    loaded = load_text(_changed(("{guarantee: 1Gi, limit: 2Gi}", "{guarantee: 1Gi, limit: 2GB}")))
    (found,) = loaded.report.diagnostics
    assert (found.code, found.at.line, found.at.column) == ("S104", 44, 41)


def test_what_is_missing_only_after_merging_is_said_in_the_environment() -> None:
    override = "servers:\n        memory: {guarantee: 1Gi, limit: 2Gi}"
    loaded = load_text(_changed((override, "authentication: {tokenUrl: null}")))
    (found,) = loaded.report.diagnostics
    assert (found.code, found.at.line, found.at.column) == ("S102", 43, 24)
    assert found.message == "'authentication' lacks the key 'tokenUrl'"


def test_rules_judge_what_the_schema_left() -> None:
    text = _changed(
        TWICE, ("\nsite: protocoast", "\nsite: ProtoCoast"), ("workers: 3", "workers: x")
    )
    assert _codes(text) == ["S104", "R203", "S103"]


def test_loading_twice_gives_the_same_site_and_tree() -> None:
    one, other = load_text(TEXT), load_text(TEXT)
    assert one == other
    assert one.site is not None
    assert other.site is not None
    assert build(one.site, Inputs()) == build(other.site, Inputs())
