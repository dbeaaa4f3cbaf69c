"""What a person is told to do after a generation: before the merge, and after it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import copies
from tests.support.copies import (
    KEYS,
    ciphertext,
    generate,
    one_hub,
    protocoast,
    put,
    todos,
    with_staging,
)

Change = Callable[[copies.Site], Any]


def test_nothing_is_left_to_do(settled: Path) -> None:
    run = generate(settled)
    assert run == copies.Run(code=0, out="0 created, 0 updated, 0 deleted, 16 unchanged\n")


def test_a_new_site(tmp_path: Path) -> None:
    before, after = todos(tmp_path, one_hub())
    sealed = "overlays/production/namespace/sealed-hub-secrets.yaml"
    assert before == {
        "cluster fedcloud: add its public sealing certificate": [
            "with kubectl's context on fedcloud:",
            "  mkdir -p certificates",
            "  kubeseal --fetch-cert > certificates/fedcloud.pem",
            "(a controller that Helm installed: add --controller-name and --controller-namespace)",
            "then see what it holds:  hubops certificate fedcloud",
        ],
        "production: register this redirect URI with EGI Check-In": [
            "  https://protocoast.vm.fedcloud.eu/hub/oauth_callback",
            "and let DNS lead its host to the cluster's ingress",
        ],
        f"production: seal 4 values in {sealed}": [
            "  oauth.client_id                      from EGI Check-In",
            "  oauth.client_secret                  from EGI Check-In",
            "  hub.config.JupyterHub.cookie_secret  hubops makes one",
            "  hub.config.CryptKeeper.keys          hubops makes one",
            "each is asked for, or made; the hub restarts with the new values:",
            "  hubops seal production",
        ],
    }
    authorize = "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/auth"
    redirect = "https%3A%2F%2Fprotocoast.vm.fedcloud.eu%2Fhub%2Foauth_callback"
    solver = "{.spec.acme.solvers[*].http01.ingress.serviceType}"
    checks = {
        "Argo CD 3.1": "kubectl get pods -n argocd -l app.kubernetes.io/part-of=argocd",
        "sealed-secrets": "kubectl get deployments -A | grep sealed-secrets",
        "ingress controller": "kubectl get pods -A | grep -e ingress -e nginx",
        "ingress class": "kubectl get ingressclass nginx",
        "cert-manager": "kubectl get deployments -A | grep cert-manager",
        "certificate issuer": "kubectl get clusterissuer letsencrypt-prod",
        "solver: ClusterIP": f"kubectl get clusterissuer letsencrypt-prod -o jsonpath='{solver}'",
        "storage class": "kubectl get storageclass csi-cinder-sc-delete",
        "DNS of production": "getent hosts protocoast.vm.fedcloud.eu",
        "redirect URI of production": f"curl -sfLo /dev/null '{authorize}?client_id=CLIENT_ID&"
        f"redirect_uri={redirect}&response_type=code&scope=openid' && echo registered",
    }
    assert after == {
        "cluster fedcloud: bootstrap it, if that is not done yet": [
            "with kubectl's context on fedcloud, see that these are there:",
            *(f"  {what:<26}  {command}" for what, command in checks.items()),
            "when all that is there, with kubectl's context on fedcloud:",
            "  kubectl patch configmap argocd-cm -n argocd --type merge "
            "--patch-file clusters/fedcloud/bootstrap/argocd-cm.patch.yaml",
            "  kubectl apply -k clusters/fedcloud/bootstrap",
        ]
    }


def test_it_comes_again_until_something_is_sealed(tmp_path: Path) -> None:
    first = todos(tmp_path, one_hub())
    assert todos(tmp_path, one_hub()) == first
    put(tmp_path, "production", KEYS[0], ciphertext(1))
    before, after = todos(tmp_path, one_hub())
    assert [line.partition(":")[2] for line in before] == [
        " add its public sealing certificate",
        " seal 3 values in overlays/production/namespace/sealed-hub-secrets.yaml",
    ]
    assert after == {}


# --- certificates and sealing


def test_a_certificate_that_site_yaml_does_not_name_yet(settled: Path) -> None:
    site = one_hub()
    del site["clusters"]["fedcloud"]["sealingCertificate"]
    before, _ = todos(settled, site)
    lines = before["cluster fedcloud: add its public sealing certificate"]
    assert lines[-1] == (
        "and write  sealingCertificate: certificates/fedcloud.pem  under the cluster in site.yaml"
    )


def test_an_empty_certificate_is_missing(settled: Path) -> None:
    (settled / "certificates/fedcloud.pem").write_text("")
    before, _ = todos(settled, one_hub())
    assert list(before) == ["cluster fedcloud: add its public sealing certificate"]


def test_a_path_with_a_space_can_be_pasted(tmp_path: Path) -> None:
    site = one_hub()
    site["clusters"]["fedcloud"]["sealingCertificate"] = "our certificates/fed.pem"
    copies.write_site(tmp_path, site)
    out = generate(tmp_path).out
    assert "  mkdir -p 'our certificates'\n" in out
    assert "  kubeseal --fetch-cert > 'our certificates/fed.pem'\n" in out


def test_a_value_that_is_not_sealed_is_called_out(settled: Path) -> None:
    put(settled, "production", KEYS[1], "hunter2")
    before, _ = todos(settled, one_hub())
    path = "overlays/production/namespace/sealed-hub-secrets.yaml"
    assert before == {
        f"production: 1 value in {path} can't be unsealed": [
            f"  {KEYS[1]}",
            "seal again; a password that was committed in plain text must be changed:",
            "  hubops seal production --reseal",
        ]
    }


# --- the login provider


@pytest.mark.parametrize(
    ("change", "redirects"),
    [
        pytest.param(lambda site: site, [], id="nothing"),
        pytest.param(
            lambda site: site["environments"]["production"].update(host="vm.fedcloud.eu"),
            ["production"],
            id="a host that is the old one's end",
        ),
        pytest.param(with_staging, ["staging"], id="a new environment"),
        pytest.param(
            lambda site: with_staging(
                site, testing=True, jupyterhub={"authentication": {"provider": "dummy"}}
            ),
            [],
            id="a new one that needs no login provider",
        ),
    ],
)
def test_redirect_uris_that_are_new(settled: Path, change: Change, redirects: list[str]) -> None:
    site = one_hub()
    change(site)
    before, _ = todos(settled, site)
    found = [name.partition(":")[0] for name in before if "register this redirect URI" in name]
    assert found == redirects


def test_github(tmp_path: Path) -> None:
    site = one_hub()
    site["jupyterhub"]["authentication"] = {"provider": "github", "organizations": ["coast"]}
    before, after = todos(tmp_path, site)
    assert "production: register this redirect URI with github" in before
    (lines,) = after.values()
    assert (
        "  redirect URI of production  see the OAuth app's page: https://github.com/settings/"
        "developers" in lines
    )


def test_no_issuer_is_asked_for_where_none_is_used(tmp_path: Path) -> None:
    site = one_hub()
    del site["clusters"]["fedcloud"]["ingress"]["clusterIssuer"]
    copies.write_site(tmp_path, site)
    assert "issuer" not in generate(tmp_path).out


# --- extra


def test_an_extra_folder_that_nothing_includes(settled: Path) -> None:
    extra = settled / "overlays/production/namespace/extra"
    extra.mkdir()
    (extra / "role.yaml").write_text("kind: Role\n")
    before, _ = todos(settled, one_hub())
    name = "production: nothing in overlays/production/namespace/extra is deployed until there is a"
    assert list(before) == [name]
    (extra / "kustomization.yaml").write_text("resources: [role.yaml]\n")
    assert todos(settled, one_hub()) == ({}, {})


def test_an_extra_folder_that_is_a_link(settled: Path) -> None:
    (settled / "shared").mkdir()
    (settled / "shared/kustomization.yaml").write_text("resources: []\n")
    (settled / "overlays/production/namespace/extra").symlink_to("../../../shared")
    before, _ = todos(settled, one_hub())
    assert list(before) == [
        "production: overlays/production/namespace/extra is a link and left out: put a folder there"
    ]


# --- clusters


def test_a_new_cluster_of_a_known_site(settled: Path) -> None:
    site = with_staging(one_hub(), cluster="fedcloud-staging")
    site["clusters"]["fedcloud-staging"] = protocoast()["clusters"]["fedcloud-staging"]
    _, after = todos(settled, site)
    assert list(after) == ["cluster fedcloud-staging: bootstrap it, if that is not done yet"]


def test_a_remote_cluster_is_checked_where_its_parts_are(tmp_path: Path) -> None:
    site = one_hub()
    del site["clusters"]["fedcloud"]["server"]
    site["clusters"]["fedcloud"]["name"] = "coast"
    _, after = todos(tmp_path, site)
    (lines,) = after.values()
    pods = "kubectl get pods -n argocd -l app.kubernetes.io/part-of=argocd"
    assert lines[:4] == [
        "with kubectl's context on the cluster of fedcloud's Argo CD, see that these are there:",
        f"  Argo CD 3.1                 {pods}",
        "  fedcloud in Argo CD         argocd cluster get coast",
        "with kubectl's context on fedcloud, see that these are there:",
    ]
    assert lines[-3] == (
        "when all that is there, with kubectl's context on the cluster of fedcloud's Argo CD:"
    )


def test_a_changed_bootstrap_is_applied_again(settled: Path) -> None:
    site = one_hub()
    site["repository"]["revision"] = "live"
    _, after = todos(settled, site)
    assert after == {
        "cluster fedcloud: apply its bootstrap again, for it changed": [
            "with kubectl's context on fedcloud:",
            "  kubectl patch configmap argocd-cm -n argocd --type merge "
            "--patch-file clusters/fedcloud/bootstrap/argocd-cm.patch.yaml",
            "  kubectl apply -k clusters/fedcloud/bootstrap",
        ]
    }


def test_a_renamed_site_is_let_go_of_first(settled: Path) -> None:
    site = one_hub()
    site["site"] = "coast"
    site["argocd"]["namespace"] = "gitops"
    _, after = todos(settled, site)
    assert list(after) == [
        "Argo CD knows this site as protocoast in namespace argocd: let go of that first",
        "cluster fedcloud: apply its bootstrap again, for it changed",
    ]
    assert next(iter(after.values())) == [
        "before you apply the bootstrap again, where Argo CD runs (the pods keep running):",
        "  kubectl delete application -n argocd -l app.kubernetes.io/part-of=protocoast",
        "  kubectl delete appproject -n argocd -l app.kubernetes.io/part-of=protocoast",
    ]


@pytest.mark.parametrize("count", [10, 11])
def test_what_many_environments_have_to_do_is_said_once(tmp_path: Path, count: int) -> None:
    site = one_hub()
    for number in range(count - 1):
        place = {"namespace": f"hub-{number}", "host": f"hub-{number}.example.org"}
        site["environments"][f"env-{number}"] = {"cluster": "fedcloud"} | place
    before, _ = todos(tmp_path, site)
    names = list(site["environments"])
    urls = [f"  https://{one['host']}/hub/oauth_callback" for one in site["environments"].values()]
    register, seal = "register {} redirect URI{} with EGI Check-In", "  hubops seal {}"
    if count == 10:
        for name, url in zip(names, urls, strict=True):
            assert before[f"{name}: {register.format('this', '')}"][0] == url
        assert len(before) == 1 + 2 * count
        return
    last = "and let DNS lead each host to its cluster's ingress"
    assert before[f"11 environments: {register.format('these', 's')}"] == [*urls, last]
    lines = before["11 environments: seal 4 values in each sealed-hub-secrets.yaml"]
    assert lines[-12] == "each is asked for, or made; the hub restarts with the new values:"
    assert lines[-11:] == [seal.format(name) for name in names]
    assert len(before) == 3
