"""What is wrong with secret values and with the certificates that new ones are sealed for. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from generator.credentials import quoted
from generator.diagnostics import Diagnostic, Severity, Span
from generator.secrets.states import (
    COPIED,
    MALFORMED,
    NOT_SEALED,
    VOID_CERTIFICATE,
    VOID_OWNER,
    CertificateFiles,
    SecretValue,
)
from generator.site.model import Site
from generator.site.sealed import CertificateFile

# The controller renews its key every 30 days, so an older certificate certainly has a successor.
OLD = timedelta(days=60)

MISSING, EXPIRED, UNUSABLE, AGED = "K721", "K722", "K723", "K724"

# The message and the help of a value that can't be used; {1} and {2} are quoted for the shell.
_TEXTS = {
    NOT_SEALED: ("is not sealed yet", "hubops seal {1}"),
    MALFORMED: (
        "is not a sealed value",
        "hubops seal {1} {2}; change a password that was committed in plain text",
    ),
    VOID_CERTIFICATE: (
        "is {0.reason}",
        "hubops seal {1} --reseal; if the controller still holds the old key, add the "
        "newer certificate instead: hubops certificate {0.cluster}",
    ),
    VOID_OWNER: (
        "is void: {0.reason}",
        "undo the change in site.yaml, or discard the value: hubops generate --discard-sealed, "
        "then hubops seal {1}",
    ),
    COPIED: (
        "is {0.reason}: one is a copy, which can't be decrypted or is shown where it must not be",
        "put back the right one from Git, or seal both again: hubops seal {1} --reseal",
    ),
}
CODES = (*_TEXTS, MISSING, EXPIRED, UNUSABLE, AGED)


def diagnostics(
    site: Site, values: Iterable[SecretValue], files: CertificateFiles, now: datetime
) -> Iterator[Diagnostic]:
    """Values first, then the certificates of the clusters that are used."""
    yield from (_of_value(value) for value in values if value.code)
    for cluster in site.clusters.values():
        if site.is_used(cluster.name):
            path = cluster.sealing_certificate or ""
            yield from _of_certificate(cluster.name, path, files[cluster.name], now)


def _of_value(value: SecretValue) -> Diagnostic:
    words = value, quoted(value.environment), quoted(value.name)
    message, help = (text.format(*words) for text in _TEXTS[value.code])
    is_error = value.required or value.code == COPIED
    severity = Severity.ERROR if is_error else Severity.WARNING
    message = f"{value.environment}: {value.name} {message}"
    return _diagnostic(value.code, severity, value.path, message, help, line=value.line)


def _of_certificate(
    cluster: str, path: str, file: CertificateFile, now: datetime
) -> Iterator[Diagnostic]:
    command, place = f"hubops certificate {cluster}", path or "site.yaml"
    if file.is_missing:
        what = f"{path} does not exist" if path else "site.yaml names none"
        message = f"cluster {cluster} has no sealing certificate: {what}"
        yield _diagnostic(MISSING, Severity.WARNING, place, message, command)
    elif file.problem:
        severity = Severity.ERROR if "private key" in file.problem else Severity.WARNING
        message = f"the certificate of {cluster}: {file.problem}"
        yield _diagnostic(UNUSABLE, severity, place, message, file.help)
    else:
        newest, help = file.certificates[0], f"fetch the newest: {command}"
        age, code, what = now - newest.begins, EXPIRED, ""
        if now >= newest.ends:
            what = f"expired on {newest.ends:%Y-%m-%d}"
        elif newest.begins > now:
            what = f"is valid from {newest.begins:%Y-%m-%d} on"
            help = "check whether this machine's clock is right"
        elif age > OLD:
            code, what = AGED, f"is {age.days} days old; the controller has a newer one"
        if what:
            message = f"the certificate of {cluster} {what}"
            yield _diagnostic(code, Severity.WARNING, place, message, help)


def _diagnostic(
    code: str, severity: Severity, path: str, message: str, help: str, line: int = 1
) -> Diagnostic:
    at = Span(file=path, line=line, column=1, end_line=line, end_column=1)
    return Diagnostic(code=code, severity=severity, message=message, at=at, help=help)
