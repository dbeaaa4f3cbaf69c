"""ClusterIssuers of a cluster: what they hold, when they are synced, and what may write them."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from generator.build.repository import Inputs, build
from generator.change import cleanup
from generator.change.architecture import platform
from generator.change.prerequisites import prerequisites
from generator.merge import merge
from tests.build.test_apps import CERT_MANAGER, wave
from tests.support import copies
from tests.support.sites import site_of

ROOT = "clusters/fedcloud"
PROD = {"letsencrypt-prod": {"email": "ops@example.org"}}
LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"


def text(cluster: Mapping[str, Any], **more: Any) -> str:
    """A site with one cluster that writes this."""
    raw = merge(copies.one_hub(), {"clusters": {"fedcloud": cluster}, **more})
    return yaml.safe_dump(raw)


def tree(cluster: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The documents of that site, by path."""
    files = build(site_of(text(cluster, **more)), Inputs())
    return {path: yaml.safe_load(content) for path, content in files.items()}


def acme(found: Mapping[str, Any], name: str = "letsencrypt-prod") -> Any:
    return found[f"{ROOT}/issuers/issuer-{name}.yaml"]["spec"]["acme"]


def test_issuer_has_its_account_and_a_solver_that_needs_no_node_port() -> None:
    assert acme(tree({"issuers": PROD})) == {
        "server": LETS_ENCRYPT,
        "email": "ops@example.org",
        "privateKeySecretRef": {"name": "letsencrypt-prod"},
        "solvers": [
            {"http01": {"ingress": {"serviceType": "ClusterIP", "ingressClassName": "nginx"}}}
        ],
    }


def test_issuer_without_a_key_is_lets_encrypts_without_an_address() -> None:
    assert acme(tree({"issuers": {"letsencrypt-prod": {}}})).keys() == {
        "server",
        "privateKeySecretRef",
        "solvers",
    }


