"""Every secret value of a site and how it stands, and what is wrong with it. Pure.

A value is void where it is sealed and yet worth nothing: its name, namespace or scope changed, or
its certificate is no longer the cluster's.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from generator.build.repository import sealed_path, secrets_of
from generator.build.sealed_secrets import State, owner, placeholder, state
from generator.diagnostics import Diagnostic, Severity, Span
from generator.records import field, record
from generator.secrets import kept
from generator.site.model import (
    CertificateFile,
    Certificates,
    Environment,
    SealedKey,
    SealedStore,
    SealedValue,
    SecretRef,
    Site,
)

# The controller renews its key every 30 days: an older certificate has a successor for sure.
OLD = timedelta(days=60)

PLACEHOLDER, MALFORMED, VOID_OWNER, VOID_CERTIFICATE = "K711", "K712", "K713", "K714"
MISSING, EXPIRED, UNUSABLE, AGED = "K721", "K722", "K723", "K724"
CODES = (PLACEHOLDER, MALFORMED, VOID_OWNER, VOID_CERTIFICATE, MISSING, EXPIRED, UNUSABLE, AGED)


class Standing(StrEnum):
    """How one value stands."""

    SEALED = "sealed"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    VOID = "void"


_OF_STATE = {
    State.SEALED: Standing.SEALED,
    State.PLACEHOLDER: Standing.PLACEHOLDER,
    State.MALFORMED: Standing.MALFORMED,
}


@record
class Entry:
    """One value; `certificate` is the fingerprint of what it was sealed for, where that is known.

    `code` and `reason` tell why it is void; `line` is its line in the file, `since` the date of the
    commit that brought it.
    """

    environment: str
    cluster: str
    secret: str
    key: str
    path: str
    standing: Standing
    required: bool
    ciphertext: str = field(default="", hidden=True)
    certificate: str = ""
    code: str = ""
    reason: str = ""
    line: int = 1
    since: str | None = None

    @property
    def name(self) -> str:
        """How a person names it."""
        return f"{self.secret}/{self.key}"


@record
class Found:
    """What the working copy holds; the certificate files by cluster."""

    values: tuple[SealedValue, ...]
    sealed: SealedStore
    certificates: Certificates
    files: Mapping[str, CertificateFile]


def entries(site: Site, found: Found) -> tuple[Entry, ...]:
    """Every value of the site, by environment, secret and key; then those that have no place."""
    homeless = _homeless(site, found)
    placed = [
        entry
        for environment in site.environments
        for entry in of_environment(environment, found)
        if entry.standing is not Standing.PLACEHOLDER
        or (entry.environment, entry.secret, entry.key) not in homeless
    ]
    listed = [environment.name for environment in site.environments]
    together = [*placed, *homeless.values()]
    order = {name: number for number, name in enumerate(listed)}
    return tuple(sorted(together, key=lambda one: order.get(one.environment, len(order))))


def of_environment(environment: Environment, found: Found) -> Iterator[Entry]:
    """The values that site.yaml has a place for, in one environment."""
    for secret in secrets_of(environment):
        for key in secret.keys:
            yield _entry(environment, secret, key, found)


def _entry(environment: Environment, secret: SecretRef, key: str, found: Found) -> Entry:
    whose = owner(environment, secret, key)
    ciphertext = found.sealed.get(whose) or placeholder(key)
    certificate = found.certificates.get(whose, "")
    standing = _OF_STATE[state(key, ciphertext)]
    reason = ""
    if standing is Standing.SEALED:
        reason = _outdated(environment.cluster, certificate, found)
    return Entry(
        environment=environment.name,
        cluster=environment.cluster,
        secret=secret.name,
        key=key,
        path=sealed_path(environment.name, secret.name),
        standing=Standing.VOID if reason else standing,
        required=environment.require_sealed,
        ciphertext="" if standing is Standing.PLACEHOLDER else ciphertext,
        certificate=certificate,
        code=VOID_CERTIFICATE if reason else "",
        reason=reason,
    )


def _outdated(cluster: str, certificate: str, found: Found) -> str:
    """Why a certificate that a value was sealed for is not the cluster's; empty where it may be."""
    file = found.files.get(cluster)
    if not certificate or file is None or not file.certificates:
        return ""
    if certificate in {known.fingerprint for known in file.certificates}:
        return ""
    return f"sealed for a certificate that is no longer {cluster}'s"


