"""What each row of site.yaml promises in JupyterHub's values, for each range of versions."""

import json
import re
from typing import Any

import pytest

from generator.build import repository
from generator.merge import merge
from tests.support.sites import protocoast, protocoast_with
from tests.support.variants import (
    ANNOTATION,
    DIGEST,
    DIGESTS,
    NO_DASK,
    NO_ISSUER,
    ODD_QUANTITIES,
    PEOPLE,
    RAW_VALUES,
    SECOND_RELEASE,
    TOKEN_KEY,
    WORKING_PAIRS,
    Values,
    at,
    leaves,
    paired,
    pinned,
    sealed_and_unsealed,
    values_of,
)

TRAEFIK = [
    {
        "to": [
            {
                "podSelector": {
                    "matchLabels": {
                        "app.kubernetes.io/name": "dask-gateway",
                        "app.kubernetes.io/component": "traefik",
                    }
                }
            }
        ],
        "ports": [{"protocol": "TCP", "port": 8000}],
    }
]
HUB_ROWS: dict[str, tuple[str, Any]] = {
    "the Secret": ("hub/existingSecret", "hub-secrets"),
    "the class and a cookie secret that fails closed": (
        "hub/config/JupyterHub",
        {"authenticator_class": "generic-oauth", "cookie_secret": "see-existingSecret"},
    ),
    "keys that fail closed": ("hub/config/CryptKeeper", {"keys": ["see-existingSecret"]}),
    "login": (
        "hub/config/GenericOAuthenticator",
        {
            "authorize_url": "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/auth",
            "token_url": "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/token",
            "userdata_url": "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo",
            "oauth_callback_url": "https://protocoast.vm.fedcloud.eu/hub/oauth_callback",
            "scope": ["openid", "profile", "email", "entitlements"],
            "username_claim": "preferred_username",
            "login_service": "EGI Check-In",
            "allow_all": True,
        },
    ),
    "client id and secret from the Secret": (
        "hub/extraEnv",
        {
            "OAUTH_CLIENT_ID": {
                "valueFrom": {"secretKeyRef": {"name": "hub-secrets", "key": "oauth.client_id"}}
            },
            "OAUTH_CLIENT_SECRET": {
                "valueFrom": {"secretKeyRef": {"name": "hub-secrets", "key": "oauth.client_secret"}}
            },
        },
    ),
    "a database that is kept": (
        "hub/db",
        {
            "type": "sqlite-pvc",
            "pvc": {
                "accessModes": ["ReadWriteOnce"],
                "storage": "1Gi",
                "storageClassName": "csi-cinder-sc-delete",
                "annotations": {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
            },
        },
    ),
    "the Dask service": (
        "hub/services",
        {
            "dask-gateway": {
                "display": False,
                "url": "http://traefik-dask-gateway.daskhub",
                "apiToken": "unset",
            }
        },
    ),
    "the hub's way to traefik": ("hub/networkPolicy", {"egress": TRAEFIK}),
    "the proxy's way to traefik": ("proxy/chp/networkPolicy", {"egress": TRAEFIK}),
    "the servers' way to traefik": ("singleuser/networkPolicy", {"egress": TRAEFIK}),
    "no public address": ("proxy/service", {"type": "ClusterIP"}),
    "no scheduler of its own": ("scheduling", {"userScheduler": {"enabled": False}}),
    "no hook before each sync": ("prePuller", {"hook": {"enabled": False}}),
    "no privileged container": ("singleuser/cloudMetadata", {"blockWithIptables": False}),
    "image": (
        "singleuser/image",
        {
            "name": "quay.io/globalcoast/protocoast-notebook",
            "tag": "main",
            "pullPolicy": "Always",
        },
    ),
    "cpu": ("singleuser/cpu", {"guarantee": 1, "limit": 2}),
    "memory": ("singleuser/memory", {"guarantee": "5G", "limit": "10G"}),
    "ephemeral storage": (
        "singleuser/extraResource",
        {"guarantees": {"ephemeral-storage": "4Gi"}, "limits": {"ephemeral-storage": "8Gi"}},
    ),
    "homes": (
        "singleuser/storage",
        {
            "type": "dynamic",
            "capacity": "50Gi",
            "dynamic": {
                "storageClass": "csi-cinder-sc-delete",
                "storageAccessModes": ["ReadWriteOnce"],
            },
        },
    ),
    "profiles": (
        "singleuser/profileList",
        [
            {
                "display_name": "ProtoCoast - main",
                "slug": "main",
                "description": "Stable production version",
                "default": True,
                "kubespawner_override": {"image": "quay.io/globalcoast/protocoast-notebook:main"},
            },
            {
                "display_name": "ProtoCoast - develop",
                "slug": "develop",
                "description": "Development version with latest features",
                "kubespawner_override": {
                    "image": "quay.io/globalcoast/protocoast-notebook:develop"
                },
            },
        ],
    ),
    "the client of Dask": (
        "singleuser/extraEnv",
        {
            "DASK_GATEWAY__ADDRESS": "http://proxy-public/services/dask-gateway",
            "DASK_GATEWAY__PROXY_ADDRESS": "gateway://traefik-dask-gateway.daskhub:80",
            "DASK_GATEWAY__PUBLIC_ADDRESS": "/services/dask-gateway/",
            "DASK_GATEWAY__AUTH__TYPE": "jupyterhub",
            "DASK_GATEWAY__CLUSTER__OPTIONS__IMAGE": "{{JUPYTER_IMAGE_SPEC}}",
        },
    ),
    "ingress with TLS": (
        "ingress",
        {
            "enabled": True,
            "ingressClassName": "nginx",
            "annotations": {"cert-manager.io/cluster-issuer": "letsencrypt-prod"},
            "hosts": ["protocoast.vm.fedcloud.eu"],
            "tls": [{"hosts": ["protocoast.vm.fedcloud.eu"], "secretName": "hub-tls"}],
        },
    ),
}


@pytest.mark.parametrize("pair", WORKING_PAIRS, ids="+".join)
@pytest.mark.parametrize(("path", "wanted"), HUB_ROWS.values(), ids=HUB_ROWS)
def test_protocoasts_hub(path: str, wanted: Any, pair: tuple[str, str]) -> None:
    assert at(values_of(paired(*pair), "jupyterhub"), path) == wanted


def test_the_rows_are_all_that_protocoasts_hub_holds() -> None:
    held = values_of(protocoast(), "jupyterhub")
    paths = tuple(f"/{path}" for path, _ in HUB_ROWS.values())
    beside = {
        path for path, _ in leaves(held) if not f"{path}/".startswith(tuple(f"{p}/" for p in paths))
    }
    assert beside == {"/hub/annotations/hubops.io/content"}  # fmt: skip


@pytest.mark.parametrize(
    "key",
    ["oauth.client_id", "oauth.client_secret", "hub.config.JupyterHub.cookie_secret", TOKEN_KEY],
)
def test_a_new_secret_restarts_the_hub(key: str) -> None:
    before, after = sealed_and_unsealed(protocoast(), "jupyterhub", key)
    assert before["hub"]["annotations"] != after["hub"]["annotations"]
    assert merge(before, {"hub": {"annotations": None}}) == merge(
        after, {"hub": {"annotations": None}}
    )


@pytest.mark.parametrize("change", [PEOPLE, RAW_VALUES, ODD_QUANTITIES, ANNOTATION])
def test_a_new_value_restarts_the_hub_once(change: Values) -> None:
    before, after = (
        values_of(site, "jupyterhub")["hub"]["annotations"]["hubops.io/content"]
        for site in (protocoast(), protocoast_with(change))
    )
    assert re.fullmatch("[0-9a-f]{64}", after)
    assert before != after


def test_a_new_value_elsewhere_does_not_restart_the_hub() -> None:
    staging = {"charts": {"jupyterhub": {"version": "4.4.0"}}}
    change = {"daskGateway": {"idleTimeout": "5m"}, "environments": {"staging": staging}}
    before, after = (
        values_of(site, "jupyterhub") for site in (protocoast(), protocoast_with(change))
    )
    assert before == after


INGRESSES: dict[str, tuple[Values, Values]] = {
    "field": (
        {},
        {
            "ingressClassName": "nginx",
            "annotations": {"cert-manager.io/cluster-issuer": "letsencrypt-prod"},
        },
    ),
    "annotation": (
        ANNOTATION,
        {
            "annotations": {
                "kubernetes.io/ingress.class": "nginx",
                "cert-manager.io/cluster-issuer": "letsencrypt-prod",
            }
        },
    ),
    "no issuer": (NO_ISSUER, {"ingressClassName": "nginx"}),
}


@pytest.mark.parametrize("hub", ["3.0.3", "3.3.8", "4.4.0"])
@pytest.mark.parametrize(("change", "wanted"), INGRESSES.values(), ids=INGRESSES)
def test_the_ingress_class_is_a_field_or_an_annotation(
    change: Values, wanted: Values, hub: str
) -> None:
    ingress = values_of(pinned(hub, "2024.1.0", change), "jupyterhub")["ingress"]
    host = "protocoast.vm.fedcloud.eu"
    secret = {} if change is NO_ISSUER else {"secretName": "hub-tls"}
    assert ingress == {
        "enabled": True,
        **wanted,
        "hosts": [host],
        "tls": [{"hosts": [host], **secret}],
    }


@pytest.mark.parametrize(
    ("quantity", "spelled"),
    [
        ("5Gi", "5G"),
        ("1536Mi", "1536M"),
        ("1.5Gi", "1536M"),
        ("1024Mi", "1G"),
        ("2Ti", "2T"),
        ("4Ki", "4K"),
        ("1500M", 1500000000),
        ("10G", "9765625K"),
        ("1024k", "1000K"),
    ],
)
def test_memory_in_the_spawners_spelling(quantity: str, spelled: str | int) -> None:
    change = {"jupyterhub": {"servers": {"memory": {"guarantee": quantity, "limit": quantity}}}}
    memory = values_of(protocoast_with(change), "jupyterhub")["singleuser"]["memory"]
    assert memory == {"guarantee": spelled, "limit": spelled}


@pytest.mark.parametrize(
    ("quantity", "number"), [(2, 2), ("2", 2), ("500m", 0.5), (0.25, 0.25), ("1.5", 1.5)]
)
def test_cores_as_numbers(quantity: Any, number: float) -> None:
    change = {"jupyterhub": {"servers": {"cpu": {"guarantee": quantity, "limit": 3}}}}
    cpu = values_of(protocoast_with(change), "jupyterhub")["singleuser"]["cpu"]
    assert cpu == {"guarantee": number, "limit": 3}


def test_a_digest_is_part_of_the_name_and_tag() -> None:
    site = protocoast_with(DIGESTS)
    assert values_of(site, "jupyterhub")["singleuser"]["image"] == {
        "name": "quay.io/a/b@sha256",
        "tag": DIGEST,
    }
    assert values_of(site, "dask-gateway")["gateway"]["backend"]["image"] == {
        "name": "quay.io:443/a/b@sha256",
        "tag": DIGEST,
    }


def test_a_second_release_is_found_by_its_own_name() -> None:
    values = values_of(protocoast_with(SECOND_RELEASE), "jupyterhub")
    traefik = "traefik-second-dask-gateway.daskhub"
    proxy = at(values, "singleuser/extraEnv/DASK_GATEWAY__PROXY_ADDRESS")
    assert at(values, "hub/services/dask-gateway/url") == f"http://{traefik}"
    assert proxy == f"gateway://{traefik}:80"


def test_a_hub_without_dask_holds_nothing_of_it() -> None:
    site = protocoast_with(NO_DASK)
    assert "dask" not in json.dumps(values_of(site, "jupyterhub")).lower()
    [production] = [env for env in site.environments if env.name == "production"]
    assert repository.apps_in(production) == ("namespace", "jupyterhub")
