"""Every secret value of a site and its state, its line, and the date of its commit.

A value is void where it is sealed and yet can't be used: its name, namespace or scope changed, or
its certificate is no longer the cluster's. A ciphertext at two places is malformed at both.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.build.repository import ciphertexts, sealed_path, secrets_of
from generator.build.sealed_secrets import State, owner, state
from generator.diagnostics import GeneratorError
from generator.io import git
from generator.records import field, record, replace
from generator.secrets import sealed_values
from generator.secrets.sealed_values import SealedValues
from generator.site.model import Environment, Site
from generator.site.sealed import CertificateFile, SealedKey, SealedValue

# The finding of a value that can't be used.
NOT_SEALED, MALFORMED, VOID_OWNER, VOID_CERTIFICATE = "K711", "K712", "K713", "K714"
COPIED = "K715"
_CODES = {State.PLACEHOLDER: NOT_SEALED, State.MALFORMED: MALFORMED}
_SEALED_FILES = ("overlays/*/namespace/sealed-*.yaml", "clusters/*/*/sealed-*.yaml")
# No ciphertext is shorter: an RSA-2048 session key and an AES-GCM tag, as base64.
_SHORTEST = 340

# What each cluster's certificate file holds.
CertificateFiles = Mapping[str, CertificateFile]


@record
class SecretValue:
    """One value; `certificate` is the fingerprint that it was sealed for, where known.

    `code` is the finding about it, empty where it is sealed; `reason` why it is void, or where a
    copied one is too; `since` the date of the commit that brought it: empty where it is not
    committed, None where unknown.
    """

    environment: str
    cluster: str
    secret: str
    key: str
    path: str
    state: State
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

    @property
    def is_sealed(self) -> bool:
        """Whether it is a ciphertext, void or not."""
        return self.state in (State.SEALED, State.VOID)


def of_site(site: Site, sealed: SealedValues, files: CertificateFiles) -> tuple[SecretValue, ...]:
    """Every value by environment, secret and key; then those that site.yaml has no place for."""
    environments = {environment.name: environment for environment in site.places}
    unplaced = {
        (value.owner.environment, value.owner.name, value.owner.key): _marked(
            _without_place(value, environments.get(value.owner.environment)), value.owner, sealed
        )
        for value in sealed_values.lost(site, sealed)
    }
    placed = [
        value
        for environment in site.places
        for value in of_environment(environment, sealed, files)
        if value.state is not State.PLACEHOLDER
        or (value.environment, value.secret, value.key) not in unplaced
    ]
    order = {name: number for number, name in enumerate(environments)}
    values = [*placed, *unplaced.values()]
    return tuple(sorted(values, key=lambda value: order.get(value.environment, len(order))))


def of_environment(
    environment: Environment, sealed: SealedValues, files: CertificateFiles
) -> Iterator[SecretValue]:
    """The values that site.yaml has a place for in one environment."""
    encrypted = ciphertexts(environment, sealed.store)
    file = files.get(environment.cluster)
    known = {each.fingerprint for each in file.certificates} if file else set()
    for secret in secrets_of(environment):
        for key in secret.keys:
            owned = owner(environment, secret, key)
            certificate = sealed.certificates.get(owned, "")
            ciphertext = encrypted[secret.name][key]
            kind = state(key, ciphertext)
            value = SecretValue(
                environment=environment.name,
                cluster=environment.cluster,
                secret=secret.name,
                key=key,
                path=sealed_path(environment.name, secret.name),
                state=kind,
                required=environment.require_sealed,
                ciphertext="" if kind is State.PLACEHOLDER else ciphertext,
                certificate=certificate,
                code=_CODES.get(kind, ""),
            )
            if kind is State.SEALED and certificate and known and certificate not in known:
                reason = f"sealed for a certificate that is no longer {value.cluster}'s"
                value = replace(value, state=State.VOID, code=VOID_CERTIFICATE, reason=reason)
            yield _marked(value, owned, sealed)


def _marked(value: SecretValue, owned: SealedKey, sealed: SealedValues) -> SecretValue:
    """The value; one whose ciphertext other places hold too is malformed, with these places."""
    others = sealed.copies.get(owned)
    if others is None:
        return value
    reason = f"the same ciphertext as {' and '.join(others)}"
    return replace(value, state=State.MALFORMED, code=COPIED, reason=reason)


def _without_place(value: SealedValue, environment: Environment | None) -> SecretValue:
    """A sealed value that site.yaml has no place for: no controller could decrypt it there."""
    return SecretValue(
        environment=value.owner.environment,
        cluster=environment.cluster if environment is not None else "",
        secret=value.owner.name,
        key=value.owner.key,
        path=value.path,
        state=State.VOID,
        required=environment is not None and environment.require_sealed,
        ciphertext=value.ciphertext,
        certificate=value.certificate,
        code=VOID_OWNER,
        reason=_changed_owner(value.owner, environment),
    )


def _changed_owner(sealed: SealedKey, environment: Environment | None) -> str:
    if environment is None:
        return (
            f"site.yaml no longer has this {'app' if '/' in sealed.environment else 'environment'}"
        )
    if sealed.namespace != environment.namespace:
        return f"sealed for namespace {sealed.namespace}, now it is {environment.namespace}"
    if sealed.scope != environment.sealing_scope:
        return f"sealed with scope {sealed.scope}, now it is {environment.sealing_scope}"
    secrets = {secret.name: secret.keys for secret in secrets_of(environment)}
    if sealed.name not in secrets:
        return "site.yaml no longer has this secret"
    if sealed.key not in secrets[sealed.name]:
        return "its secret no longer has this key"
    return "another copy of this value is sealed too, and differs"


def numbered(values: Iterable[SecretValue], files: Mapping[str, bytes]) -> tuple[SecretValue, ...]:
    """The values with their lines in the files of the working copy."""
    lines = {path: files[path].splitlines() for path in {value.path for value in values} & {*files}}
    return tuple(
        replace(value, line=_line(lines.get(value.path, []), value.key)) for value in values
    )


def _line(lines: list[bytes], key: str) -> int:
    starts = tuple(f"{quote}{key}{quote}:".encode() for quote in ("", '"', "'"))
    places = (number for number, line in enumerate(lines, 1) if line.strip().startswith(starts))
    return next(places, 1)


def dated(root: Path, values: Iterable[SecretValue]) -> tuple[SecretValue, ...]:
    """The values with the date of the commit that brought each ciphertext, from one Git process."""
    values = tuple(values)
    sealed = {_compact(value.ciphertext) for value in values if value.is_sealed}
    if not sealed or not git.is_repository(root) or git.is_shallow(root):
        return values
    since: dict[str, str] = {}
    try:
        added = list(git.additions(root, *_SEALED_FILES))
    except GeneratorError:
        return values  # what can't be read is unknown, not new
    for date, line in added:
        if len(line) >= _SHORTEST:
            for word in line.decode("utf-8", "replace").replace('"', " ").split():
                if word in sealed:
                    since.setdefault(word, date)
    dates = [since.get(_compact(value.ciphertext), "") for value in values]
    return tuple(
        replace(value, since=date) if value.is_sealed else value
        for value, date in zip(values, dates, strict=True)
    )


def _compact(ciphertext: str) -> str:
    return "".join(ciphertext.split())
