"""Secrets in values: named, sealed straight from their file, and nowhere else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.adopt.secrets import Secret
from tests.support.copies import hubops, opened
from tests.support.imports import FACTS, asked, hub_with, left, proposed
from tests.support.sites import ROOT

MARKER = "k9-marker-of-the-import-4711"
TOKEN = "gateway-token-of-the-import-0815"
CERTIFICATE = ROOT / "tests" / "secrets" / "sealing" / "test-only.pem"

_OAUTH = {"client_id": f"id-{MARKER}", "client_secret": f"secret-{MARKER}"}
HUB_SECRETS: dict[str, Any] = {
    "hub": {
        "config": {
            "GitHubOAuthenticator": _OAUTH,
            "JupyterHub": {"cookie_secret": "ab" * 32},
            "CryptKeeper": {"keys": ["cd" * 32, "ef" * 32]},
        },
        "services": {"dask-gateway": {"apiToken": TOKEN}, "report": {"apiToken": MARKER}},
        "extraEnv": {
            "MAIL_PASSWORD": MARKER,
            "LDAP": {"value": f"plain {MARKER}"},
            "A": "correct-horse",
        },
        "db": {"type": "postgres", "url": f"postgres://hub:{MARKER}@db/hub"},
        "extraConfig": {"mail": f"c.Mail.password = '{MARKER}'\n"},
        "extraContainers": [{"name": "a", "env": [{"name": "API_KEY", "value": MARKER}]}],
    },
    "proxy": {"secretToken": MARKER},
}
GATEWAY: dict[str, Any] = {
    "gateway": {
        "auth": {"type": "jupyterhub", "jupyterhub": {"apiToken": TOKEN}},
        "extraConfig": {"own": f"c.Own.api_token = '{MARKER}'\n"},
    }
}
HIDDEN = (MARKER, "correct-horse", TOKEN, "ab" * 32, "cd" * 32, "ef" * 32)


def write(folder: Path) -> tuple[str, ...]:
    """The files in a folder; the arguments that name them."""
    hub = hub_with({"hub": {"db": {"type": "sqlite-pvc"}}})
    mixed = {**HUB_SECRETS, **GATEWAY}
    for name, values in {"hub": hub, "gateway": {"gateway": {}}, "secrets": mixed}.items():
        (folder / f"{name}.yaml").write_text(json.dumps(values))
    shutil.copy(CERTIFICATE, folder / "cluster.pem")
    return (
        *("--jupyterhub", "hub.yaml", "--dask-gateway", "gateway.yaml"),
        *("--secrets", "secrets.yaml", "--namespace", "hub"),
    )


def shown_in(texts: list[str]) -> list[str]:
    """The secrets that stand in these texts."""
    return [value for value in HIDDEN if any(value in text for text in texts)]


def everything(folder: Path) -> list[str]:
    """What stands in the files of a folder, the given ones left out."""
    given = ("hub.yaml", "gateway.yaml", "secrets.yaml")
    return [
        path.read_bytes().decode(errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and path.name not in given
    ]


def test_no_secret_is_in_what_is_written_or_said(tmp_path: Path) -> None:
    done = hubops("import", *write(tmp_path), cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert shown_in([done.stdout, done.stderr, *everything(tmp_path)]) == []


def test_secrets_are_sealed_straight_from_the_files(tmp_path: Path) -> None:
    arguments = (*write(tmp_path), "--seal", "--certificate", "cluster.pem")
    done = hubops("import", *arguments, cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert shown_in([done.stdout, done.stderr, *everything(tmp_path)]) == []
    assert {name: value.decode() for name, value in opened(tmp_path).items()} == {
        "hub-secrets/oauth.client_id": f"id-{MARKER}",
        "hub-secrets/oauth.client_secret": f"secret-{MARKER}",
        "hub-secrets/hub.config.JupyterHub.cookie_secret": "ab" * 32,
        "hub-secrets/hub.config.CryptKeeper.keys": f"{'cd' * 32};{'ef' * 32}",
        "hub-secrets/hub.services.dask-gateway.apiToken": TOKEN,
        "hub-variables/MAIL_PASSWORD": MARKER,
        "hub-variables/LDAP": f"plain {MARKER}",
        "hub-variables/A": "correct-horse",
    }
    assert (tmp_path / "certificates" / "main.pem").exists()
    assert hubops("check", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("certificate", "message"),
    [
        ((), "certificates/main.pem: there is no such file; nothing was written"),
        (("--certificate", "hub.yaml"), "hub.yaml: "),
        (("--certificate", "none.pem"), "none.pem: no such file or directory"),
    ],
    ids=["none", "no-certificate", "no-file"],
)
def test_without_a_certificate_nothing_is_written(
    certificate: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    arguments = write(tmp_path)
    before = sorted(tmp_path.iterdir())
    done = hubops("import", *arguments, "--seal", *certificate, cwd=tmp_path)
    assert done.stderr.startswith(f"error: {message}")
    assert (done.returncode, sorted(tmp_path.iterdir())) == (3, before)
    assert shown_in([done.stdout, done.stderr]) == []


def test_unfit_value_is_said_and_left_out(tmp_path: Path) -> None:
    arguments = write(tmp_path)
    unfit = {"hub": {"config": {"JupyterHub": {"cookie_secret": "no hexadecimal digits"}}}}
    (tmp_path / "secrets.yaml").write_text(json.dumps(unfit))
    done = hubops("import", *arguments, "--seal", "--certificate", "cluster.pem", cwd=tmp_path)
    assert (
        "not sealed: the value for hub.config.JupyterHub.cookie_secret is not what" in done.stderr
    )
    assert "no hexadecimal digits" not in done.stdout + done.stderr
    assert done.returncode == 0


def by_path(secrets: tuple[Secret, ...]) -> dict[str, tuple[str | None, bool]]:
    """Of each secret its key of hub-secrets, and whether it is a placeholder."""
    return {".".join(one.path): (one.key, one.is_placeholder) for one in secrets}


def test_each_secret_is_named_with_what_it_is_for() -> None:
    proposal = proposed(
        jupyterhub=hub_with({"hub": {"db": {"type": "sqlite-pvc"}}}),
        dask_gateway={"gateway": {}},
        secrets={**HUB_SECRETS, **GATEWAY},
    )
    assert by_path(proposal.secrets) == {
        "hub.config.JupyterHub.cookie_secret": ("hub.config.JupyterHub.cookie_secret", False),
        "hub.config.GitHubOAuthenticator.client_id": ("oauth.client_id", False),
        "hub.config.GitHubOAuthenticator.client_secret": ("oauth.client_secret", False),
        "hub.config.CryptKeeper.keys": ("hub.config.CryptKeeper.keys", False),
        "hub.db.url": (None, False),
        "hub.services.dask-gateway.apiToken": ("hub.services.dask-gateway.apiToken", False),
        "hub.services.report.apiToken": (None, False),
        "hub.extraEnv.MAIL_PASSWORD": ("MAIL_PASSWORD", False),
        "hub.extraEnv.LDAP": ("LDAP", False),
        "hub.extraEnv.A": ("A", False),
        "hub.extraConfig.mail": (None, False),
        "hub.extraContainers": (None, False),
        "proxy.secretToken": (None, False),
        "gateway.auth.jupyterhub.apiToken": ("hub.services.dask-gateway.apiToken", False),
        "gateway.extraConfig.own": (None, False),
    }
    assert proposal.missing == ()
    assert proposal.secrets[0].place == "secrets.yaml:9"


@pytest.mark.parametrize("text", ["CHANGE_ME", "<client secret>", "${SECRET}", "TODO", "xxxx"])
def test_placeholder_is_no_value(text: str) -> None:
    more = {"hub": {"config": {"GitHubOAuthenticator": {"client_secret": text}}}}
    proposal = proposed(jupyterhub=hub_with(more))
    path = "hub.config.GitHubOAuthenticator.client_secret"
    assert by_path(proposal.secrets) == {path: ("oauth.client_secret", True)}
    assert "oauth.client_secret" in proposal.missing


def test_secret_of_another_secret_is_named() -> None:
    reference = {"valueFrom": {"secretKeyRef": {"name": "hub-oauth", "key": "client_secret"}}}
    more = {"hub": {"extraEnv": {"OAUTH_CLIENT_SECRET": reference}}}
    [secret] = proposed(jupyterhub=hub_with(more)).secrets
    assert (secret.key, secret.held_by) == ("oauth.client_secret", ("hub-oauth", "client_secret"))


def test_tokens_that_differ_are_asked_about_and_not_sealed(tmp_path: Path) -> None:
    token = {"gateway": {"auth": {"jupyterhub": {"apiToken": "another-token-0000"}}}}
    hub = hub_with({"hub": {"services": {"dask-gateway": {"apiToken": TOKEN}}}})
    proposal = proposed(jupyterhub=hub, dask_gateway=token)
    assert "the values for hub.services.dask-gateway.apiToken differ (jup" in asked(proposal)
    arguments = write(tmp_path)
    (tmp_path / "secrets.yaml").write_text(json.dumps(token))
    (tmp_path / "hub.yaml").write_text(json.dumps(hub))
    done = hubops("import", *arguments, "--seal", "--certificate", "cluster.pem", cwd=tmp_path)
    assert "sealed    production" not in done.stdout
    assert shown_in([done.stdout, done.stderr, *everything(tmp_path)]) == []


def test_token_of_a_hub_without_a_gateway_is_its_own() -> None:
    hub = hub_with({"hub": {"services": {"dask-gateway": {"apiToken": TOKEN}}}})
    proposal = proposed(FACTS, jupyterhub=hub)
    assert by_path(proposal.secrets) == {"hub.services.dask-gateway.apiToken": (None, False)}
    assert proposal.missing[0] == "oauth.client_id"
    assert left(proposal) == {}


HIDDEN_AWAY: dict[str, dict[str, Any]] = {
    "again": {"hub": {"db": {"password": MARKER}, "extraEnv": {"PLAIN": MARKER}}},
    "again-in-a-list": {
        "hub": {"db": {"password": MARKER}},
        "singleuser": {"cmd": ["start", f"--with {MARKER}"]},
    },
    "again-in-the-other-chart": {
        "hub": {"services": {"dask-gateway": {"apiToken": TOKEN}}},
        "gateway": {"backend": {"environment": {"PLAIN": TOKEN}}},
    },
    "address": {"singleuser": {"defaultUrl": f"/lab?token={MARKER}"}},
    "option": {"singleuser": {"cmd": ["start", f"--IdentityProvider.token={MARKER}"]}},
    "option-and-value": {"singleuser": {"cmd": ["start", "--password", MARKER]}},
    "file": {
        "hub": {"extraFiles": {"own": {"mountPath": "/a", "stringData": f"password = {MARKER}\n"}}}
    },
}


@pytest.mark.parametrize("values", HIDDEN_AWAY.values(), ids=HIDDEN_AWAY)
def test_secret_that_its_key_does_not_tell_is_not_carried(values: dict[str, Any]) -> None:
    proposal = proposed(jupyterhub=hub_with({}), dask_gateway={"gateway": {}}, secrets=values)
    assert proposal.secrets != ()
    assert shown_in([proposal.text]) == []


@pytest.mark.parametrize(
    "values",
    [
        {"singleuser": {"cmd": ["start", "--token=$TOKEN", "--password", "--debug"]}},
        {"hub": {"extraConfig": {"own": "c.Own.start(token=token_of_the_day)\n"}}},
        {"hub": {"extraEnv": {"CLIENT": "coast-hub"}}},
    ],
    ids=["variable", "name-in-python", "client-id"],
)
def test_what_only_speaks_of_a_secret_is_carried(values: dict[str, Any]) -> None:
    login = {"hub": {"config": {"GitHubOAuthenticator": {"client_id": "coast-hub"}}}}
    proposal = proposed(jupyterhub=hub_with(values), secrets=login)
    assert list(by_path(proposal.secrets)) == ["hub.config.GitHubOAuthenticator.client_id"]
