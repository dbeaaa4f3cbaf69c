"""The state of secret values: a table for people, JSON for programs, annotations for GitHub.

No format shows ciphertexts: they are long, and no reader needs them.
"""

from collections.abc import Callable, Mapping

from generator.build.sealed_secrets import State
from generator.credentials import printable, quoted
from generator.diagnostics import Report, Severity
from generator.records import record
from generator.report import github, json_, text
from generator.report.columns import aligned
from generator.secrets.states import (
    COPIED,
    MALFORMED,
    NOT_SEALED,
    VOID_CERTIFICATE,
    VOID_OWNER,
    CertificateFiles,
    SecretValue,
)
from generator.site.sealed import Certificate

_SHOWN = len("sha256:") + 12
_DATES = {None: "", "": "not committed"}
_NEXT = {
    NOT_SEALED: "hubops seal {0}",
    MALFORMED: "hubops seal {0} --reseal",
    VOID_CERTIFICATE: "hubops seal {0} --reseal",
    VOID_OWNER: "hubops generate lists what would be lost",
    COPIED: "hubops seal {0} --reseal",
}


@record
class SecretsReport:
    """The values, what is wrong with them, and the certificate file of each cluster in use."""

    values: tuple[SecretValue, ...]
    findings: Report
    files: CertificateFiles


def as_text(report: SecretsReport, *, color: bool) -> str:
    """A line for each value; then the findings that say more, or that make the run fail."""
    head = ("ENVIRONMENT", "SECRET", "KEY", "STATE", "IN GIT SINCE", "CERTIFICATE")
    rows = aligned([head, *map(_row, report.values)])
    beside = Report.of(
        finding
        for finding in report.findings.diagnostics
        if finding.code != NOT_SEALED or finding.severity is Severity.ERROR
    )
    findings = text.findings(beside, (), color=color)
    table = "".join(f"{line.rstrip()}\n" for line in rows)
    return f"{table}\n{findings}" if findings else table


def _row(value: SecretValue) -> tuple[str, ...]:
    since = certificate = ""
    if value.is_sealed:
        since = _DATES.get(value.since, (value.since or "")[:10])
        certificate = value.certificate[:_SHOWN] or "certificate unknown"
    named = map(printable, (value.environment, value.secret, value.key))
    return (*named, value.state, since, certificate)


def as_json(report: SecretsReport, *, color: bool) -> str:
    """All of it as one JSON document."""
    document = {
        "secrets": [_value(value) for value in report.values],
        "certificates": {
            name: {
                "problem": file.problem or None,
                "certificates": [_certificate(each) for each in file.certificates],
            }
            for name, file in report.files.items()
        },
        "findings": [json_.finding(finding) for finding in report.findings.diagnostics],
    }
    return json_.written(document)


def _value(value: SecretValue) -> Mapping[str, object]:
    always = ("environment", "cluster", "secret", "key", "state", "required")
    known = ("since", "certificate", "reason")
    return {
        **{name: getattr(value, name) for name in always},
        "file": value.path,
        "line": value.line,
        **{name: getattr(value, name) or None for name in known},
    }


def _certificate(certificate: Certificate) -> Mapping[str, object]:
    begins, ends = certificate.begins.isoformat(), certificate.ends.isoformat()
    named = {"fingerprint": certificate.fingerprint, "bits": certificate.bits}
    return {**named, "begins": begins, "ends": ends}


FORMATS: Mapping[str, Callable[..., str]] = {
    "text": as_text,
    "json": as_json,
    "github": lambda report, color: github.findings(report.findings, ()),
}


def last_lines(report: SecretsReport) -> str:
    """How many values are in each state, and the next commands."""
    states = [value.state for value in report.values]
    sums = [f"{states.count(state)} {state}" for state in State if state in states]
    parts = (", ".join(sums), text.count(report.findings, "", "").rstrip("; "))
    steps = dict.fromkeys(
        _NEXT[value.code].format(quoted(value.environment)) for value in report.values if value.code
    )
    line = "; ".join(part for part in parts if part)
    return f"{line}\n" + "".join(f"next: {printable(step)}\n" for step in steps)
