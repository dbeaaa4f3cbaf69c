"""Findings as SARIF 2.1.0, which GitHub's code scanning and other viewers of findings read."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from generator import HOME, __version__
from generator.credentials import printable
from generator.diagnostics import Diagnostic, Report, Severity
from generator.digest import sha256
from generator.lint.pages import Page, address, codes, page
from generator.report import json_

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"


def findings(report: Report, lines: object, *, color: bool = False) -> str:
    """The log of one run, in ASCII, with the rules of the codes that were found.

    No line of the file is in it, for one may hold a credential.
    """
    found = sorted({one.code for one in report.diagnostics})
    driver = {
        "name": "hubops",
        "version": __version__,
        "informationUri": HOME,
        # What other commands find has its page elsewhere.
        "rules": [
            _rule(page(code)) if code in codes() else {"id": code, "helpUri": address(code)}
            for code in found
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the checkout"}}},
        "results": list(_results(report, found)),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_.written(log)


def _rule(page: Page) -> dict[str, Any]:
    words = re.findall(r"\w+", page.title.replace("'", ""))
    return {
        "id": page.code,
        "name": "".join(word[:1].upper() + word[1:] for word in words),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": " ".join(page.why.split("\n\n")[0].split())},
        "helpUri": address(page.code),
        "help": {"text": page.why, "markdown": page.body},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }


def _results(report: Report, codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for found in report.diagnostics:
        # By its words and not by its place: some lines further down it is the same finding.
        digest = sha256(f"{found.code} {printable(found.message)}".encode())[:32]
        seen[digest] += 1
        yield {
            "ruleId": found.code,
            "ruleIndex": codes.index(found.code),
            "level": _LEVELS[found.severity],
            # Braces stay single, as viewers show them where a message has no arguments.
            "message": {"text": f"{printable(found.message)}\nhelp: {printable(found.help)}"},
            "locations": [{"physicalLocation": _location(found)}],
            "partialFingerprints": {"hubopsFinding/v1": f"{digest}:{seen[digest]}"},
        }


def _location(found: Diagnostic) -> dict[str, Any]:
    at = found.at
    uri = quote(at.file, errors="surrogateescape")
    artifact = {"uri": f"file://{uri}"} if uri.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}
    region = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    return {"artifactLocation": artifact, "region": region}
