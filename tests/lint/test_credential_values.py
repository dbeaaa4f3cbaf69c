"""Which values below `values` look like credentials (K701), and which only speak of one."""

import base64
import json
from typing import Any

import pytest
import yaml

from generator.report import text
from tests.support.sites import PROTOCOAST, load_text

COMMIT = "3f2a9c81d0e7b64512fa8c0d9e3b7a6f41c5d208"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
LOGIN = base64.b64encode(b"robot:hunter2").decode()


def findings(values: dict[str, Any]) -> tuple[list[str], str]:
    """The codes of credentials in ProtoCoast's site with these values, and the whole report."""
    site = yaml.safe_load(PROTOCOAST.read_text())
    site["jupyterhub"]["values"] = values
    loaded = load_text(json.dumps(site, indent=1))
    found = [one.code for one in loaded.report.diagnostics if one.code.startswith("K")]
    return found, text.findings(loaded.report, loaded.lines)


def variable(name: str, value: str = "hunter2-tides") -> dict[str, Any]:
    return {"hub": {"extraEnv": {name: value}}}


def own(key: str, value: Any) -> dict[str, Any]:
    return {"custom": {key: value}}


def python(line: str) -> dict[str, Any]:
    return {"hub": {"extraConfig": {"own": f"{line}\n"}}}


def container(**entry: Any) -> dict[str, Any]:
    return {"hub": {"extraContainers": [{"name": "a", "image": "b:1", **entry}]}}


