"""Sealed values, opened by code that was written from the format's description alone."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.sealed_secrets import State, recorded_certificate, seal_record, state
from generator.names import sealed_for
from generator.records import replace
from generator.secrets import sealing
from generator.secrets.plaintext import Plaintext
from generator.site.sealed import SealedKey
from tests.support.certificates import certificate, key_for_tests, pem, rsa_key
from tests.support.unsealing import FOLDER, KEY, NotForUs, PrivateKey, private_key, unsealed

OWNER = SealedKey(
    environment="production", namespace="daskhub", scope="strict", name="hub-secrets", key="a"
)
LABELS = {
    "strict": b"daskhub/hub-secrets",
    "namespace-wide": b"daskhub",
    "cluster-wide": b"",
}
VECTORS = json.loads((FOLDER / "by-kubeseal.json").read_text())["values"]
RSA = private_key()


def sealed(value: bytes, scope: str = "strict") -> str:
    return sealing.sealed(Plaintext(value), certificate(), replace(OWNER, scope=scope))


@pytest.mark.parametrize("scope", LABELS)
def test_round_trip(scope: str) -> None:
    assert sealing.label(replace(OWNER, scope=scope)) == LABELS[scope]
    assert unsealed(sealed(b"the tide", scope), LABELS[scope], RSA) == b"the tide"


FOREIGN = {
    "strict": (b"daskhub/other", b"other/hub-secrets", b"daskhub", b"", b"daskhub/hub-secrets/a"),
    "namespace-wide": (b"other", b"daskhub/hub-secrets", b""),
    "cluster-wide": (b"daskhub", b"daskhub/hub-secrets"),
}


@pytest.mark.parametrize(
    ("scope", "label"),
    [(scope, label) for scope, labels in FOREIGN.items() for label in labels],
)
def test_another_name_namespace_or_scope_opens_nothing(scope: str, label: bytes) -> None:
    with pytest.raises(NotForUs):
        unsealed(sealed(b"the tide", scope), label, RSA)


def test_another_key_opens_nothing() -> None:
    numbers = rsa_key(2048).private_numbers()
    other = PrivateKey(modulus=numbers.public_numbers.n, exponent=numbers.d)
    with pytest.raises((NotForUs, OverflowError)):
        unsealed(sealed(b"the tide"), LABELS["strict"], other)


@pytest.mark.parametrize("place", [2, 100, 258, -1])
def test_a_changed_byte_opens_nothing(place: int) -> None:
    content = bytearray(base64.b64decode(sealed(b"the tide")))
    content[place] ^= 1
    with pytest.raises((NotForUs, OverflowError)):
        unsealed(base64.b64encode(content).decode(), LABELS["strict"], RSA)


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_every_size_of_key(bits: int) -> None:
    key = rsa_key(bits)
    numbers = key.private_numbers()
    ours = PrivateKey(modulus=numbers.public_numbers.n, exponent=numbers.d)
    value = sealing.sealed(Plaintext(b"the tide"), certificate(pem(key)), OWNER)
    assert unsealed(value, LABELS["strict"], ours) == b"the tide"
    assert state("a", value) is State.SEALED
    assert value.startswith("Ag") is (bits == 4096)


@given(st.binary(min_size=1, max_size=100))
def test_any_bytes_come_back(value: bytes) -> None:
    ciphertext = sealed(value)
    assert unsealed(ciphertext, LABELS["strict"], RSA) == value
    assert state("a", ciphertext) is State.SEALED


def test_a_long_value_comes_back() -> None:
    value = bytes(range(256)) * 40
    assert unsealed(sealed(value), LABELS["strict"], RSA) == value


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({sealed(b"the tide") for _ in range(20)}) == 20


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["scope"]))
def test_a_value_that_kubeseal_sealed(vector: dict[str, str]) -> None:
    label = LABELS[vector["scope"]]
    assert unsealed(vector["ciphertext"], label, RSA) == vector["plaintext"].encode()
    assert state("a", vector["ciphertext"]) is State.SEALED
    with pytest.raises(NotForUs):
        unsealed(vector["ciphertext"], label + b"x", RSA)


def test_the_key_in_the_repository_says_that_it_is_for_tests() -> None:
    assert KEY.name.startswith("test-only")
    assert "for tests only" in KEY.read_text().splitlines()[0]
    assert RSA.modulus == key_for_tests().public_key().public_numbers().n


def test_generated_values_are_64_hexadecimal_digits_and_never_alike() -> None:
    values = {sealing.generated().reveal() for _ in range(50)}
    assert len(values) == 50
    assert all(len(value) == 64 and bytes.fromhex(value.decode()) for value in values)


# --- the record of the certificate

FINGERPRINT = certificate().fingerprint


def test_a_record_is_of_one_ciphertext() -> None:
    one, other = sealed(b"a"), sealed(b"a")
    record = seal_record(FINGERPRINT, one)
    assert recorded_certificate(record, one) == FINGERPRINT
    assert recorded_certificate(record, f"{one[:60]}\n{one[60:]}\n") == FINGERPRINT
    assert recorded_certificate(record, other) == ""


@pytest.mark.parametrize("record", [None, 7, "", FINGERPRINT, "sha256:1 value:2", ["a"]])
def test_what_is_no_record_tells_nothing(record: object) -> None:
    assert recorded_certificate(record, "a") == ""


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("oauth.client_id", "hubops.io/sealed-for.oauth.client_id"),
        ("k" * 52, f"hubops.io/sealed-for.{'k' * 52}"),
        ("k" * 53, "hubops.io/sealed-for.sha256.8ab984f54e1869f6bde52dfa818afacb"),
        ("ends_", "hubops.io/sealed-for.sha256.14875a1b0305dbcaff944581ba45b8e9"),
    ],
)
def test_the_annotations_name(key: str, name: str) -> None:
    found = sealed_for(key)
    assert found.partition("/")[2].startswith("sealed-for.")
    assert len(found.partition("/")[2]) <= 63
    assert found == name
