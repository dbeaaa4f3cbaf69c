"""Every secret value of a site and its state: sealed, placeholder, void or malformed. Pure.

A value is void where it is sealed and yet can't be used: its name, namespace or scope changed, or
its certificate is no longer the cluster's.
"""

from collections.abc import Iterator, Mapping

from generator.build.repository import ciphertexts, sealed_path, secrets_of
from generator.build.sealed_secrets import State, owner, state
from generator.records import field, record, replace
from generator.secrets import sealed_values
from generator.secrets.sealed_values import SealedValues
from generator.site.model import CertificateFile, Environment, SealedKey, SealedValue, Site

# The finding of a value that can't be used.
NOT_SEALED, MALFORMED, VOID_OWNER, VOID_CERTIFICATE = "K711", "K712", "K713", "K714"
_CODES = {State.PLACEHOLDER: NOT_SEALED, State.MALFORMED: MALFORMED}

# What each cluster's certificate file holds.
CertificateFiles = Mapping[str, CertificateFile]


@record
class SecretValue:
    """One value and its state.

    `certificate` is the fingerprint that it was sealed for, where known; `code` the finding about
    it, empty where it is sealed; `reason` why it is void; `line` its line in the file; `since` the
    date of the commit that brought it.
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
    unplaced = {
        (value.environment, value.secret, value.key): value for value in _unplaced(site, sealed)
    }
    placed = [
        value
        for environment in site.environments
        for value in of_environment(environment, sealed, files)
        if value.state is not State.PLACEHOLDER
        or (value.environment, value.secret, value.key) not in unplaced
    ]
    order = {environment.name: number for number, environment in enumerate(site.environments)}
    values = [*placed, *unplaced.values()]
    return tuple(sorted(values, key=lambda value: order.get(value.environment, len(order))))


def of_environment(
    environment: Environment, sealed: SealedValues, files: CertificateFiles
) -> Iterator[SecretValue]:
    """The values that site.yaml has a place for in one environment."""
    encrypted = ciphertexts(environment, sealed.store)
    for secret in secrets_of(environment):
        for key in secret.keys:
            certificate = sealed.certificates.get(owner(environment, secret, key), "")
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
            yield _void(value) if _is_outdated(value, files) else value


def _is_outdated(value: SecretValue, files: CertificateFiles) -> bool:
    """Whether a sealed value's certificate is known and not the cluster's."""
    file = files.get(value.cluster)
    if value.state is not State.SEALED or not value.certificate or not (file and file.certificates):
        return False
    return value.certificate not in {known.fingerprint for known in file.certificates}


def _void(value: SecretValue) -> SecretValue:
    reason = f"sealed for a certificate that is no longer {value.cluster}'s"
    return replace(value, state=State.VOID, code=VOID_CERTIFICATE, reason=reason)


def _unplaced(site: Site, sealed: SealedValues) -> Iterator[SecretValue]:
    """Sealed values that site.yaml has no place for: no controller could decrypt them there."""
    environments = {environment.name: environment for environment in site.environments}
    for value in sealed_values.lost(site, sealed):
        environment = environments.get(value.owner.environment)
        yield _without_place(value, environment)


def _without_place(value: SealedValue, environment: Environment | None) -> SecretValue:
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
    """What changed in site.yaml since a value was sealed."""
    if environment is None:
        return "site.yaml no longer has this environment"
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
