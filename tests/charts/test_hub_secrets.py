"""What hubops makes is what the real JupyterHub takes; the hub and the gateway share a token."""

from pathlib import Path

import pytest

from generator.secrets import keys as secret_keys
from tests.support import certificates, copies, programs, releases
from tests.support.copies import KEYS, made, opened, protocoast, seal
from tests.support.sites import protocoast_with

HUBS = {"3.3.8": "jupyterhub-4.1.6", "4.4.0": "jupyterhub-5.5.0"}
PROBED = {"cookie_secret": KEYS[2], "keys": KEYS[3], "token": KEYS[4]}


@pytest.fixture
def values(tmp_path: Path) -> dict[str, bytes]:
    """Everything that hubops makes for ProtoCoast's production, as the controller opens it."""
    made(tmp_path, protocoast())
    certificates.install(tmp_path)
    assert seal(tmp_path, generate=True).code == 0
    return {name.partition("/")[2]: value for name, value in opened(tmp_path).items()}


# What a person may give, and what the check must refuse because the hub does.
OTHERS = {
    "cookie_secret": ["AB" * 32, "ab" * 16, "see-existingSecret", "ab" * 32 + "\n"],
    "keys": ["ab" * 32 + ";" + "cd" * 32, "ab" * 31, "see-existingSecret"],
    "token": ["12345678", "unset"],
}


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
def test_the_real_hub_takes_what_is_made(values: dict[str, bytes], chart: str) -> None:
    asked = {what: [values[key].decode()] for what, key in PROBED.items()}
    answer = programs.probe("secret_probe.py", HUBS[chart], asked)
    assert answer == {what: [True] for what in PROBED}


@pytest.mark.tools
@pytest.mark.parametrize("chart", HUBS)
def test_what_the_check_lets_pass_the_real_hub_takes(chart: str) -> None:
    answer = programs.probe("secret_probe.py", HUBS[chart], OTHERS)
    settings = protocoast_with({}).shared
    checked = {
        what: [
            not secret_keys.complaint(
                secret_keys.form(settings, "hub-secrets", PROBED[what]), value.encode()
            )
            for value in given
        ]
        for what, given in OTHERS.items()
    }
    assert answer == checked


@pytest.mark.parametrize("version", ["2022.6.1", "2022.10.0", "2024.1.0", "2026.3.0"])
def test_hub_and_gateway_read_one_token(values: dict[str, bytes], version: str) -> None:
    site = protocoast_with(
        {
            "charts": {"dask-gateway": {"version": version}},
            "clusters": {name: {"kubernetes": "1.31"} for name in ("fedcloud", "fedcloud-staging")},
        }
    )
    hub = releases.chart_values(site, "production", "jupyterhub")["hub"]
    gateway = releases.chart_values(site, "production", "dask-gateway")["gateway"]
    # The chart of the hub reads `hub.services.<name>.apiToken` from its existingSecret.
    secret, key = hub["existingSecret"], f"hub.services.{next(iter(hub['services']))}.apiToken"
    reads = gateway["auth"].get("jupyterhub", {})
    if version == "2022.6.1":
        script = gateway["extraConfig"]["hub_token"]
        assert secret in script
        assert key in script
    else:
        assert (reads["apiTokenFromSecretName"], reads["apiTokenFromSecretKey"]) == (secret, key)
    assert len(values[key]) == 64


def test_no_two_values_are_alike(values: dict[str, bytes]) -> None:
    assert len(values) == len(set(values.values())) == 3
    assert all(value == value.strip() for value in values.values())
    assert copies.KEYS[2:] == tuple(values)
