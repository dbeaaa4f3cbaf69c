"""Sealed values and the certificates they are sealed for, as the rest of the program knows them."""

from collections.abc import Mapping
from datetime import datetime

from generator.records import field, record


@record
class SecretRef:
    """A Secret that the charts read: its name and keys, and its type where it has one."""

    name: str
    keys: tuple[str, ...]
    type: str = ""


@record(order=True)
class SealedKey:
    """Whose a ciphertext is. It is never carried to another owner: it could not be decrypted."""

    environment: str
    namespace: str
    scope: str
    name: str
    key: str

    def __str__(self) -> str:
        place = f"namespace {self.namespace}, {self.scope}"
        return f"{self.environment}: {self.name}/{self.key} ({place})"


@record
class SealedValue:
    """One value of a SealedSecret in the working copy, and the file it stands in.

    `certificate` is the fingerprint of what it was sealed for; empty where that is unknown.
    """

    owner: SealedKey
    ciphertext: str
    path: str
    certificate: str = ""


SealedStore = Mapping[SealedKey, str]
# Of the ciphertexts that hubops sealed: the fingerprint of the certificate they were sealed for.
Certificates = Mapping[SealedKey, str]


@record
class Certificate:
    """A public certificate of a sealed-secrets controller; `fingerprint` as `sha256:` and hex."""

    fingerprint: str
    bits: int
    begins: datetime
    ends: datetime
    der: bytes = field(hidden=True)


@record
class CertificateFile:
    """What a cluster's certificate file holds, the newest first; or what is wrong with it."""

    certificates: tuple[Certificate, ...] = ()
    problem: str = ""
    help: str = ""
    is_missing: bool = False
