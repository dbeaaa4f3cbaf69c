"""SealedSecrets: ciphertexts that are in the repository already, placeholders for the rest.

A placeholder is valid base64 that can't be decrypted and reads as what it is. `encryptedData` is
never empty: the controller would write an empty Secret over the live one and report Healthy.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from generator import names
from generator.build.tree import Resource
from generator.site.model import PLACEHOLDER, Environment, Site
from generator.site.sealed import Certificates, SealedKey, SealedStore, SecretRef
from generator.yaml.write import HEADER, OTHER_MEANING, Shared

NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide"
CLUSTER_WIDE = "sealedsecrets.bitnami.com/cluster-wide"

_SCOPE_ANNOTATIONS: dict[str, dict[str, str]] = {
    "strict": {},
    "namespace-wide": {NAMESPACE_WIDE: "true"},
    "cluster-wide": {CLUSTER_WIDE: "true"},
}
# RSA-2048, 3072 and 4096: the length of the encrypted session key, in bytes.
_SESSION_KEY_LENGTHS = (256, 384, 512)
_AES_GCM_TAG = 16
# So many letters of base64 are random in every ciphertext but its first four.
_BEGINNING = 48
_RECORD = r"(sha256:[0-9a-f]{64}) value:([0-9a-f]{16})"

Place = TypeVar("Place", bound=Hashable)


class State(StrEnum):
    """The state of a value of `encryptedData`; VOID is sealed, and yet of no use.

    `state` tells all but VOID, which depends on more than the form.
    """

    SEALED = "sealed"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    VOID = "void"


@lru_cache(maxsize=256)  # every environment has the same keys
def placeholder(key: str) -> str:
    """The text in place of a value that is not sealed yet."""
    return base64.b64encode(f"{PLACEHOLDER}{key}".encode()).decode()


def holds_placeholders(encrypted: Mapping[str, str]) -> bool:
    """Whether every value is a placeholder, as hubops writes it."""
    return all(value == placeholder(key) for key, value in encrypted.items())


def state(key: str, value: str) -> State:
    """A value's state: a sealed one is base64(uint16 n || n bytes || AES-GCM), n an RSA length."""
    if value == placeholder(key) or _compact(value) == placeholder(key):
        return State.PLACEHOLDER
    return State.MALFORMED if sealed_bytes(value) is None else State.SEALED


def sealed_bytes(value: str) -> bytes | None:
    """What a sealed value holds, however its base64 is written; None where it has no such form."""
    try:
        content = base64.b64decode(_compact(value), validate=True)
    except (binascii.Error, ValueError):
        return None
    length = int.from_bytes(content[:2], "big")
    whole = len(content) >= 2 + length + _AES_GCM_TAG
    return content if length in _SESSION_KEY_LENGTHS and whole else None


def _compact(value: str) -> str:
    """Line ends do not count: the controller (Go's encoding/base64) passes over them."""
    return value.replace("\r", "").replace("\n", "")


def copies(places: Iterable[tuple[Place, str]]) -> dict[Place, tuple[Place, ...]]:
    """The places that hold the same sealed value as others, each with the others.

    A ciphertext is random, so two equal ones are one, copied by hand: it can be decrypted at one
    place at most, or under a wider scope it shows a value where it does not belong. Which of them
    is the copy can't be told.
    """
    # To decode them all takes long; those that begin alike are few.
    alike: dict[str, list[tuple[Place, str]]] = {}
    for place, value in places:
        alike.setdefault(_compact(value)[:_BEGINNING], []).append((place, value))
    held: dict[bytes, dict[Place, None]] = {}
    for place, value in (one for group in alike.values() if len(group) > 1 for one in group):
        if (content := sealed_bytes(value)) is not None:
            held.setdefault(content, {})[place] = None
    return {
        place: tuple(other for other in together if other != place)
        for together in held.values()
        for place in together
        if len(together) > 1
    }


def owner(environment: Environment, secret: SecretRef, key: str) -> SealedKey:
    """Whose ciphertext belongs at a key."""
    return SealedKey(
        environment=environment.name,
        namespace=environment.namespace,
        scope=environment.sealing_scope,
        name=secret.name,
        key=key,
    )


def values(environment: Environment, secret: SecretRef, store: SealedStore) -> dict[str, str]:
    """The secret's `encryptedData`: what the store holds, to the byte, else placeholders."""
    if not store:
        return _placeholders(secret.keys)
    return {
        key: store.get(owner(environment, secret, key)) or placeholder(key) for key in secret.keys
    }


@lru_cache(maxsize=64)  # a site has few
def _placeholders(keys: tuple[str, ...]) -> Shared:
    return Shared((key, placeholder(key)) for key in keys)


