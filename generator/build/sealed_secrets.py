"""SealedSecrets: ciphertexts that are in the repository already, placeholders for the rest.

A placeholder is valid base64 that can't be decrypted and reads as what it is. `encryptedData` is
never empty: the controller would write an empty Secret over the live one and report Healthy.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from generator import names
from generator.site.model import (
    PLACEHOLDER,
    Certificates,
    Environment,
    SealedKey,
    SealedStore,
    SecretRef,
    Site,
)

Resource = dict[str, Any]

NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide"
CLUSTER_WIDE = "sealedsecrets.bitnami.com/cluster-wide"

_SCOPE_ANNOTATIONS = {
    "strict": {},
    "namespace-wide": {NAMESPACE_WIDE: "true"},
    "cluster-wide": {CLUSTER_WIDE: "true"},
}
# RSA-2048, 3072 and 4096: the length of the encrypted session key, in bytes.
_SESSION_KEY_LENGTHS = (256, 384, 512)
_AES_GCM_TAG = 16
_RECORD = re.compile(r"(sha256:[0-9a-f]{64}) value:([0-9a-f]{16})")


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


def state(key: str, value: str) -> State:
    """A value's state: a sealed one is base64(uint16 n || n bytes || AES-GCM), n an RSA length.

    Line ends do not count: the controller (Go's encoding/base64) passes over them.
    """
    value = value.replace("\r", "").replace("\n", "")
    if value == placeholder(key):
        return State.PLACEHOLDER
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return State.MALFORMED
    length = int.from_bytes(content[:2], "big")
    whole = len(content) >= 2 + length + _AES_GCM_TAG
    return State.SEALED if length in _SESSION_KEY_LENGTHS and whole else State.MALFORMED


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
        return {key: placeholder(key) for key in secret.keys}
    return {
        key: store.get(owner(environment, secret, key)) or placeholder(key) for key in secret.keys
    }


def seal_record(certificate: str, ciphertext: str) -> str:
    """What a SealedSecret says of a value that hubops sealed: for which certificate.

    It names the ciphertext too: another tool that replaces that one leaves a record behind.
    """
    return f"{certificate} value:{_digest(ciphertext)}"


def recorded_certificate(record: object, ciphertext: str) -> str:
    """The fingerprint of the certificate that a value was sealed for; empty where none is told."""
    found = _RECORD.fullmatch(record) if isinstance(record, str) else None
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

    Which certificate a value was sealed for stands in one: the Secret need not change with it.
    """
    annotations = _SCOPE_ANNOTATIONS[environment.sealing_scope]
    records = {
        names.sealed_for(key): seal_record(certificates[sealed], ciphertext)
        for key, ciphertext in encrypted.items()
        if certificates and (sealed := owner(environment, secret, key)) in certificates
    }
    identity = {"name": secret.name, "namespace": environment.namespace}
    labels = {names.PART_OF_LABEL: site.name}
    template: Resource = {"metadata": {**identity, "labels": labels}}
    metadata: Resource = {**identity, "labels": labels}
    if annotations or records:
        metadata["annotations"] = {**annotations, **records}
    if annotations:
        template["metadata"]["annotations"] = dict(annotations)
    return {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": metadata,
        "spec": {"encryptedData": dict(encrypted), "template": template},
    }
