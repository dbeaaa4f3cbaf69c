"""Findings as workflow commands: read back the way GitHub's runner reads them."""

import re

import pytest

from generator.credentials import printable
from generator.diagnostics import Severity
from generator.report import github
from tests.support.reports import HOSTILE, SHOWN, finding, report

ADDRESS = "https://github.com/protocoast/protocoast-gitops/blob/main/docs/rules.md"
# What the runner puts in place of an escape, in its order.
IN_MESSAGE = {"%0D": "\r", "%0A": "\n", "%25": "%"}
IN_PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def _unescaped(text: str, escapes: dict[str, str]) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: escapes[match.group()], text)


def _read(line: str) -> tuple[str, dict[str, str], str]:
    """The command, its properties and its message, by the rules of the runner."""
    assert line.startswith("::")
    command, _, message = line[2:].partition("::")
    name, _, given = command.partition(" ")
    pairs = (pair.partition("=") for pair in given.split(","))
    properties = {key: _unescaped(value, IN_PROPERTY) for key, _, value in pairs}
    return name, properties, _unescaped(message, IN_MESSAGE)


def test_no_finding() -> None:
    assert github.findings(report(), ()) == ""


def test_the_whole_command() -> None:
    assert github.findings(report(finding()), ()) == (
        "::error file=site.yaml,line=27,col=14,endLine=27,endColumn=21,title=hubops R201::"
        "site.yaml:27:14: error[R201]: cluster 'fedclod' is not defined%0A"
        f"help: did you mean 'fedcloud'?%0A{ADDRESS}#r201\n"
    )


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_each_severity_has_its_command(severity: Severity, command: str) -> None:
    assert _read(github.findings(report(finding(severity=severity)), ()))[0] == command


def test_of_a_place_over_lines_the_beginning_is_shown() -> None:
    # With a second line GitHub would put it below the last one, and leave the column out.
    _, properties, _ = _read(github.findings(report(finding(at=(3, 5, 9, 1))), ()))
    assert properties == {"file": "site.yaml", "line": "3", "col": "5", "title": "hubops R201"}


TEXTS = [
    "100% of 4,000: done",
    "50%25 of %0A",
    "::error::no",
    "a=b,c:d::e",
    "##[group]x",
    "日本 \U0001f600",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_finding_says_arrives_as_it_is(text: str) -> None:
    printed = github.findings(report(finding(message=text, help=text)), ())
    assert printed.count("\n") == 1
    _, _, message = _read(printed.removesuffix("\n"))
    text = printable(text)
    assert message == f"site.yaml:27:14: error[R201]: {text}\nhelp: {text}\n{ADDRESS}#r201"


@pytest.mark.parametrize("file", ["sites/a, b: 100%/site.yaml", "/tmp/x::y=z.yaml"])
def test_a_file_arrives_as_it_is(file: str) -> None:
    _, properties, message = _read(github.findings(report(finding(file=file)), ()))
    assert properties["file"] == file
    assert message.startswith(f"{file}:27:14: ")


def test_no_control_character_is_printed() -> None:
    hostile = finding(message=HOSTILE, help=HOSTILE, file="a\x1b\r\n.yaml")
    (line,) = github.findings(report(hostile), ()).splitlines()
    assert line.isprintable()
    assert SHOWN in _read(line)[2]
    assert _read(line)[1]["file"] == r"a\x1b\r\n.yaml"


def test_one_line_a_finding_in_the_order_of_the_file() -> None:
    found = report(finding(at=(9, 1, 9, 2)), finding(at=(2, 1, 2, 2)), finding("L401"))
    printed = github.findings(found, ("a: hunter2",) * 30).splitlines()
    assert [_read(line)[1]["line"] for line in printed] == ["2", "9", "27"]
    assert not any("hunter2" in line for line in printed)