def seal_record(certificate: str, ciphertext: str) -> str:
    """What a SealedSecret says of a value that hubops sealed: for which certificate.

    It names the ciphertext too: another tool that replaces that one leaves a record behind.
    """
    return f"{certificate} value:{_digest(ciphertext)}"


def recorded_certificate(record: object, ciphertext: str) -> str:
    """The fingerprint of the certificate that a value was sealed for; empty where none is told."""
    found = re.fullmatch(_RECORD, record) if isinstance(record, str) else None
    return found[1] if found is not None and found[2] == _digest(ciphertext) else ""


def _digest(ciphertext: str) -> str:
    # Line ends in a ciphertext do not count, neither here nor for the controller.
    return hashlib.sha256("".join(ciphertext.split()).encode()).hexdigest()[:16]


def sealed_secret(
    site: Site,
    environment: Environment,
    secret: SecretRef,
    encrypted: Mapping[str, str],
    certificates: Certificates,
) -> Resource:
    """The SealedSecret; its scope stands in both places that the controller reads.

    The certificate that a value was sealed for is in one: the Secret need not change with it.
    """
    scope = _SCOPE_ANNOTATIONS[environment.sealing_scope]
    records = {
        names.sealed_for(key): seal_record(certificates[sealed], ciphertext)
        for key, ciphertext in encrypted.items()
        if certificates and (sealed := owner(environment, secret, key)) in certificates
    }
    labels = {names.PART_OF_LABEL: site.name}
    identity = {"name": secret.name, "namespace": environment.namespace, "labels": labels}
    outer, inner = (
        identity | ({"annotations": annotations} if annotations else {})
        for annotations in (scope | records, scope)
    )
    return {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": outer,
        "spec": {
            "encryptedData": encrypted,
            "template": {"metadata": inner, **({"type": secret.type} if secret.type else {})},
        },
    }


_NAME = "[a-z][a-z0-9.-]*"
_KEY = r"[A-Za-z][\w./-]*"
_TEXT = r'(?:[A-Za-z/][\w+/]*|"[\w+/=:. -]+")'
_ENTRIES = rf"(?:        {_KEY}: {_TEXT}\n)+"

# A SealedSecret as hubops writes it: what is before its metadata, its data and its template, whose
# metadata has the same form, four spaces deeper. Compiled when there is such a file.
_BEFORE = f"{HEADER}apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n"
_DATA = "spec:\n  encryptedData:\n"
_TEMPLATE = "  template:\n    metadata:\n"
_METADATA = (
    rf"(?a)      name: ({_NAME})\n      namespace: ({_NAME})\n"
    rf"      labels:\n        app\.kubernetes\.io/part-of: {_NAME}\n"
    rf"(?:      annotations:\n({_ENTRIES}))?"
)


def as_written(content: bytes) -> Mapping[str, Any] | None:
    """The names, annotations and `encryptedData` of a SealedSecret; None for any other text.

    The YAML reader gives the same and takes thirty times as long; a fleet has thousands of these
    files. A text that differs in anything from what hubops writes is left to the reader.
    """
    if not content.isascii() or not (text := content.decode()).startswith(_BEFORE):
        return None
    head, _, rest = text.removeprefix(_BEFORE).partition(_DATA)
    entries, _, below = rest.partition(_TEMPLATE)
    outer = re.fullmatch(_METADATA, above := _deeper(head))
    inner = outer if below == above else re.fullmatch(_METADATA, below)
    encrypted = _encrypted(entries)
    if outer is None or inner is None or encrypted is None:
        return None
    annotations, template = _map(outer[3] or ""), _map(inner[3] or "")
    if annotations is None or template is None:
        return None
    if not OTHER_MEANING.isdisjoint((outer[1], outer[2], inner[1], inner[2])):
        return None
    metadata = {"name": outer[1], "namespace": outer[2], "annotations": annotations}
    return {"metadata": metadata, "spec": {"encryptedData": encrypted}}


def _deeper(lines: str) -> str:
    """Whole lines, four spaces deeper."""
    return "".join(f"    {line}" for line in lines.splitlines(keepends=True))


# Placeholders and scopes are the same in many files.
@lru_cache(maxsize=256)
def _encrypted(lines: str) -> Mapping[str, str] | None:
    """The entries of `encryptedData`; None for lines that hubops does not write."""
    entries = _deeper(lines)
    return _map(entries) if re.fullmatch(f"(?a){_ENTRIES}", entries) else None


@lru_cache(maxsize=256)
def _map(lines: str) -> Mapping[str, str] | None:
    """The entries of a map; None where a key is written twice, or a reader takes it for no text."""
    pairs = [line.strip().split(": ", 1) for line in lines.splitlines()]
    found = {key: text.strip('"') for key, text in pairs}
    bare = {part.casefold() for key, text in pairs for part in (key, text)}
    return found if len(found) == len(pairs) and bare.isdisjoint(OTHER_MEANING) else None
