"""What looks like a credential, and that nothing shown holds one."""

import base64
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.credentials import (
    MASK,
    assigns_credential,
    is_credential,
    is_credential_of,
    is_reference,
    is_secret_key,
    joined,
    masked,
    printable,
    secret_parts,
    shown,
)

RANDOM = "bBk9Tn3xQ7wLrZ5uVd2sYc8m"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

SECRET_KEYS = (
    "SECRET_KEY_BASE",
    *("client_secret", "clientSecret", "CLIENT_SECRET", "oauth.client_secret", "cookie_secret"),
    *(
        "token",
        "apiToken",
        "api_token",
        "GITHUB_TOKEN",
        "tokens",
        "password",
        "passwd",
        "dbPassword",
    ),
    *("passphrase", "apiKey", "api_key", "api-key", "API_KEYS", "private_key", "privateKey"),
    *(
        "credential",
        "credentials",
        "AWS_SECRET_ACCESS_KEY",
        "accessKey",
        "secretKey",
        "signing.key",
    ),
)
HARMLESS_KEYS = (
    *("tokenUrl", "token_url", "existingSecret", "existingSecretKey", "secretName", "secret_name"),
    *("apiTokenFromSecretName", "apiTokenFromSecretKey", "imagePullSecrets", "pullSecret", "key"),
    *("secretKeyRef", "tokenExpiry", "host", "", "monkey", "keys", "keyboard", "author"),
)


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_key_names_a_credential(key: str) -> None:
    assert is_secret_key(key)


@pytest.mark.parametrize("key", HARMLESS_KEYS)
def test_key_names_none(key: str) -> None:
    assert not is_secret_key(key)


CREDENTIALS = {
    "base64": base64.b64encode(random.Random(7).randbytes(48)).decode().replace("/", "A"),
    "hexadecimal": HEX,
    "letters-and-digits": RANDOM,
    "in-a-sentence": f"it is {RANDOM}, really",
    "private-key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n",
    "private-key-of-openssh": "-----BEGIN OPENSSH PRIVATE KEY-----",
    "private-key-without-kind": "-----BEGIN PRIVATE KEY-----",
    "github": f"ghp_{'a' * 36}",
    "gitlab": "glpat-abcdefghij0123456789",
    "slack": "xoxb-123456789012-abcdefghij",
    "aws": "AKIAIOSFODNN7EXAMPLEX",
}


@pytest.mark.parametrize("text", CREDENTIALS.values(), ids=CREDENTIALS)
def test_credential_is_known_by_its_looks(text: str) -> None:
    assert is_credential(text)
    assert shown(text) == MASK
    assert MASK in masked(text)


NO_CREDENTIALS = (
    "",
    "protocoast",
    "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/auth",
    "quay.io/globalcoast/protocoast-notebook:main",
    f"quay.io/globalcoast/protocoast-notebook@sha256:{HEX}",
    "protocoast-production-jupyterhub-namespace-application",
    "Stable production version of the year 2026",
    "urn:mace:egi.eu:group:vo.access.egi.eu:role=member#aai.egi.eu",
    "csi-cinder-sc-delete",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
    "-----BEGIN CERTIFICATE-----",
    "550e8400-e29b-41d4-a716-446655440000",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
)


@pytest.mark.parametrize("text", NO_CREDENTIALS)
def test_ordinary_text_is_none(text: str) -> None:
    assert not is_credential(text)
    assert masked(text) == text


