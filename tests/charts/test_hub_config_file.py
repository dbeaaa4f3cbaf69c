"""The chart's own jupyterhub_config.py, run by the real JupyterHub on what hubops writes."""

from typing import Any

import pytest

from generator.merge import merge
from tests.support import facts, programs
from tests.support.releases import chart_values
from tests.support.sites import ROOT, site_of

pytestmark = pytest.mark.tools

SITE = (ROOT / "tests" / "golden" / "places" / "site.yaml").read_text()
# Charts that are here whole, with the environment that has the packages of each one's hub.
WHOLE = facts.whole("jupyterhub")
HUBS = {"3": "jupyterhub-4.1.6", "4": "jupyterhub-5.5.0"}
GATEWAY = "gateway: {name: public, namespace: gateways, section: https}"
FILES = ("jupyterhub_config.py", "z2jh.py")
SEALED = {
    "hub.config.JupyterHub.cookie_secret": "ab" * 32,
    "hub.config.CryptKeeper.keys": "cd" * 32,
    "hub.services.dask-gateway.apiToken": "twelve letters",
}


def answer(version: str, environment: str, **sealed: str) -> Any:
    """What the hub of a chart version comes to in one environment of the golden site."""
    text = SITE.replace("{version: 4.4.0}", f"{{version: {version}}}")
    site = site_of(text.replace(GATEWAY, "ingress: {className: traefik}"))  # since 4.3.0
    written = chart_values(site, environment, "jupyterhub")
    asked = {
        "files": {name: facts.file("jupyterhub", version, f"files/hub/{name}") for name in FILES},
        "values": merge(facts.chart("jupyterhub", version).defaults, written),
        "sealed": {**SEALED, **{key.replace("__", "."): text for key, text in sealed.items()}},
    }
    return programs.probe("config_probe.py", HUBS[version[0]], asked)


@pytest.mark.comparison(bool(WHOLE))
@pytest.mark.parametrize("version", WHOLE or ["none"])
def test_database_path_and_shared_homes(version: str) -> None:
    found = answer(version, "production", hub__db__password="tides")
    assert found["db_url"] == "postgresql+psycopg2://hub@postgres.databases.svc:5432/hub"
    assert found["password"] == "tides"
    assert found["base_url"] == "/jupyter/"
    assert found["callback"] == "https://coast.example.org/jupyter/hub/oauth_callback"
    assert (found["claims"], found["makes_claim"]) == (["home-nfs"], False)
    assert found["mounts"] == {"/home/jovyan/work": "homes/ada"}
    variables = found["environment"]
    assert variables["DASK_GATEWAY__ADDRESS"].startswith("http://proxy-public/jupyter/services/")
    assert variables["DASK_GATEWAY__PUBLIC_ADDRESS"] == "/jupyter/services/dask-gateway/"


@pytest.mark.comparison(bool(WHOLE))
@pytest.mark.parametrize("version", WHOLE or ["none"])
def test_no_homes_and_nothing_else_said(version: str) -> None:
    found = answer(version, "hosted")
    assert (found["db_url"], found["password"]) == ("sqlite:///jupyterhub.sqlite", None)
    assert (found["base_url"], found["makes_claim"]) == ("/", True)
    assert list(found["mounts"]) == ["/home/jovyan"]
