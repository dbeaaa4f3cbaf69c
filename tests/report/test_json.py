"""Findings as JSON: the whole document, and the example that its documentation shows."""

import json

import pytest

from generator.diagnostics import Severity
from generator.lint import load
from generator.report import json_
from generator.report.formats import FORMATS
from tests.project.test_docs import blocks
from tests.support.reports import HOSTILE, SHOWN, finding, report
from tests.support.sites import ROOT, load_text

PATH = ROOT / "docs/lint-formats.md"
DOCUMENT = PATH.read_text("utf-8")


def test_no_finding() -> None:
    assert json.loads(json_.findings(report(), ())) == {
        "version": 1,
        "findings": [],
        "counts": {"error": 0, "warning": 0, "info": 0},
    }


def test_the_whole_document() -> None:
    found = report(
        finding(),
        finding("G804", Severity.WARNING, "a message", "a help", at=(3, 1, 5, 2)),
        finding("A509", Severity.INFO, "another", "and its help", file="other/site.yaml"),
    )
    document = json.loads(json_.findings(found, ()))
    assert document["counts"] == {"error": 1, "warning": 1, "info": 1}
    assert document["findings"] == [
        {
            "code": "A509",
            "severity": "info",
            "message": "another",
            "help": "and its help",
            "page": "https://github.com/protocoast/protocoast-gitops/blob/main/docs/rules.md#a509",
            "file": "other/site.yaml",
            "line": 27,
            "column": 14,
            "endLine": 27,
            "endColumn": 21,
        },
        {
            "code": "G804",
            "severity": "warning",
            "message": "a message",
            "help": "a help",
            "page": "https://github.com/protocoast/protocoast-gitops/blob/main/docs/rules.md#g804",
            "file": "site.yaml",
            "line": 3,
            "column": 1,
            "endLine": 5,
            "endColumn": 2,
        },
        {
            "code": "R201",
            "severity": "error",
            "message": "cluster 'fedclod' is not defined",
            "help": "did you mean 'fedcloud'?",
            "page": "https://github.com/protocoast/protocoast-gitops/blob/main/docs/rules.md#r201",
            "file": "site.yaml",
            "line": 27,
            "column": 14,
            "endLine": 27,
            "endColumn": 21,
        },
    ]


def test_keys_keep_their_order() -> None:
    document = json.loads(json_.findings(report(finding()), ()))
    assert list(document) == ["version", "findings", "counts"]
    assert list(document["findings"][0]) == [
        *("code", "severity", "message", "help", "page"),
        *("file", "line", "column", "endLine", "endColumn"),
    ]


def test_it_is_ascii_without_control_characters_whatever_a_finding_says() -> None:
    hostile = finding(message=HOSTILE, help=HOSTILE, file="日本\x1b\udcff.yaml")
    printed = json_.findings(report(hostile), ())
    assert printed.isascii()
    assert printed.replace("\n", "").isprintable()
    (found,) = json.loads(printed)["findings"]
    assert (found["message"], found["help"]) == (SHOWN, SHOWN)
    assert found["file"] == "日本\x1b\udcff.yaml"


@pytest.mark.parametrize("lines", [(), ("a: hunter2",) * 30], ids=["no lines", "lines"])
def test_it_holds_no_line_of_the_file(lines: tuple[str, ...]) -> None:
    assert json_.findings(report(finding()), lines) == json_.findings(report(finding()), ())


# --- the documentation


def _example() -> load.Loaded:
    (site,) = (block for block in blocks(DOCUMENT, "yaml") if "schemaVersion" in block)
    return load_text(site)


@pytest.mark.parametrize("format", ["json", "text"])
def test_the_documented_example_is_what_is_printed(format: str, update_golden: bool) -> None:
    loaded = _example()
    printed = FORMATS[format](loaded.report, loaded.lines)
    document = PATH.read_text("utf-8")
    (shown,) = blocks(document, format)
    if update_golden:
        new = document.replace(f"```{format}\n{shown}", f"```{format}\n{printed}")
        PATH.write_text(new, encoding="utf-8", newline="\n")
        shown = printed
    assert shown == printed


def test_every_key_is_documented() -> None:
    document = json.loads(json_.findings(report(finding()), ()))
    keys = [*document, *document["findings"][0]]
    assert [key for key in keys if f"| `{key}` |" not in DOCUMENT] == []


def test_the_documented_version_is_the_present_one() -> None:
    assert f'"version": {json_.VERSION}' in DOCUMENT