MASKED = {
    "assigned": ("client_secret: hunter2", f"client_secret: {MASK}"),
    "indented": ("    apiToken:   abc def", f"    apiToken:   {MASK}"),
    "quoted": ('password: "a b" # mine', f"password: {MASK}"),
    "quoted-key": ('{"token": "abc"}', f'{{"token": {MASK}'),
    "flow-map": ("{scopes: [a], api_key: b, c: d}", f"{{scopes: [a], api_key: {MASK}"),
    "list": ("tokens: [a, b]", f"tokens: {MASK}"),
    "shell": ("export API_KEY=abc", f"export API_KEY={MASK}"),
    "python": ('c["token"] = "abc"', f'c["token"] = {MASK}'),
    "attribute": ('c.Hub.api_token = "abc"', f"c.Hub.api_token = {MASK}"),
    "url-password": ("url: https://u:p@host/x", f"url: https://{MASK}@host/x"),
    "url-password-with-slash": ("postgresql://hub:a/b@db/x", f"postgresql://{MASK}@db/x"),
    "url-with-port": ("url: https://host:8080/a@b", "url: https://host:8080/a@b"),
    "url-token": ("url: https://abcdef@host/x", f"url: https://{MASK}@host/x"),
    "ssh-user": ("url: ssh://git@host/x", "url: ssh://git@host/x"),
    "ssh-password": ("url: ssh://git:p@host/x", f"url: ssh://{MASK}@host/x"),
    "random-word": (f"a: {RANDOM} b", f"a: {MASK} b"),
    "two-words": (f"[{RANDOM}, {RANDOM}]", f"[{MASK}, {MASK}]"),
    "private-key": (f"a: -----BEGIN PRIVATE KEY-----{RANDOM}", f"a: {MASK}"),
    "block-begins": ("secret: |", "secret: |"),
    "map-of-secrets-begins": ("secrets: {ocean: 1}", "secrets: {ocean: 1}"),
    "address": ("tokenUrl: https://host/x", "tokenUrl: https://host/x"),
    "reference": ("secretKeyRef: {name: a}", "secretKeyRef: {name: a}"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("line", "safe"), MASKED.values(), ids=MASKED)
def test_line_is_shown_without_its_credential(line: str, safe: str) -> None:
    assert masked(line) == safe


def test_parts_are_joined() -> None:
    assert joined([(5, 9), (0, 2), (8, 12), (2, 3), (20, 20)]) == ((0, 3), (5, 12))
    assert secret_parts(f"token: {RANDOM}") == ((7, 31),)


SHOWN = {
    "short": ("abc", "abc"),
    "line-ends": ("a\n  b\tc\r\n", "a\\n  b\\tc\\r\\n"),
    "spaces": (" a ", " a "),
    "long": ("ab " * 30, f"{('ab ' * 30)[:40]}..."),
    "terminal-escape": ("\x1b[31mred", "\\x1b[31mred"),
    "right-to-left-override": ("a\u202eb", "a\\u202eb"),
    "zero-width": ("a\u200bb", "a\\u200bb"),
    "lone-surrogate": ("a\ud800", "a\\ud800"),
    "zero": ("a\0b", "a\\x00b"),
    "wide": ("日本 \U0001f600", "日本 \U0001f600"),
    "assigned": ("password = abc", f"password = {MASK}"),
    "assigned-over-lines": ("password:\n  abc\n  def", f"password:\\n  {MASK}"),
    "private-key-in-lines": ("a -----BEGIN PRIVATE KEY-----\nab\n", MASK),
}


@pytest.mark.parametrize(("text", "line"), SHOWN.values(), ids=SHOWN)
def test_text_is_shown_on_one_printable_line(text: str, line: str) -> None:
    assert shown(text) == line


def test_text_under_a_secret_key_is_not_shown() -> None:
    assert shown("abc", ("jupyterhub", "apiToken", 0)) == MASK
    assert shown("abc", ("jupyterhub", "tokenUrl", 0)) == "abc"


@given(st.text())
def test_whatever_is_shown_is_printable_and_short(text: str) -> None:
    line = shown(text)
    assert line.isprintable()
    # An escape is at most ten characters.
    assert len(line) <= 40 * 10 + 3


@given(st.text(), st.text())
def test_printable_text_is_left_alone_and_all_text_encodes(one: str, other: str) -> None:
    text = printable(one + other)
    assert printable(text) == text
    assert text.encode().decode() == text


SECRETS = st.binary(min_size=32, max_size=64).map(lambda raw: raw.hex())


@given(SECRETS, st.sampled_from(SECRET_KEYS), st.text(st.characters(exclude_categories=["C", "Z"])))
def test_assigned_secret_never_survives(secret: str, key: str, around: str) -> None:
    for line in (
        f"{around} {key}: {secret}",
        f'{{"{key}": "{secret}"}}',
        f"{key}={secret}{around}",
    ):
        assert secret not in masked(line)


LONG = 100_000
LONG_LINES = {
    "letters": "a",
    "dots": "a.",
    "hyphens": "a-",
    "slashes": "aB3/",
    "key-word": "token",
    "key-words": "token ",
    "assignments": "token=",
    "spaces": " ",
    "key-and-spaces": "secret" + " " * 999,
    "colons": ":",
    "urls": "a://",
    "urls-with-users": "a://b:",
    "at": "@",
    "pem": "-----BEGIN ",
    "capitals": "-----BEGIN " + "A " * 999,
    "quotes": "token'",
    "brackets": "token]",
    "github": "ghp_",
    "folders": "/a",
    "braces": "{a",
    "headers": "authorization: ",
    "commits": f"{'0a' * 20}:",
    "lines": "a: b\n",
    "variables": "export A=b;",
    "strings": "'a=b' ",
}


@pytest.mark.parametrize("piece", LONG_LINES.values(), ids=LONG_LINES)
def test_time_is_proportional_to_the_text(piece: str) -> None:
    line = piece * (LONG // len(piece))
    started = time.process_time()
    masked(line)
    is_secret_key(line)
    is_credential_of("a", line)
    is_reference(line)
    assigns_credential(line)
    assigns_credential(line, is_python=True)
    shown(line)
    assert time.process_time() - started < 2
