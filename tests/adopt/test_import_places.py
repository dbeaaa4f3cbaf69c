"""How people reach a hub, and where its database and homes are, come back as keys of site.yaml."""

from typing import Any

import pytest

from generator.site.model import Cluster, Environment, Ingress
from tests.support.imports import asked, hub_with, proposed

Json = Any


def imported(values: Json) -> tuple[Cluster, Environment, Any]:
    proposal = proposed(jupyterhub=hub_with(values))
    assert proposal.site is not None
    assert proposal.is_proven
    [environment] = proposal.site.environments
    return proposal.site.clusters["main"], environment, proposal


def raw_paths(proposal: Any) -> set[str]:
    return {".".join(row.path) for row in proposal.carried}


def ingress_of(values: Json) -> tuple[Ingress, Any]:
    cluster, environment, _ = imported({"ingress": {"enabled": True, **values}})
    assert cluster.ingress is not None
    raw = environment.settings.hub.values if environment.settings.hub is not None else {}
    return cluster.ingress, raw.get("ingress")


NGINX = "nginx.ingress.kubernetes.io/"


@pytest.mark.parametrize(
    ("class_name", "annotations", "expected"),
    [
        ("nginx", {f"{NGINX}proxy-body-size": "100m"}, {"max_upload": "100Mi"}),
        ("nginx", {f"{NGINX}proxy-body-size": "1G"}, {"max_upload": "1Gi"}),
        ("nginx", {f"{NGINX}proxy-body-size": "0"}, {"max_upload": "unlimited"}),
        (
            "public-web",
            {f"{NGINX}proxy-body-size": "64m", f"{NGINX}proxy-buffer-size": "16k"},
            {"controller": "ingress-nginx", "max_upload": "64Mi", "header_buffer": "16Ki"},
        ),
        (
            "nginx",
            {"nginx.org/client-max-body-size": "64m", "nginx.org/proxy-read-timeout": "120s"},
            {
                "controller": "f5-nginx",
                "max_upload": "64Mi",
                "annotations": {"nginx.org/proxy-read-timeout": "120s"},
            },
        ),
        (
            "traefik",
            {"cert-manager.io/issuer": "own"},
            {"annotations": {"cert-manager.io/issuer": "own"}},
        ),
    ],
    ids=["megabytes", "gigabytes", "unlimited", "class of its own", "f5", "rest"],
)
def test_annotations_come_back_as_keys(
    class_name: str, annotations: dict[str, str], expected: dict[str, Json]
) -> None:
    found, rest = ingress_of({"ingressClassName": class_name, "annotations": annotations})
    own = {name: getattr(found, name) for name in ("controller", "max_upload", "header_buffer")}
    said = {name: value for name, value in own.items() if value is not None}
    more = {"annotations": dict(found.annotations)} if found.annotations else {}
    assert {**said, **more} == expected
    assert rest is None


def test_size_that_is_no_size_stays_as_it_is() -> None:
    found, rest = ingress_of({"annotations": {f"{NGINX}proxy-body-size": "much"}})
    assert found.max_upload is None
    assert rest == {"annotations": {f"{NGINX}proxy-body-size": "much"}}


def test_certificate_secret_comes_back() -> None:
    tls = [{"hosts": ["hub.example.org"], "secretName": "own-tls"}]
    found, rest = ingress_of({"hosts": ["hub.example.org"], "tls": tls})
    assert (found.tls_secret, rest) == ("own-tls", None)


ROUTE = {"enabled": True, "gateway": {"name": "public", "namespace": "gateways"}}


def test_route_without_an_ingress_is_a_gateway() -> None:
    route = {**ROUTE, "hostnames": ["hub.example.org"]}
    cluster, _, proposal = imported({"ingress": {"enabled": False}, "httpRoute": route})
    assert cluster.ingress is None
    assert cluster.gateway is not None
    assert (cluster.gateway.name, cluster.gateway.namespace) == ("public", "gateways")
    assert raw_paths(proposal) == set()


def test_gateway_without_a_name_is_asked_for() -> None:
    route = {"enabled": True, "hostnames": ["hub.example.org"]}
    _, _, proposal = imported({"ingress": {"enabled": False}, "httpRoute": route})
    assert "no value names the Gateway" in asked(proposal)


@pytest.mark.parametrize("base", ["/jupyter", "/jupyter/", "/a/b"])
def test_path_comes_back(base: str) -> None:
    _, environment, proposal = imported({"hub": {"baseUrl": base}})
    assert environment.path == base.rstrip("/")
    assert raw_paths(proposal) == set()


def test_postgres_comes_back_and_its_password_is_sealed() -> None:
    url = "postgresql://coast@pg.example.org/hub"
    _, environment, proposal = imported(
        {"hub": {"db": {"type": "postgres", "url": url, "password": "tides-and-currents"}}}
    )
    assert environment.settings.at("jupyterhub.database.postgres") == {
        "host": "pg.example.org",
        "database": "hub",
        "user": "coast",
    }
    assert [one.key for one in proposal.secrets] == ["hub.db.password"]
    assert "tides-and-currents" not in proposal.text


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        (
            {"type": "static", "static": {"pvcName": "home-nfs", "subPath": "homes/{username}"}},
            {"shared": {"claim": "home-nfs", "path": "homes/{username}"}},
        ),
        ({"type": "none"}, {"none": True}),
        ({"type": "dynamic", "static": {"pvcName": "old"}, "capacity": "5Gi"}, {"capacity": "5Gi"}),
    ],
    ids=["shared", "none", "each their own"],
)
def test_homes_come_back(storage: Json, expected: Json) -> None:
    _, environment, _ = imported({"singleuser": {"storage": storage}})
    assert environment.settings.at("jupyterhub.home") == expected


def test_variables_of_the_hub_come_back_but_not_what_looks_secret() -> None:
    variables = {"TZ": "Europe/Lisbon", "MAIL_PASSWORD": "tides-and-currents"}
    _, environment, proposal = imported({"hub": {"extraEnv": variables}})
    assert environment.settings.at("jupyterhub.hub.environment") == {"TZ": "Europe/Lisbon"}
    assert "tides-and-currents" not in proposal.text
