"""What each row of site.yaml promises in Dask Gateway's values, for each range of versions."""

import pytest

from tests.support.variants import TOKEN_KEY, at, paired, sealed_and_unsealed, values_of

_FROM_SECRET = {
    "apiUrl": "http://hub:8081/hub/api",
    "apiTokenFromSecretName": "hub-secrets",
    "apiTokenFromSecretKey": TOKEN_KEY,
}
_AT_START = {
    "type": "custom",
    "custom": {
        "class": "dask_gateway_server.auth.JupyterHubAuthenticator",
        "config": {"jupyterhub_api_url": "http://hub:8081/hub/api"},
    },
}
_BY_NAME = {"type": "jupyterhub", "jupyterhub": _FROM_SECRET}
_BY_SCOPE = {
    "type": "jupyterhub",
    "jupyterhub": {**_FROM_SECRET, "jupyterhubServiceName": "dask-gateway"},
}
# Dask Gateway -> how it asks the hub, and which scripts it runs.
GATEWAY_LOGINS = {
    "2022.6.1": (_AT_START, ["hub_token", "limits", "options"]),
    "2022.10.0": (_BY_NAME, ["limits", "options"]),
    "2023.9.0": (_BY_NAME, ["limits", "options"]),
    "2024.1.0": (_BY_NAME, ["limits", "options"]),
    "2025.4.0": (_BY_NAME, ["limits", "options"]),
    "2026.3.0": (_BY_SCOPE, ["limits", "options"]),
}


@pytest.mark.parametrize("dask", GATEWAY_LOGINS)
def test_how_the_gateway_asks_the_hub(dask: str) -> None:
    gateway = values_of(paired("3.3.8", dask), "dask-gateway")["gateway"]
    auth, scripts = GATEWAY_LOGINS[dask]
    assert gateway["auth"] == auth
    assert sorted(gateway["extraConfig"]) == scripts


@pytest.mark.parametrize("dask", GATEWAY_LOGINS)
def test_the_gateways_other_values(dask: str) -> None:
    values = values_of(paired("3.3.8", dask), "dask-gateway")
    gateway = values["gateway"]
    assert values.keys() == {"gateway", "traefik"}
    assert values["traefik"] == {"service": {"type": "ClusterIP"}}
    assert gateway.keys() - {"annotations"} == {"prefix", "auth", "backend", "extraConfig"}
    assert gateway["prefix"] == "/services/dask-gateway"
    assert gateway["backend"] == {
        "image": {
            "name": "quay.io/globalcoast/protocoast-notebook",
            "tag": "main",
            "pullPolicy": "Always",
        }
    }
    assert gateway["extraConfig"]["limits"] == (
        "c.ClusterConfig.cluster_max_cores = 4\n"
        "c.ClusterConfig.cluster_max_memory = 25769803776  # 24Gi\n"
        "c.ClusterConfig.cluster_max_workers = 3\n"
        "c.ClusterConfig.idle_timeout = 1200.0  # 20m\n"
    )


@pytest.mark.parametrize("dask", GATEWAY_LOGINS)
def test_the_hub_grants_the_scope_that_only_the_newest_gateway_asks_for(dask: str) -> None:
    hub = values_of(paired("4.4.0", dask), "jupyterhub")["hub"]
    access = "access:services!service=dask-gateway"
    roles = {
        "user": {"scopes": ["self", access]},
        "server": {"scopes": ["users:activity!user", "access:servers!server", access]},
    }
    assert hub.get("loadRoles") == (roles if dask == "2026.3.0" else None)


@pytest.mark.parametrize("dask", GATEWAY_LOGINS)
def test_a_new_token_restarts_the_gateways_that_read_it_once(dask: str) -> None:
    site = paired("3.3.8", dask)
    before, after = (
        at(values, "gateway/annotations")
        for values in sealed_and_unsealed(site, "dask-gateway", TOKEN_KEY)
    )
    assert (before != after) == (dask not in ("2025.4.0", "2026.3.0"))
