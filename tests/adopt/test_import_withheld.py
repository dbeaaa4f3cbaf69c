"""What only a file of secrets has: sealed, declared as a variable, or listed; never copied."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.adopt import report, sources
from generator.adopt.withheld import WithheldText, copied
from tests.support.copies import hubops
from tests.support.imports import HUB, given, hub_with, left, proposed

MARK = "k9-marker-of-a-secret"


def hub(*path: str, value: Any = MARK) -> dict[str, Any]:
    """Values of the hub with one at a path."""
    for step in reversed(("hub", *path)):
        value = {step: value}
    found: dict[str, Any] = value
    return found


LOST: dict[str, tuple[dict[str, Any], list[str]]] = {
    "environment": (
        hub("config", "KubeSpawner", "environment", "S3_PASS"),
        ["hub.config.KubeSpawner.environment.S3_PASS"],
    ),
    "trait": (
        hub("config", "LDAPAuthenticator", "bind_pw"),
        ["hub.config.LDAPAuthenticator.bind_pw"],
    ),
    "service": (
        hub("services", "x", "environment", "PGPASS"),
        ["hub.services.x.environment.PGPASS"],
    ),
    "python": (hub("extraConfig", "z", value=f"c.X.y = '{MARK}'"), ["hub.extraConfig.z"]),
    "list-of-variables": (
        hub("extraEnv", value=[{"name": "A", "value": MARK}]),
        ["hub.extraEnv"],
    ),
    "list": (hub("extraEnv", "A", value=[MARK]), ["hub.extraEnv.A"]),
    "map": (hub("extraEnv", "A", value={"b": {"c": MARK}}), ["hub.extraEnv.A.b.c"]),
    "reserved-variable": (hub("extraEnv", "JUPYTERHUB_KEY"), ["hub.extraEnv.JUPYTERHUB_KEY"]),
    "no-variable": (hub("extraEnv", "a-b"), ["hub.extraEnv.a-b"]),
    "number": (hub("config", "X", "pin", value=481516), ["hub.config.X.pin"]),
    "fraction": (hub("config", "X", "pin", value=4815.1623), ["hub.config.X.pin"]),
    "list-with-a-map": (hub("extraContainers", value=[{"a": [MARK]}]), ["hub.extraContainers"]),
    "setting": (
        {"singleuser": {"image": {"name": MARK, "tag": MARK}}},
        ["singleuser.image.name", "singleuser.image.tag"],
    ),
    "host": ({"ingress": {"hosts": [f"{MARK}.example.org"]}}, ["ingress.hosts"]),
    "key": (
        hub("config", "JupyterHub", "api_tokens", value={MARK: "ada", "b": MARK}),
        ["hub.config.JupyterHub.api_tokens"],
    ),
    "key-of-words": (hub("labels", value={f"the {MARK}": MARK}), ["hub.labels.********"]),
    "both-charts": ({"imagePullSecrets": [{"name": MARK}]}, ["imagePullSecrets"]),
    "no-chart": ({"nowhere": {"a": MARK}}, ["nowhere"]),
    "gateway": (
        {"gateway": {"extraConfig": {"a": f"c.ClusterConfig.idle_timeout = 60  # {MARK}\n"}}},
        ["gateway.extraConfig.a"],
    ),
    "client-of-no-login": (
        hub("services", "dask-gateway", "apiToken"),
        ["hub.services.dask-gateway.apiToken"],
    ),
}


@pytest.mark.parametrize(("values", "paths"), LOST.values(), ids=LOST)
def test_what_has_no_place_is_listed_and_left_out(values: dict[str, Any], paths: list[str]) -> None:
    proposal = proposed(jupyterhub=HUB, secrets=values)
    assert [".".join(one.path) for one in proposal.lost] == paths
    objects = re.sub(r" at 0x[0-9a-f]+", "", repr(proposal))  # an address holds any digits
    said = report.text(proposal) + report.lost(proposal) + objects
    assert not [text for text in (MARK, "4815") if text in proposal.text + said]
    assert f"No place in site.yaml ({len(paths)})" in said


PLACED: dict[str, dict[str, Any]] = {
    "client": hub("config", "GitHubOAuthenticator", "client_secret"),
    "keys": hub("config", "CryptKeeper", "keys", value=["ab" * 32]),
    "variable": hub("extraEnv", "OWN"),
    "variable-as-a-map": hub("extraEnv", "OWN", value={"value": MARK}),
    "variable-of-a-number": hub("extraEnv", "OWN", value=48151623),
    "variable-of-lines": hub("extraEnv", "OWN", value=f"{MARK}\n{MARK}\n"),
    "variable-of-servers": {"singleuser": {"extraEnv": {"OWN": MARK}}},
    "generated": {"proxy": {"secretToken": MARK}},
}


@pytest.mark.parametrize("values", PLACED.values(), ids=PLACED)
def test_what_has_a_place_is_not_listed(values: dict[str, Any]) -> None:
    proposal = proposed(jupyterhub=HUB, secrets=values)
    assert proposal.lost == ()
    assert MARK not in proposal.text + report.text(proposal)
    assert proposal.site is not None
    assert [proof.unexplained for proof in proposal.proofs] == [()]


def test_variables_become_secrets_of_the_site() -> None:
    env = {"A": MARK, "B": {"value": 48151623}, "OAUTH_CLIENT_SECRET": MARK}
    values = {"hub": {"extraEnv": env}, "singleuser": {"extraEnv": {"C": MARK}}}
    proposal = proposed(jupyterhub=HUB, secrets=values)
    assert yaml.safe_load(proposal.text)["secrets"] == {
        "hub-variables": {"keys": ["A", "B"], "usedBy": {"hub": "environment"}},
        "server-variables": {"keys": ["C"], "usedBy": {"servers": "environment"}},
    }
    assert {one.name for one in proposal.secrets if one.value is not None} == {
        *("hub-variables/A", "hub-variables/B", "server-variables/C"),
        "hub-secrets/oauth.client_secret",
    }


def test_variable_of_two_files_is_one_secret() -> None:
    ordinary = hub("extraEnv", "A", value={"value": "glpat-aaaaaaaaaaaaaaaaaaaa"})
    more = hub("extraEnv", "A", value={"name": MARK})
    proposal = proposed(jupyterhub=hub_with(ordinary), secrets=more)
    assert [".".join(one.path) for one in proposal.lost] == ["hub.extraEnv.A.name"]
    assert [one.name for one in proposal.secrets if one.key] == ["hub-variables/A"]
    assert MARK not in proposal.text + report.text(proposal)


def test_thousands_of_values_take_seconds_and_no_more(tmp_path: Path) -> None:
    many = {f"k{number}": f"{MARK}-{number}" for number in range(6000)}
    (tmp_path / "hub.yaml").write_text(json.dumps(HUB))
    (tmp_path / "secrets.yaml").write_text(json.dumps(hub("config", "Own", value=many)))
    began = time.monotonic()
    done = hubops("import", "--jupyterhub", "hub.yaml", "--secrets", "secrets.yaml", cwd=tmp_path)
    assert (done.returncode, MARK in done.stdout + done.stderr) == (1, False)
    assert time.monotonic() - began < 30


TELLS_NOTHING: dict[str, Any] = {
    **{str(value): value for value in (True, False, 1, 389, 0.5, "", "admin", "on", "3", "None")},
    "empty-list": [],
    "empty-map": {},
    "list": ["admin", True],
    "map": [{"a": 1}],
}


@pytest.mark.parametrize("value", TELLS_NOTHING.values(), ids=TELLS_NOTHING)
def test_what_everybody_uses_is_no_secret(value: Any) -> None:
    proposal = proposed(jupyterhub=HUB, secrets=hub("config", "Own", "setting", value=value))
    assert proposal.lost == proposal.secrets == ()
    assert proposal.site is not None
    values = proposal.site.shared.hub.values if proposal.site.shared.hub else {}
    assert values["hub"]["config"]["Own"]["setting"] == value


@pytest.mark.parametrize("value", ["admin", "123", 123])
def test_a_common_word_under_a_secret_key_is_a_secret(value: Any) -> None:
    proposal = proposed(jupyterhub=HUB, secrets=hub("config", "Own", "bind_pw", value=value))
    assert [".".join(one.path) for one in proposal.lost] == ["hub.config.Own.bind_pw"]


def test_kind_of_login_may_be_in_a_file_of_secrets() -> None:
    login = hub("config", "JupyterHub", "authenticator_class", value="github")
    proposal = proposed(jupyterhub={"ingress": HUB["ingress"]}, secrets=login)
    assert proposal.lost == ()
    assert "provider: github" in proposal.text


def test_what_an_ordinary_file_has_too_is_carried() -> None:
    own = hub("config", "Own", value={"greeting": MARK, "words": ["a", MARK]})
    proposal = proposed(jupyterhub=hub_with(own), secrets=own)
    assert proposal.lost == ()
    assert proposal.text.count(MARK) == 2
    other = hub("config", "Own", value={"greeting": MARK, "answer": MARK})
    proposal = proposed(jupyterhub=hub_with(own), secrets=other)
    assert [".".join(one.path) for one in proposal.lost] == ["hub.config.Own.answer"]
    assert proposal.text.count(MARK) == 2


def test_what_a_file_of_secrets_overrides_is_not_taken_from_the_other() -> None:
    ordinary = hub("config", "Own", value={"door": "see the other file", "open": True})
    proposal = proposed(
        jupyterhub=hub_with(ordinary), secrets=hub("config", "Own", value={"door": MARK})
    )
    assert [".".join(one.path) for one in proposal.lost] == ["hub.config.Own.door"]
    assert "see the other file" not in proposal.text
    assert "open: true" in proposal.text


def test_values_that_hubops_writes_anyway_do_not_stop_an_import(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(json.dumps(HUB))
    words = {"A": "production", "B": "jupyterhub", "C": "standard", "D": "password", "E": "secrets"}
    (tmp_path / "secrets.yaml").write_text(json.dumps({"hub": {"extraEnv": words}}))
    done = hubops("import", "--jupyterhub", "hub.yaml", "--secrets", "secrets.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_guard_knows_a_value_however_it_is_written() -> None:
    text = yaml.safe_dump(hub("extraConfig", "a", value=f"# {MARK}\nc.X.y = \"{MARK} \\\\ 'b'\"\n"))
    running = sources.releases(given(jupyterhub=HUB, secrets=text))
    plain = WithheldText(place="a:1", text="correcthorsebattery")
    for leaving, places in (
        (f"x: {MARK}", ("secrets.yaml:3",)),
        ('a:\n    "correct horse\n\\ battery"', ("a:1",)),
        ("correct horse", ()),
    ):
        assert copied([*running.withheld, plain], [leaving], [])[:1] == places
        assert copied([*running.withheld, plain], [leaving], [leaving]) == ()


def test_import_ends_with_the_list_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(json.dumps(HUB))
    (tmp_path / "secrets.yaml").write_text(
        f"hub:\n  config:\n    Own:\n      door: {MARK}\n      window: {MARK}\n"
    )
    arguments = ("import", "--jupyterhub", "hub.yaml", "--secrets", "secrets.yaml")
    done = hubops(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert (
        "\nNo place in site.yaml (2): only a file of secrets has these\n"
        "  jupyterhub hub.config.Own.door  [secrets.yaml:4]\n"
        "  jupyterhub hub.config.Own.window  [secrets.yaml:5]\n"
        "  help: move what is not a secret to a file of values; declare the rest under 'secrets' "
    ) in done.stderr
    assert MARK not in done.stdout + (tmp_path / "site.yaml").read_text("utf-8")
    refused = hubops(*arguments, "--host", "no host", "--force", cwd=tmp_path)
    assert refused.returncode == 1
    assert "No place in site.yaml (2)" in refused.stderr


def test_one_file_is_not_both(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(json.dumps(HUB))
    (tmp_path / "link.yaml").symlink_to("hub.yaml")
    done = hubops("import", "--jupyterhub", "hub.yaml", "--secrets", "link.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "a file of --secrets is also given as a file of values" in done.stderr


def test_switch_under_a_root_of_both_charts_is_only_named() -> None:
    proposal = proposed(jupyterhub=HUB, secrets={"global": {"a": 1}})
    assert (proposal.lost, list(left(proposal))) == ((), ["global"])
