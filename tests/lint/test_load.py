"""Text -> Site and Report: what is silenced, what goes unsaid, and that an error leaves no site."""

import pytest

from generator.build.repository import Inputs, build
from generator.diagnostics import Diagnostic, Severity
from generator.io import resources
from generator.lint import load
from tests.support.sites import PROTOCOAST, load_text

TEXT = PROTOCOAST.read_text()


def _changed(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def _problems(loaded: load.Loaded) -> list[Diagnostic]:
    """Errors and warnings: of ProtoCoast's own infos nothing is said here."""
    return [one for one in loaded.report.diagnostics if one.severity is not Severity.INFO]


def _codes(text: str) -> list[str]:
    return [found.code for found in _problems(load_text(text))]


def test_a_clean_text_gives_a_site_and_nothing_to_say() -> None:
    loaded = load_text(TEXT)
    assert _problems(loaded) == []
    assert loaded.site is not None
    assert loaded.lines == tuple(TEXT.split("\n"))


@pytest.mark.parametrize("text", ["", "- a", "site: [", "site: x\nsite: y", "a: yes", "{}"])
def test_an_error_leaves_no_site(text: str) -> None:
    loaded = load_text(text)
    assert loaded.report.has_errors
    assert loaded.site is None


def test_places_name_the_file_as_it_was_given() -> None:
    found = load.load(
        b"", "../x.yaml", resources.site_schema(), resources.known_versions()
    ).report.diagnostics
    assert [one.at.file for one in found] == ["../x.yaml"]


def test_warnings_and_infos_let_the_site_pass() -> None:
    loaded = load_text(_changed(("revision: main", "revision: HEAD")))
    assert {found.severity for found in loaded.report.diagnostics} == {
        Severity.WARNING,
        Severity.INFO,
    }
    assert loaded.site is not None


# A host that production has too: R203 at staging's host.
TWICE = ("host: staging.protocoast", "host: protocoast")


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
    (found,) = _problems(loaded)
    assert (found.code, found.at.line, found.at.column) == ("S104", 44, 41)


def test_what_is_missing_only_after_merging_is_said_in_the_environment() -> None:
    override = "servers:\n        memory: {guarantee: 1Gi, limit: 2Gi}"
    loaded = load_text(_changed((override, "authentication: {tokenUrl: null}")))
    (found,) = _problems(loaded)
    assert (found.code, found.at.line, found.at.column) == ("S102", 43, 34)
    assert found.message == "'tokenUrl' is removed, and 'authentication' needs it"


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


@pytest.mark.parametrize(
    ("line", "code", "marked"),
    [
        ("clusterKinds: [clusterrole, Deployment]", "R233", "Deployment"),
        ("clusters: [2, fedclod]", "R235", "fedclod"),
    ],
)
def test_entry_after_a_refused_one_is_found_at_its_own_place(
    line: str, code: str, marked: str
) -> None:
    app = f"""apps:
  policies:
    scope: cluster
    chart: {{name: policies, repository: "https://charts.example.org", version: 1.2.3}}
    namespace: policies
    {line}
clusters:"""
    loaded = load_text(_changed(("\nclusters:", f"\n{app}")))
    (at,) = [one.at for one in _problems(loaded) if one.code == code]
    assert loaded.lines[at.line - 1][at.column - 1 : at.end_column - 1] == marked