def _homeless(site: Site, found: Found) -> dict[tuple[str, str, str], Entry]:
    """Sealed values that site.yaml has no place for: no controller could decrypt them there."""
    environments = {environment.name: environment for environment in site.environments}
    homeless = {}
    for value in kept.lost(found.values, site, found.sealed):
        whose, environment = value.owner, environments.get(value.owner.environment)
        homeless[whose.environment, whose.name, whose.key] = Entry(
            environment=whose.environment,
            cluster=environment.cluster if environment is not None else "",
            secret=whose.name,
            key=whose.key,
            path=value.path,
            standing=Standing.VOID,
            required=environment is not None and environment.require_sealed,
            ciphertext=value.ciphertext,
            certificate=value.certificate,
            code=VOID_OWNER,
            reason=_displaced(whose, environment),
        )
    return homeless


def _displaced(whose: SealedKey, environment: Environment | None) -> str:
    """What changed in site.yaml since a value was sealed."""
    if environment is None:
        return "site.yaml has no such environment any more"
    if whose.namespace != environment.namespace:
        return f"sealed for namespace {whose.namespace}, now it is {environment.namespace}"
    if whose.scope != environment.sealing_scope:
        return f"sealed with the scope {whose.scope}, now it is {environment.sealing_scope}"
    secrets = {secret.name: secret.keys for secret in secrets_of(environment)}
    if whose.name not in secrets:
        return "site.yaml has no such secret any more"
    if whose.key not in secrets[whose.name]:
        return "its secret has no such key any more"
    return "another copy of this value is sealed too, and differs"


def diagnostics(
    site: Site,
    listed: Iterable[Entry],
    files: Mapping[str, CertificateFile],
    now: datetime,
) -> Iterator[Diagnostic]:
    """What is wrong: values first, then the certificates that new values would be sealed for."""
    yield from (found for entry in listed for found in _of_entry(entry))
    for cluster in site.clusters.values():
        if site.environments_of(cluster.name):
            path = cluster.sealing_certificate or ""
            yield from _of_certificate(cluster.name, path, files[cluster.name], now)


def _of_entry(entry: Entry) -> Iterator[Diagnostic]:
    """What is wrong with one value, and what to do."""
    if entry.standing is Standing.SEALED:
        return
    command = f"hubops seal {entry.environment}"
    if entry.standing is Standing.PLACEHOLDER:
        code, what, help = PLACEHOLDER, "is not sealed yet", command
    elif entry.standing is Standing.MALFORMED:
        code, what = MALFORMED, "can't be unsealed"
        help = (
            f"{command} {entry.name}; a password that was committed in plain text must be changed"
        )
    elif entry.code == VOID_CERTIFICATE:
        code, what = VOID_CERTIFICATE, f"is {entry.reason}"
        help = (
            f"{command} --reseal; where the controller only has a newer key beside the old one, "
            f"add its certificate instead: hubops certificate {entry.cluster}"
        )
    else:
        code, what = VOID_OWNER, f"is void: {entry.reason}"
        help = (
            "undo the change in site.yaml, or let go of the value: hubops generate "
            f"--discard-sealed, then {command}"
        )
    severity = Severity.ERROR if entry.required else Severity.WARNING
    message = f"{entry.environment}: {entry.name} {what}"
    yield _diagnostic(code, severity, entry.path, message, help, line=entry.line)


def _of_certificate(
    cluster: str, path: str, file: CertificateFile, now: datetime
) -> Iterator[Diagnostic]:
    command, place = f"hubops certificate {cluster}", path or "site.yaml"
    if file.is_missing:
        what = f"{path} is not there" if path else "site.yaml names none"
        message = f"cluster {cluster} has no sealing certificate: {what}"
        yield _diagnostic(MISSING, Severity.WARNING, place, message, command)
    elif file.problem:
        severity = Severity.ERROR if "private key" in file.problem else Severity.WARNING
        yield _diagnostic(UNUSABLE, severity, place, f"of {cluster}: {file.problem}", file.help)
    else:
        newest, help = file.certificates[0], f"fetch the newest: {command}"
        if now >= newest.ends:
            message = f"the certificate of {cluster} expired on {newest.ends:%Y-%m-%d}"
            yield _diagnostic(EXPIRED, Severity.WARNING, place, message, help)
        elif newest.begins > now:
            message = f"the certificate of {cluster} is valid from {newest.begins:%Y-%m-%d} on"
            help = "see whether this machine's clock is right"
            yield _diagnostic(EXPIRED, Severity.WARNING, place, message, help)
        elif now - newest.begins > OLD:
            days = (now - newest.begins).days
            message = f"the certificate of {cluster} is {days} days old, and the controller's newer"
            yield _diagnostic(AGED, Severity.WARNING, place, message, help)


def _diagnostic(
    code: str, severity: Severity, path: str, message: str, help: str, line: int = 1
) -> Diagnostic:
    at = Span(file=path, line=line, column=1, end_line=line, end_column=1)
    return Diagnostic(code=code, severity=severity, message=message, at=at, help=help)
