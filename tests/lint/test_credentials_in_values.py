"""Credentials among chart values, by their key, their form, or the words around them (K701)."""

from typing import Any

import pytest
import yaml

from generator.io.resources import known_versions, site_schema
from generator.lint.load import load
from tests.support.copies import protocoast


def variable(name: str, value: Any) -> dict[str, Any]:
    return {"hub": {"extraEnv": {name: value}}}


def trait(name: str, value: Any) -> dict[str, Any]:
    return {"hub": {"config": {"X": {name: value}}}}


def python(text: str) -> dict[str, Any]:
    return {"hub": {"extraConfig": {"a": text}}}


def file(text: str) -> dict[str, Any]:
    return {"singleuser": {"extraFiles": {"a": {"mountPath": "/a", "stringData": text}}}}


CREDENTIALS = [
    variable("REDIS_AUTH", "tides4you"),
    variable("NPM_AUTH", "tides4you"),
    variable("GH_PAT", "tides4you"),
    variable("FERNET_KEY", "tides4you"),
    variable("HMAC_KEY", "tides4you"),
    variable("PGPASS", {"value": "tides4you"}),
    variable("AZURE", "AccountName=a;AccountKey=abcd1234==;EndpointSuffix=x"),
    variable("ODBC", "Server=h;Uid=u;Pwd=tides4;"),
    variable("X", "sk-proj-abcdefghijklmnopqrstuvwx"),
    variable("X", "SG.abcdefghijklmnop.qrstuvwxyz0123456789"),
    variable("X", "dop_v1_0123456789abcdef"),
    variable("X", "AGE-SECRET-KEY-1ABCDEFGHIJKLMNOP"),
    variable("X", "whsec_abcdefghijklmnopqr"),
    trait("license_key", "tides4you"),
    trait("creds", "tides4you"),
    trait("passwords", {"ada": "tides4you"}),
    trait("tokens", {"ada": "tides4you"}),
    python("c.A.password = b'tides4you'"),
    python("c.A.password = '''tides4you'''"),
    python("c.A.password = (\n    'tides4you')"),
    python("c.A.password: str = 'tides4you'"),
    python("setattr(c.A, 'password', 'tides4you')"),
    python("c.A.passwords = ['tides4you']"),
    python("if password == 'tides4you': pass"),
    {"singleuser": {"cmd": ["sh", "-c", "curl -u ada:tides4you https://example.org"]}},
    file("machine example.org login ada password tides4you"),
]
NONE = [
    variable("MAX_TOKENS", "4096"),
    variable("SACRED", "tides4you"),
    variable("CREDITS", "tides4you"),
    variable("PARTITION_KEY", "name"),
    variable("PGPASS", {"valueFrom": {"secretKeyRef": {"name": "ours", "key": "k"}}}),
    trait("tlsSecret", "hub-tls"),
    trait("tokens", {"ada": "$(ADA)"}),
    trait("max_tokens", {"large": 4096}),
    python("grant = {'grant_type': 'password', 'scope': 'openid'}"),
    python("env_keep = ['TOKEN', 'PATH']"),
    python("c.A.password = os.environ['PW']"),
    python("login('ada', how='openid')"),
    {"ingress": {"annotations": {"nginx.ingress.kubernetes.io/auth-secret": "basic-auth"}}},
    {"singleuser": {"cmd": ["sh", "-c", "curl -u $WHO:$SECRET https://example.org"]}},
]


def is_found(values: dict[str, Any]) -> bool:
    site = protocoast()
    site["jupyterhub"]["values"] = values
    text = yaml.safe_dump(site, width=1_000).encode()
    report = load(text, "site.yaml", site_schema(), known_versions()).report
    return any(one.code == "K701" for one in report.diagnostics)


@pytest.mark.parametrize("values", CREDENTIALS, ids=str)
def test_credential_is_found(values: dict[str, Any]) -> None:
    assert is_found(values)


@pytest.mark.parametrize("values", NONE, ids=str)
def test_what_is_none_is_not(values: dict[str, Any]) -> None:
    assert not is_found(values)
