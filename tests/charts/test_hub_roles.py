"""The generated services and roles, loaded by the real JupyterHub."""

from typing import Any

import pytest

from tests.charts.test_hub_services import ACCESS, SITE, values
from tests.support import programs
from tests.support.sites import site_of

pytestmark = pytest.mark.tools

# A hub of each, with the Dask Gateway that goes with it.
HUBS = {"3.3.8": ("2022.6.1", "jupyterhub-4.1.6"), "4.4.0": ("2026.3.0", "jupyterhub-5.5.0")}
ONLY = "daskGateway: {access: {groups: [dask-users]}, limits"


def held(chart: str, text: str = SITE) -> Any:
    """What the real hub of a chart version makes of the site's services and roles."""
    gateway, hub = HUBS[chart]
    text = text.replace("4.4.0", chart).replace("2026.3.0", gateway)
    own = values(site_of(text).environments[0])
    asked = {
        "services": own["services"],
        "roles": own["loadRoles"],
        "tokens": {name: name.ljust(16, "x") for name in own["services"]},
        "users": {"ada": [], "eve": ["teachers"], "kai": ["dask-users"]},
    }
    return programs.probe("roles_probe.py", hub, asked)


@pytest.mark.parametrize("chart", HUBS)
def test_services_and_groups_have_the_scopes_of_their_roles(chart: str) -> None:
    found = held(chart)
    assert "list:users" in found["services"]["grafana"]
    assert "admin:users" in found["services"]["usage"]
    assert found["services"]["dask-gateway"] == []
    assert "list:users" in found["users"]["eve"][0]
    assert "list:users" not in found["users"]["kai"][0]


def test_everyone_may_use_dask_where_no_group_is_named() -> None:
    found = held("4.4.0")["users"]
    assert {name: ACCESS in token for name, (_, token) in found.items()} == {
        "ada": True,
        "eve": True,
        "kai": True,
    }


def test_only_members_of_the_groups_may_use_dask() -> None:
    found = held("4.4.0", SITE.replace("daskGateway: {limits", ONLY))["users"]
    assert {name: ACCESS in token for name, (_, token) in found.items()} == {
        "ada": False,
        "eve": False,
        "kai": True,
    }


@pytest.mark.parametrize("chart", HUBS)
def test_prometheus_may_read_the_metrics_and_nothing_else(chart: str) -> None:
    there = "    provided: [prometheus-operator]\n    prometheus: {namespace: monitoring}\n"
    watched = SITE.replace("environments:\n", f"{there}environments:\n")
    watched = f"{watched}monitoring: {{serviceMonitors: true}}\n"
    assert held(chart, watched)["services"]["prometheus"] == ["read:metrics"]
