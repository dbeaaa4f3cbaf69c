"""Services, roles, registries, and the pods of Dask clusters, as an import reads them back."""

import json
from typing import Any

import pytest

from generator.adopt.gateway_python import contradiction
from tests.support.imports import asked, hub_with, left, proposed, values_of

REGISTRY = {
    "imagePullSecret": {
        "create": True,
        "registry": "registry.example.org",
        "username": "robot",
        "password": "hunter2-hunter2",
    }
}
POOL = {"nodeSelector": {"pool": "dask"}}


def site_of(hub: Any = None, **more: Any) -> Any:
    """The site of a hub with more values."""
    proposal = proposed(jupyterhub=hub_with(hub or {}), **more)
    assert proposal.site is not None
    return proposal.site


def sections(hub: Any = None, **more: Any) -> Any:
    return site_of(hub, **more).shared.at


def test_a_service_and_its_role_are_one_entry() -> None:
    at = sections(
        {
            "hub": {
                "services": {
                    "grafana": {"url": "http://grafana.monitoring", "oauth_no_confirm": True},
                    "usage": {"admin": True, "apiToken": "sixteen-characters"},
                },
                "loadRoles": {
                    "grafana": {"services": ["grafana"], "scopes": ["list:users"]},
                    "teachers": {"groups": ["teachers"], "scopes": ["list:users"]},
                },
            }
        }
    )
    assert at("jupyterhub.services") == {
        "grafana": {"scopes": ["list:users"], "url": "http://grafana.monitoring"},
        "usage": {"admin": True},
    }
    assert at("jupyterhub.roles") == {
        "teachers": {"scopes": ["list:users"], "groups": ["teachers"]}
    }


def test_what_a_service_has_no_key_for_stays_below_its_name() -> None:
    site = site_of({"hub": {"services": {"grafana": {"oauth_no_confirm": True}}}})
    assert site.shared.hub.values["hub"]["services"] == {"grafana": {"oauth_no_confirm": True}}
    built = values_of(site, site.environments[0], "jupyterhub")["hub"]["services"]
    assert built["grafana"] == {"apiToken": "unset", "oauth_no_confirm": True}


def test_the_token_of_a_service_is_sealed_under_its_key() -> None:
    proposal = proposed(
        jupyterhub=hub_with({"hub": {"services": {"usage": {"apiToken": "sixteen-characters"}}}})
    )
    [secret] = [one for one in proposal.secrets if "usage" in one.path]
    assert secret.name == "hub-secrets/hub.services.usage.apiToken"
    assert secret.value is not None
    assert "sixteen-characters" not in proposal.text


@pytest.mark.parametrize(
    "role",
    [
        {"services": ["grafana"], "scopes": ["list:users"], "users": ["ada"]},
        {"services": ["grafana", "dask-gateway"], "scopes": ["list:users"]},
    ],
    ids=["users too", "two services"],
)
def test_a_role_that_others_have_too_is_one_of_its_own(role: Any) -> None:
    services: dict[str, Any] = {"grafana": {}, "dask-gateway": {}}
    at = sections({"hub": {"services": services, "loadRoles": {"grafana": role}}})
    assert at("jupyterhub.roles")["grafana"]["scopes"] == ["list:users"]


def test_the_chart_s_own_pull_secret_becomes_a_registry() -> None:
    proposal = proposed(jupyterhub=hub_with(REGISTRY))
    assert proposal.site is not None
    assert proposal.is_proven
    assert proposal.site.shared.at("jupyterhub.pullSecrets") == ("registry",)
    [secret] = proposal.site.shared.secrets
    assert (secret.name, secret.server) == ("registry", "registry.example.org")
    assert "hunter2-hunter2" not in proposal.text
    [found] = [one for one in proposal.secrets if one.secret == "registry"]
    assert found.value is not None
    opens = json.loads(found.value.reveal())["auths"]["registry.example.org"]
    assert (opens["username"], opens["password"]) == ("robot", "hunter2-hunter2")


def test_a_pull_secret_that_the_chart_does_not_make_is_left_out() -> None:
    proposal = proposed(jupyterhub=hub_with({"imagePullSecret": {"create": False}}))
    assert "imagePullSecret" not in proposal.text
    assert left(proposal)["imagePullSecret.create"].startswith("an entry of 'secrets'")


def test_the_gateway_s_token_is_looked_for_where_the_values_say() -> None:
    auth = {"apiTokenFromSecretName": "gateway-token", "apiTokenFromSecretKey": "api_token"}
    gateway = {"gateway": {"auth": {"type": "jupyterhub", "jupyterhub": auth}}}
    proposal = proposed(jupyterhub=hub_with({}), dask_gateway=gateway)
    [secret] = [one for one in proposal.secrets if one.held_by is not None]
    assert secret.held_by == ("gateway-token", "api_token")
    assert secret.name == "hub-secrets/hub.services.dask-gateway.apiToken"


def test_size_and_nodes_of_clusters_are_keys() -> None:
    size = {"cores": {"request": 2, "limit": 2}, "memory": {"request": "4 G", "limit": "4G"}}
    pods = {"scheduler": {**size, "extraPodConfig": POOL}, "worker": {"extraPodConfig": POOL}}
    at = sections(dask_gateway={"gateway": {"backend": pods}})
    assert at("daskGateway.scheduler") == {"cores": 2, "memory": "4Gi"}
    assert at("daskGateway.placement") == POOL


def test_nodes_that_only_workers_have_stay_among_the_values() -> None:
    pods = {"worker": {"extraPodConfig": POOL}}
    site = site_of(dask_gateway={"gateway": {"backend": pods}})
    assert site.shared.at("daskGateway.placement") is None
    assert site.shared.dask.values["gateway"]["backend"]["worker"] == {"extraPodConfig": POOL}


def test_variables_that_users_may_set_are_an_option() -> None:
    python = """
from dask_gateway_server.options import Options, Mapping, String

def handler(options):
    return {"image": options.image, "environment": options.environment}

c.Backend.cluster_options = Options(
    String("image", default="quay.io/coast/notebook:1.0", label="Image"),
    Mapping("environment", {}, label="Variables"),
    handler=handler,
)
"""
    at = sections(dask_gateway={"gateway": {"extraConfig": {"options": python}}})
    assert at("daskGateway.options") == {"environment": True}


@pytest.mark.parametrize(
    ("comment", "size", "other"),
    [
        ('# instead of "128 G"', 140, None),
        ("# was 128G before", 140, None),
        ("# 140 G, not 128 G", 140, None),
        ("# raised from 128 GB", 140, None),
        ("# previously: 128Gi", 140, None),
        ("# 128 G", 140, "128Gi"),
        ("# 16 GiB (was 8 GiB)", 24, "16Gi"),
        ("# plenty", 140, None),
    ],
)
def test_only_a_comment_that_contradicts_is_asked_about(
    comment: str, size: int, other: str | None
) -> None:
    assert contradiction(comment, size * 2**30) == other


def test_a_limit_whose_comment_says_what_it_was_is_not_asked_about() -> None:
    limits = 'c.ClusterConfig.cluster_max_memory = "140 G" # instead of "128 G"\n'
    gateway = {"gateway": {"extraConfig": {"limits": limits}}}
    assert "comment" not in asked(proposed(jupyterhub=hub_with({}), dask_gateway=gateway))
