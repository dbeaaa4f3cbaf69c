"""How secret values stand: a table for people, JSON for programs, annotations for GitHub.

Ciphertexts are shown nowhere: they are long, and nobody needs them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from generator.credentials import printable
from generator.diagnostics import Diagnostic, Report, Severity
from generator.records import record
from generator.report.columns import aligned
from generator.secrets.inventory import PLACEHOLDER, Entry, Standing
from generator.site.model import CertificateFile

_SHOWN = len("sha256:") + 12


@record
class Inventory:
    """The values, what is wrong with them, and each cluster's certificate file."""

    entries: tuple[Entry, ...]
    report: Report
    files: Mapping[str, CertificateFile]


def table(inventory: Inventory) -> str:
    """A line for each value."""
    head = ("ENVIRONMENT", "SECRET", "KEY", "STATE", "IN GIT SINCE", "CERTIFICATE")
    rows = [head, *map(_row, inventory.entries)]
    return "".join(f"{line.rstrip()}\n" for line in aligned(rows))


def beside_table(inventory: Inventory) -> Report:
    """What the table does not show already, and what makes the run fail."""
    return Report.of(
        found
        for found in inventory.report.diagnostics
        if found.code != PLACEHOLDER or found.severity is Severity.ERROR
    )


def _row(entry: Entry) -> tuple[str, ...]:
    since, certificate = "", ""
    if entry.standing in (Standing.SEALED, Standing.VOID):
        dates = {None: "", "": "not committed"}
        since = dates.get(entry.since, (entry.since or "")[:10])
        certificate = entry.certificate[:_SHOWN] or "certificate unknown"
    return (
        printable(entry.environment),
        printable(entry.secret),
        printable(entry.key),
        entry.standing,
        since,
        certificate,
    )


def as_json(inventory: Inventory) -> str:
    """All of it as one JSON document."""
    document = {
        "secrets": [_entry(entry) for entry in inventory.entries],
        "certificates": {name: _file(file) for name, file in inventory.files.items()},
        "findings": [_finding(found) for found in inventory.report.diagnostics],
    }
    return json.dumps(document, indent=2) + "\n"


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "environment": entry.environment,
        "cluster": entry.cluster,
        "secret": entry.secret,
        "key": entry.key,
        "state": entry.standing,
        "required": entry.required,
        "file": entry.path,
        "line": entry.line,
        "since": entry.since or None,
        "certificate": entry.certificate or None,
        "reason": entry.reason or None,
    }


def _file(file: CertificateFile) -> dict[str, object]:
    return {
        "problem": file.problem or None,
        "certificates": [
            {
                "fingerprint": one.fingerprint,
                "bits": one.bits,
                "begins": one.begins.isoformat(),
                "ends": one.ends.isoformat(),
            }
            for one in file.certificates
        ],
    }


def _finding(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "file": found.at.file,
        "line": found.at.line,
        "help": found.help,
    }


_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(inventory: Inventory) -> str:
    """Workflow commands, which GitHub shows beside the changed lines of a pull request.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(_annotations(inventory.report.diagnostics))


def _annotations(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    for found in diagnostics:
        place = f"file={_property(found.at.file)},line={found.at.line},title={found.code}"
        message = _escaped(f"{found.message}; {found.help}")
        yield f"::{_COMMANDS[found.severity]} {place}::{message}\n"


def _escaped(message: str) -> str:
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")