SERVED = {
    "class as annotation": (
        {"ingress": {"className": "nginx", "annotation": True}},
        {"ingress": {"serviceType": "ClusterIP", "class": "nginx"}},
    ),
    "a Gateway, not its listener": (
        {"ingress": None, "gateway": {"name": "public", "namespace": "gw", "section": "https"}},
        {
            "gatewayHTTPRoute": {
                "serviceType": "ClusterIP",
                "parentRefs": [
                    {
                        "group": "gateway.networking.k8s.io",
                        "kind": "Gateway",
                        "name": "public",
                        "namespace": "gw",
                    }
                ],
            }
        },
    ),
    "a Gateway in each environment": (
        {"ingress": None, "gateway": {"name": "public"}},
        {
            "gatewayHTTPRoute": {
                "serviceType": "ClusterIP",
                "parentRefs": [
                    {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public"}
                ],
            }
        },
    ),
}


@pytest.mark.parametrize(("serves", "solver"), SERVED.values(), ids=SERVED)
def test_challenge_goes_through_what_serves_the_cluster(
    serves: Mapping[str, Any], solver: Mapping[str, Any]
) -> None:
    found = tree(
        {"issuers": PROD, **serves},
        **({"charts": {"jupyterhub": {"version": "4.4.0"}}} if "gateway" in serves else {}),
    )
    assert acme(found)["solvers"] == [{"http01": solver}]


def test_solvers_of_the_site_come_in_place_of_http01() -> None:
    dns = [{"dns01": {"route53": {"region": "eu-west-1"}}}]
    assert acme(tree({"issuers": {"letsencrypt-prod": {"solvers": dns}}}))["solvers"] == dns


@pytest.mark.parametrize("of_cert_manager", [-40, -20, -1])
def test_issuers_come_after_the_app_that_defines_them_and_never_after_the_hubs(
    of_cert_manager: int,
) -> None:
    found = tree({"issuers": PROD}, apps={"cm": {**CERT_MANAGER, "wave": of_cert_manager}})
    files = ("project-platform", "namespace-cm", "app-cm", "issuers", "environment-production")
    waves = [wave(found[f"{ROOT}/{name}.yaml"]) for name in files]
    assert waves == sorted(waves)
    assert waves[2] < waves[3]


def test_issuers_come_before_the_environments_where_cert_manager_is_there_already() -> None:
    found = tree({"issuers": PROD, "provided": ["cert-manager"]})
    assert -100 < wave(found[f"{ROOT}/issuers.yaml"]) < 0


@pytest.mark.parametrize("argocd", ["3.1", "3.3"])
def test_project_of_issuers_alone_allows_them_and_nothing_else(argocd: str) -> None:
    found = tree({"issuers": PROD, "argocd": {"version": argocd}})
    project = found[f"{ROOT}/project-platform.yaml"]["spec"]
    one = {"group": "cert-manager.io", "kind": "ClusterIssuer"}
    named = {"name": "letsencrypt-prod"} if argocd == "3.3" else {}
    assert project["clusterResourceWhitelist"] == [one | named]
    assert project["destinations"] == [{"server": "https://kubernetes.default.svc"}]
    assert project["sourceRepos"] == ["https://github.com/protocoast/protocoast-gitops.git"]
    root = found[f"{ROOT}/issuers.yaml"]["spec"]
    assert root["destination"] == project["destinations"][0]
    assert root["project"] == "protocoast-fedcloud-platform"


def test_new_content_gives_the_application_a_new_spec() -> None:
    one, other = (
        tree({"issuers": {"letsencrypt-prod": {"email": mail}}})[f"{ROOT}/issuers.yaml"]["spec"]
        for mail in ("ops@example.org", "others@example.org")
    )
    assert one["source"]["kustomize"] != other["source"]["kustomize"]


@pytest.mark.parametrize("cluster", [{}, {"provided": ["cert-manager"]}, {"issuers": {}}])
def test_cluster_without_issuers_has_the_tree_of_before(cluster: Mapping[str, Any]) -> None:
    assert tree(cluster) == tree({})


def test_administrator_does_not_look_for_an_issuer_that_argocd_brings() -> None:
    ingress = {"className": "nginx", "clusterIssuer": "letsencrypt-prod"}

    def asked(issuers: Mapping[str, Any]) -> set[str]:
        site = site_of(text({"issuers": issuers, "ingress": ingress}))
        lines = prerequisites(site, site.clusters["fedcloud"])
        return {line.strip().partition("  ")[0] for line in lines}

    assert asked({"other": {}}) - asked(PROD) == {"certificate issuer", "solver: ClusterIP"}


def test_administrator_looks_for_what_is_provided_though_an_app_brings_one_too() -> None:
    traefik = merge(CERT_MANAGER, {"chart": {"name": "traefik"}})

    def asked(provided: list[str]) -> set[str]:
        site = site_of(text({"provided": provided}, apps={"traefik": traefik}))
        lines = prerequisites(site, site.clusters["fedcloud"])
        return {line.strip().partition("  ")[0] for line in lines}

    assert asked(["ingress-controller"]) - asked([]) == {"ingress controller", "ingress class"}


def test_picture_shows_the_issuers_among_the_apps_of_the_cluster() -> None:
    site = site_of(text({"issuers": PROD}, apps={"cert-manager": {**CERT_MANAGER, "wave": -30}}))
    shown = [(node.app, node.wave) for node in platform(site, site.clusters["fedcloud"])]
    assert shown == [("cert-manager", -30), ("issuers", -29)]


def test_removing_the_issuers_says_what_stays_and_how_to_delete_it() -> None:
    old = dict(build(site_of(text({"issuers": PROD})), Inputs()))
    site = site_of(text({}))
    found = list(cleanup.items(site, old, dict(build(site, Inputs()))))
    assert [head for head, _ in found] == [
        "issuers of cluster fedcloud: removed; it runs on, without updates, until you delete it"
    ]
    assert "argocd app delete protocoast-issuers-fedcloud --cascade" in "\n".join(found[0][1])
