"""Services, roles and node pools: the chart's values, and the keys of the tokens."""

from typing import Any

import pytest

from generator.charts import hub_services, hub_values, jupyterhub
from generator.charts.origins import origin
from tests.support.sites import site_of

SITE = """\
schemaVersion: 1
site: coast
repository: {url: https://github.com/coast-lab/gitops.git}
argocd: {version: "3.1"}
charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.30"
    storageClass: csi-cinder
    ingress: {className: nginx}
environments:
  production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
  staging:
    cluster: fedcloud
    namespace: hub-staging
    host: staging.example.org
    jupyterhub: {services: {grafana: {scopes: [read:hub]}, usage: null}}
    daskGateway: null
jupyterhub:
  authentication: {provider: github, organizations: [coast-lab], admins: [ada]}
  services:
    grafana: {scopes: ["list:users"], url: "http://grafana.monitoring", display: false}
    usage: {admin: true}
  roles: {instructors: {scopes: ["list:users"], groups: [teachers], services: [grafana]}}
  servers: {profiles: [{name: Coast, image: "quay.io/coast/notebook:2026.1"}]}
daskGateway: {limits: {cores: 4, memory: 16Gi, workers: 3}}
"""
PRODUCTION, STAGING = site_of(SITE).environments
ACCESS = "access:services!service=dask-gateway"
DASK = "hub.services.dask-gateway.apiToken"


def values(environment: Any) -> dict[str, Any]:
    hub: dict[str, Any] = jupyterhub.CHART.shared_values(environment.settings)["hub"]
    return hub


def test_a_service_has_a_dummy_that_stops_the_chart_from_making_a_token() -> None:
    assert values(PRODUCTION)["services"] == {
        "grafana": {"apiToken": "unset", "url": "http://grafana.monitoring", "display": False},
        "usage": {"apiToken": "unset", "admin": True},
        "dask-gateway": {"apiToken": "unset", "display": False},
    }


def test_a_service_with_scopes_has_a_role_with_its_name() -> None:
    assert values(PRODUCTION)["loadRoles"] == {
        "user": {"scopes": ["self", ACCESS]},
        "server": {"scopes": ["users:activity!user", "access:servers!server", ACCESS]},
        "grafana": {"scopes": ["list:users"], "services": ["grafana"]},
        "instructors": {"scopes": ["list:users"], "groups": ["teachers"], "services": ["grafana"]},
    }


def test_an_environment_changes_one_service_and_removes_another() -> None:
    assert [*values(STAGING)["services"]] == ["grafana"]
    assert values(STAGING)["loadRoles"]["grafana"]["scopes"] == ["read:hub"]


@pytest.mark.parametrize(
    ("environment", "tokens"),
    [(PRODUCTION, [DASK, "hub.services.grafana.apiToken", "hub.services.usage.apiToken"]),
     (STAGING, ["hub.services.grafana.apiToken"])],
    ids=["production", "staging"],
)  # fmt: skip
def test_each_service_has_a_token_to_seal(environment: Any, tokens: list[str]) -> None:
    keys = hub_values.secret_keys(environment.settings)
    assert [key for key in keys if hub_services.is_token_key(key)] == tokens


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("hub services grafana url", "jupyterhub services grafana url"),
        ("hub loadRoles grafana scopes", "jupyterhub services grafana"),
        ("hub loadRoles instructors groups", "jupyterhub roles instructors"),
        ("hub loadRoles user scopes", "charts dask-gateway version"),
        ("hub services dask-gateway display", "daskGateway"),
    ],
)
def test_a_value_has_the_place_of_its_service_or_role(path: str, place: str) -> None:
    assert origin(PRODUCTION, "jupyterhub", tuple(path.split())) == tuple(place.split())


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("hub services grafana url", "jupyterhub.services.grafana.url"),
        ("hub services dask-gateway display", None),
        ("hub loadRoles instructors users", "jupyterhub.roles.instructors.users"),
        ("hub loadRoles user scopes", None),
    ],
)
def test_an_override_is_told_the_key_of_its_service_or_role(path: str, key: str | None) -> None:
    assert jupyterhub.CHART.owner(tuple(path.split())) == key


def test_the_token_of_a_service_stays_the_sealed_one() -> None:
    path = ("hub", "services", "grafana", "apiToken")
    assert "sealed" in (jupyterhub.CHART.why_protected(path) or "")