CREDENTIALS: dict[str, dict[str, Any]] = {
    **{
        name: variable(name)
        for name in (
            *("PGPASS", "DB_PASS", "S3_PASS", "SMTPPASS", "MYSQL_PWD", "DB_PWD", "dbPwd"),
            *("LDAP_BIND_PW", "ROOT_PW", "BEARER", "AUTH_BEARER", "SERVICE_JWT", "API_KEY_2"),
            *("ACCOUNT_KEY", "MINIO_ROOT_PASSWORD", "STORAGE_KEY", "HUB_PASSCODE", "PASSWORD1"),
        )
    },
    "bind_pw": {"hub": {"config": {"LDAPAuthenticator": {"bind_pw": "hunter2"}}}},
    "bindPw": own("bindPw", "hunter2"),
    "pw": own("pw", "hunter2"),
    "pass": own("smtp", {"user": "hub", "pass": "hunter2"}),
    "list": own("passwords", ["hunter2", "hunter3"]),
    "number": own("pin_pass", 48151623),
    "token-map": {"hub": {"config": {"JupyterHub": {"api_tokens": {"hunter2-tides": "ada"}}}}},
    "service-tokens": {"hub": {"config": {"JupyterHub": {"service_tokens": {"hunter2": "a"}}}}},
    "name-and-value": container(env=[{"name": "PGPASS", "value": "hunter2"}]),
    "option": container(command=["run", "--db-pass=hunter2"]),
    "option-before-value": container(command=["run", "--bind-pw", "hunter2"]),
    "shell": container(command=["sh", "-c", "export DB_PWD=hunter2; run"]),
    "web-token": own("a", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    "web-token-in-a-text": own("a", "use eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ. for it"),
    "bearer-in-a-header": own("headers", "Authorization: Bearer hunter2-tides"),
    "basic-in-a-header": own("Authorization", f"Basic {LOGIN}"),
    "header-in-python": python('h = {"Authorization": "token hunter2-tides"}'),
    "connection": own("dsn", "host=db user=hub password=x dbname=hub"),
    "connection-of-odbc": own("dsn", "Server=db;Uid=hub;Pwd=hunter2;Encrypt=yes"),
    "connection-of-azure": own("a", "AccountName=hub;AccountKey=hunter2tides=="),
    "connection-in-python": python("c.JupyterHub.db_url = 'host=db password=hunter2'"),
    "query": own("url", "https://api.example.org/data?access_token=hunter2"),
    "user-in-address": own("url", "amqp://hub:hunter2@mq.example.org/"),
    "user-in-address-of-python": python("c.JupyterHub.db_url = 'mysql://hub:hunter2@db/hub'"),
    "python": python("c.LDAPAuthenticator.bind_pw = 'hunter2'"),
    "python-with-spaces": python('c.Mail.password = "correct horse battery"'),
    "python-in-a-comment": python("# c.Mail.password = 'hunter2'"),
    "python-of-a-map": python("c.Own.settings = {'db_pass': 'hunter2'}"),
    "file": {"hub": {"extraFiles": {"a": {"mountPath": "/a", "stringData": "pass: hunter2\n"}}}},
    "private-key": own("a", "-----BEGIN EC PRIVATE KEY-----\nMHc=\n"),
    "private-key-of-pgp": own("a", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n"),
    "aws": own("a", "AKIAIOSFODNN7EXAMPLE"),
    "aws-for-a-session": own("a", "ASIAIOSFODNN7EXAMPLE"),
    "google": own("a", "AIzaSyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    "github": own("a", "ghs_aaaaaaaaaaaaaaaaaaaa"),
    "gitlab": own("a", "glpat-aaaaaaaaaaaaaaaaaaaa"),
    "gitlab-of-a-runner": own("a", "glrt-aaaaaaaaaaaaaaaaaaaa"),
    "slack": own("a", "xoxb-000000000000-aaaaaaaa"),
    "slack-address": own("a", "https://hooks.slack.com/services/T000/B000/aaaa"),
    "hugging-face": own("a", "hf_aaaaaaaaaaaaaaaaaaaaaaaa"),
    "docker": own("auths", {"quay.io": {"auth": LOGIN}}),
    "docker-as-text": own("a", json.dumps({"auths": {"quay.io": {"auth": LOGIN}}})),
    "docker-in-indented-base64": own("a", base64.b64encode(b'{\n  "auths": {}}').decode()),
    "docker-in-base64": own("a", base64.b64encode(b'{"auths":{"a":{}}}').decode()),
    "commit-under-a-key": own("api_token", COMMIT),
    "digest-alone": own("a", DIGEST),
}


@pytest.mark.parametrize("values", CREDENTIALS.values(), ids=CREDENTIALS)
def test_credential_is_found_and_not_shown(values: dict[str, Any]) -> None:
    codes, shown = findings(values)
    assert set(codes) == {"K701"}
    assert "hunter2" not in shown
    assert "correct horse" not in shown
    assert LOGIN not in shown


HARMLESS: dict[str, dict[str, Any]] = {
    **{
        f"{name}={value}": variable(name, value)
        for name, value in (
            *(("BYPASS", "proxy.example.org"), ("COMPASS", "north"), ("low_pass", "butterworth")),
            *(("PASSWORDLESS", "enabled"), ("TOKEN_URL", "https://login.example.org/token")),
            *(("PGPASSFILE", "/home/jovyan/.pgpass"), ("DB_PASSWORD_FILE", "/run/secrets/db")),
            *(("DB_PASSWORD", "$(PGPASSWORD)"), ("DB_PWD", "${DB_PWD}"), ("A_TOKEN", "/run/a/b")),
            *(("PWD", "/home/jovyan"), ("SECRET_NAME", "hub-db"), ("TOKENIZERS", "parallel")),
        )
    },
    "image-of-a-commit": own("image", f"quay.io/coast/notebook:{COMMIT}"),
    "image-of-a-branch-and-commit": own("image", f"quay.io/coast/notebook:main-{COMMIT}"),
    "tag": {"singleuser": {"extraLabels": {"tag": COMMIT}}},
    "digest": own("image", f"quay.io/coast/notebook@sha256:{DIGEST}"),
    "checksum": own("sha256", DIGEST),
    "revision": own("targetRevision", COMMIT),
    "address-of-a-commit": own("url", f"https://github.com/coast/hub/archive/{COMMIT}.tar.gz"),
    "package-of-a-commit": own("pip", f"git+https://github.com/coast/hub.git@{COMMIT}"),
    "reference-of-a-commit": own("url", f"https://git.example.org/hub?ref={COMMIT}"),
    "reference": container(
        env=[
            {
                "name": "DB_PASSWORD",
                "valueFrom": {"secretKeyRef": {"name": "hub-db-password", "key": "password"}},
            }
        ]
    ),
    "secret-of-tls": own("tls", [{"secretName": "hub-example-org-tls"}]),
    "option-of-a-file": container(command=["run", "--password-file", "/run/secrets/db"]),
    "option-without-value": container(command=["run", "--token", "--debug"]),
    "address-with-a-variable": own("url", "postgres://hub:$(PGPASSWORD)@db/hub"),
    "address-with-a-user": own("url", "ssh://git@git.example.org/hub.git"),
    "python-of-the-environment": python("c.Mail.password = os.environ['MAIL_PASSWORD']"),
    "python-of-a-name": python("connect(password=password, token=token_of(user))"),
    "python-of-a-format": python("url = f'host=db password={password}'"),
    "python-in-a-comment": python("# the password: ask an admin, or see token=none"),
    "python-of-a-trait": python("c.JupyterHub.authenticate_prometheus = False"),
    "sentence": own("text", "Log in with your university password. No token: no service."),
    "limit": own("max_tokens", 4096),
    "limit-in-a-text": own("args", "max_tokens=4096 use_token=true"),
    "scopes": own("scopes", ["read:user", "tokens!user"]),
    "basic": own("text", "Authorization: basic"),
    **{
        text: own("text", text)
        for text in (
            *(
                "global-coast-notebook-images",
                "pypi-mirror-of-the-institute",
                "npm_config_registry",
            ),
            *(
                "ASIA-PACIFIC-SOUTHEAST-1-B",
                "hf_hub_enable_hf_transfer",
                "glossary-of-coastal-terms",
            ),
        )
    },
}


@pytest.mark.parametrize("values", HARMLESS.values(), ids=HARMLESS)
def test_what_only_speaks_of_a_credential_is_not_found(values: dict[str, Any]) -> None:
    codes, shown = findings(values)
    assert codes == [], shown
