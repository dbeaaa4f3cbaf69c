"""What a cluster says of requests, in the annotations of its ingress controller."""

from typing import Any

import pytest

from generator.charts import ingress_controllers
from tests.support.releases import chart_values
from tests.support.sites import protocoast_with

NGINX = "nginx.ingress.kubernetes.io/"


def values(ingress: dict[str, Any]) -> dict[str, Any]:
    site = protocoast_with({"clusters": {"fedcloud": {"ingress": ingress}}})
    return chart_values(site, "production", "jupyterhub")


@pytest.mark.parametrize(
    ("quantity", "written"),
    [
        ("100Mi", "100m"),
        ("1Gi", "1024m"),
        ("512Ki", "512k"),
        ("1.5Mi", "1536k"),
        ("100M", "100000000"),
        ("0.5Ki", "512"),
    ],
)
def test_size_is_spelled_as_nginx_reads_it(quantity: str, written: str) -> None:
    assert ingress_controllers.size(quantity) == written


@pytest.mark.parametrize(
    ("ingress", "annotations"),
    [
        ({"maxUpload": "100Mi"}, {f"{NGINX}proxy-body-size": "100m"}),
        ({"maxUpload": "unlimited"}, {f"{NGINX}proxy-body-size": "0"}),
        ({"headerBuffer": "16Ki"}, {f"{NGINX}proxy-buffer-size": "16k"}),
        (
            {"controller": "f5-nginx", "maxUpload": "1Gi", "headerBuffer": "16Ki"},
            {
                "nginx.org/client-max-body-size": "1024m",
                "nginx.org/proxy-buffer-size": "16k",
                "nginx.org/proxy-buffers": "8 16k",
            },
        ),
        (
            {"className": "haproxy", "maxUpload": "unlimited"},
            {"haproxy-ingress.github.io/proxy-body-size": "unlimited"},
        ),
        ({"className": "traefik", "maxUpload": "1Gi", "headerBuffer": "16Ki"}, {}),
        ({"className": "campus", "maxUpload": "1Gi"}, {}),
        (
            {"className": "campus", "controller": "ingress-nginx", "maxUpload": "1Gi"},
            {f"{NGINX}proxy-body-size": "1024m"},
        ),
        ({"annotations": {"a.example.org/b": "c"}}, {"a.example.org/b": "c"}),
    ],
)
def test_keys_become_annotations_beside_the_issuer(
    ingress: dict[str, Any], annotations: dict[str, str]
) -> None:
    found = values({"className": "nginx", "clusterIssuer": "le", **ingress})["ingress"]
    assert found["annotations"] == {**annotations, "cert-manager.io/cluster-issuer": "le"}


@pytest.mark.parametrize(
    ("ingress", "secret"),
    [
        ({"clusterIssuer": "le"}, "hub-tls"),
        ({"clusterIssuer": "le", "tlsSecret": "own"}, "own"),
        ({"clusterIssuer": None, "tlsSecret": "own"}, "own"),
        ({"clusterIssuer": None}, None),
    ],
)
def test_certificate_is_in_the_secret_that_the_cluster_names(
    ingress: dict[str, Any], secret: str | None
) -> None:
    [tls] = values({"className": "nginx", **ingress})["ingress"]["tls"]
    assert tls.get("secretName") == secret


def test_gateway_takes_the_place_of_the_ingress() -> None:
    gateway = {"name": "public", "namespace": "gateways", "section": "https"}
    site = protocoast_with(
        {
            "clusters": {"fedcloud": {"ingress": None, "gateway": gateway}},
            "charts": {"jupyterhub": {"version": "4.4.0"}},
        }
    )
    found = chart_values(site, "production", "jupyterhub")
    assert found["ingress"] == {"enabled": False}
    assert found["httpRoute"] == {
        "enabled": True,
        "hostnames": ["protocoast.vm.fedcloud.eu"],
        "gateway": {"name": "public", "namespace": "gateways", "sectionName": "https"},
    }
