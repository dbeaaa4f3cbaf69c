"""SealedSecrets: placeholders, what a value is by its form, and the object itself."""

import base64

import pytest

from generator import records
from generator.build.sealed_secrets import State, owner, placeholder, sealed_secret, state, values
from generator.site.sealed import SealedKey, SecretRef
from tests.support.copies import KEYS, ciphertext
from tests.support.sites import PROTOCOAST, protocoast, site_of

SECRET = SecretRef(name="hub-secrets", keys=("a", "b"))


@pytest.mark.parametrize("key", KEYS)
def test_a_placeholder_reads_as_what_it_is(key: str) -> None:
    text = placeholder(key)
    assert base64.b64decode(text, validate=True) == f"PLACEHOLDER:{key}".encode()
    assert not text.startswith("Ag")
    assert state(key, text) is State.PLACEHOLDER


def encoded(length: int, rest: int) -> str:
    return base64.b64encode(length.to_bytes(2, "big") + bytes(rest)).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(ciphertext(0, 256), State.SEALED, id="RSA-2048"),
        pytest.param(ciphertext(0, 384), State.SEALED, id="RSA-3072"),
        pytest.param(ciphertext(0, 512), State.SEALED, id="RSA-4096"),
        pytest.param(encoded(256, 256 + 16), State.SEALED, id="an empty value sealed"),
        pytest.param(ciphertext(0) + "\n", State.SEALED, id="a line end after it"),
        pytest.param(f"{ciphertext(0)[:76]}\r\n{ciphertext(0)[76:]}", State.SEALED, id="folded"),
        pytest.param(encoded(256, 256 + 15), State.MALFORMED, id="one byte short"),
        pytest.param(encoded(512, 511), State.MALFORMED, id="ends in the session key"),
        pytest.param(encoded(128, 600), State.MALFORMED, id="RSA-1024"),
        pytest.param(encoded(0, 600), State.MALFORMED, id="no session key"),
        pytest.param(ciphertext(0)[:-1], State.MALFORMED, id="cut off"),
        pytest.param(ciphertext(0) + " ", State.MALFORMED, id="a space after it"),
        pytest.param(placeholder("b"), State.MALFORMED, id="another key's placeholder"),
        pytest.param("hunter2", State.MALFORMED, id="plain text"),
        pytest.param("pässword", State.MALFORMED, id="not ASCII"),
        pytest.param("Ag==", State.MALFORMED, id="one byte"),
        pytest.param("", State.MALFORMED, id="nothing"),
    ],
)
def test_the_form_of_a_value(value: str, expected: State) -> None:
    assert state("a", value) is expected


def test_a_sealed_value_begins_as_kubeseal_lets_it() -> None:
    assert ciphertext(1).startswith("Ag")


def test_values_come_from_their_owner_alone() -> None:
    environment = protocoast().environments[0]
    mine = owner(environment, SECRET, "a")
    assert mine == SealedKey(
        environment="production", namespace="daskhub", scope="strict", name="hub-secrets", key="a"
    )
    others = {
        records.replace(mine, **{field: "other"}): "other" for field in records.fields(SealedKey)
    }
    assert values(environment, SECRET, others) == {"a": placeholder("a"), "b": placeholder("b")}
    assert values(environment, SECRET, others | {mine: "mine"})["a"] == "mine"


@pytest.mark.parametrize(
    ("scope", "annotations"),
    [
        ("strict", None),
        ("namespace-wide", {"sealedsecrets.bitnami.com/namespace-wide": "true"}),
        ("cluster-wide", {"sealedsecrets.bitnami.com/cluster-wide": "true"}),
    ],
)
def test_the_object(scope: str, annotations: dict[str, str] | None) -> None:
    text = PROTOCOAST.read_text()
    text = text.replace("requireSealed: true", f"sealingScope: {scope}", 1)
    site = site_of(text)
    metadata = {
        "name": "hub-secrets",
        "namespace": "daskhub",
        "labels": {"app.kubernetes.io/part-of": "protocoast"},
        **({"annotations": annotations} if annotations else {}),
    }
    assert sealed_secret(site, site.environments[0], SECRET, {"a": "x", "b": "y"}, {}) == {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": metadata,
        "spec": {"encryptedData": {"a": "x", "b": "y"}, "template": {"metadata": metadata}},
    }
