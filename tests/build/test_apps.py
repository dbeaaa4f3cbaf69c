"""The further charts under `apps`: where each goes, in which order, and what its project allows."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from generator.build.repository import Inputs, build
from generator.merge import merge
from tests.support import copies
from tests.support.sites import site_of

CERT_MANAGER = {
    "scope": "cluster",
    "chart": {"name": "cert-manager", "repository": "https://c.example.org", "version": "v1.19.1"},
    "namespace": "cert-manager",
    "values": {"crds": {"enabled": True}, "replicaCount": 2},
    "clusterKinds": ["ClusterRole"],
}
NFS = {
    "scope": "environment",
    "chart": {"name": "nfs", "repository": "oci://r.example.org/charts", "version": "1.2.0"},
    "values": {"size": 10},
}
ROOT = "clusters/fedcloud"
WAVE = "argocd.argoproj.io/sync-wave"


def tree(further: Mapping[str, Any], **cluster: Any) -> Mapping[str, Any]:
    """The documents of a site with these apps, by path."""
    raw = merge(copies.one_hub(), {"apps": further, "clusters": {"fedcloud": cluster}})
    for name, app in cluster.get("apps", {}).items():
        raw["clusters"]["fedcloud"].setdefault("apps", {})[name] = app
    files = build(site_of(yaml.safe_dump(raw)), Inputs())
    return {path: yaml.safe_load(content) for path, content in files.items()}


def app(found: Mapping[str, Any], name: str = "cert-manager") -> Any:
    return found[f"{ROOT}/app-{name}.yaml"]


def without_mark(source: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in source.items() if key != "name"}


def wave(document: Any) -> int:
    return int(document["metadata"]["annotations"].get(WAVE, 0))


def test_project_comes_first_then_the_namespace_then_the_app_then_the_environments() -> None:
    found = tree({"cert-manager": CERT_MANAGER})
    order = ["project-platform", "namespace-cert-manager", "app-cert-manager"]
    waves = [wave(found[f"{ROOT}/{name}.yaml"]) for name in (*order, "environment-production")]
    assert waves == sorted(waves)
    assert len(set(waves)) == len(waves)
    assert [f"{name}.yaml" in found[f"{ROOT}/kustomization.yaml"]["resources"] for name in order]


def test_project_allows_what_the_apps_name_and_no_more() -> None:
    spec = tree(
        {"cert-manager": {**CERT_MANAGER, "otherNamespaces": ["kube-system"]}},
        argocd={"version": "3.3"},
    )[f"{ROOT}/project-platform.yaml"]["spec"]
    server = "https://kubernetes.default.svc"
    assert spec["sourceRepos"] == [
        "https://c.example.org",
        "https://github.com/protocoast/protocoast-gitops.git",
    ]
    assert spec["destinations"] == [
        {"server": server, "namespace": namespace} for namespace in ("cert-manager", "kube-system")
    ]
    assert spec["clusterResourceWhitelist"] == [
        {"group": "rbac.authorization.k8s.io", "kind": "ClusterRole"},
        {"group": "", "kind": "Namespace", "name": "cert-manager"},
    ]


def test_projects_of_the_workloads_do_not_change() -> None:
    before, after = tree({}), tree({"cert-manager": CERT_MANAGER, "nfs": NFS})
    for name in ("project", "project-namespaces", "bootstrap/project"):
        assert after[f"{ROOT}/{name}.yaml"] == before[f"{ROOT}/{name}.yaml"]


@pytest.mark.parametrize("namespace", ["kube-system", "default", "kube-public"])
def test_namespace_of_the_cluster_is_never_written(namespace: str) -> None:
    found = tree({"cert-manager": {**CERT_MANAGER, "namespace": namespace}})
    assert not [path for path in found if path.startswith(f"{ROOT}/cert-manager/")]
    allowed = found[f"{ROOT}/project-platform.yaml"]["spec"]["clusterResourceWhitelist"]
    assert "Namespace" not in [one["kind"] for one in allowed]


def test_namespace_of_its_own_has_its_labels_and_outlives_pruning() -> None:
    labels = {"pod-security.kubernetes.io/enforce": "privileged"}
    found = tree({"cert-manager": {**CERT_MANAGER, "namespaceLabels": labels}})
    assert found[f"{ROOT}/cert-manager/namespace.yaml"]["metadata"] == {
        "name": "cert-manager",
        "labels": {**labels, "app.kubernetes.io/part-of": "protocoast"},
        "annotations": {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
    }


def test_cluster_merges_its_part_over_the_shared_one() -> None:
    own = {"chart": {"version": "v1.18.2"}, "values": {"replicaCount": None, "a": {"b": 1}}}
    source = app(tree({"cert-manager": CERT_MANAGER}, apps={"cert-manager": own}))["spec"]["source"]
    assert source["targetRevision"] == "v1.18.2"
    assert source["helm"]["valuesObject"] == {"crds": {"enabled": True}, "a": {"b": 1}}


def test_null_leaves_the_app_out_of_a_cluster() -> None:
    found = tree({"cert-manager": CERT_MANAGER}, apps={"cert-manager": None})
    assert not [path for path in found if "cert-manager" in path or "platform" in path]


def test_app_of_each_environment_is_a_base_and_a_patch_of_it() -> None:
    found = tree({"nfs": NFS})
    base = found["apps/nfs/application.yaml"]
    assert without_mark(base["spec"]["source"]) == {
        "repoURL": "r.example.org/charts",
        "chart": "nfs",
        "targetRevision": "1.2.0",
        "helm": {"releaseName": "nfs", "valuesObject": {"size": 10}},
    }
    overlay = found["overlays/production/kustomization.yaml"]
    assert "../../apps/nfs" in overlay["resources"]
    patch = yaml.safe_load(overlay["patches"][-1]["patch"])
    assert patch["spec"] == {
        "project": "protocoast-fedcloud-platform",
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "daskhub"},
    }


def test_reason_of_an_ignored_difference_stays_in_the_site() -> None:
    entry = {"kind": "Secret", "jsonPointers": ["/data/ca"], "reason": "made at random"}
    spec = app(tree({"cert-manager": {**CERT_MANAGER, "ignoreDifferences": [entry]}}))["spec"]
    assert spec["ignoreDifferences"] == [{"kind": "Secret", "jsonPointers": ["/data/ca"]}]
    assert "RespectIgnoreDifferences=true" in spec["syncPolicy"]["syncOptions"]


def test_secret_of_an_app_restarts_no_hub() -> None:
    with_secret = {**NFS, "secrets": {"backup": {"keys": ["password"]}}}
    plain, found = tree({"nfs": NFS}), tree({"nfs": with_secret})
    assert found["overlays/production/namespace/sealed-backup.yaml"]["kind"] == "SealedSecret"

    def hub(documents: Mapping[str, Any]) -> list[str]:
        patches = documents["overlays/production/kustomization.yaml"]["patches"]
        return [one["patch"] for one in patches if "protocoast-jupyterhub" in one["patch"]]

    assert hub(found) == hub(plain)


def marked(**changed: Any) -> str:
    spec = app(tree({"cert-manager": CERT_MANAGER | changed}, argocd={"version": "3.3"}))["spec"]
    return str(spec["source"].get("name"))


IGNORED = {"kind": "Secret", "jsonPointers": ["/data/ca"], "reason": "made at random"}


@pytest.mark.parametrize(
    "changed",
    [
        {"clusterKinds": ["ClusterRole", "APIService"]},
        {"otherNamespaces": ["kube-system"]},
        {"namespace": "other"},
        {"serverSideApply": True},
        {"ignoreDifferences": [IGNORED]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_decides_beside_the_source_makes_another_source(changed: dict[str, Any]) -> None:
    # Argo CD tries no source again that failed.
    assert marked(**changed) != marked()


@pytest.mark.parametrize("changed", [{"wave": -7}, {"namespaceLabels": {"a": "b"}}])
def test_what_a_sync_does_not_depend_on_makes_none(changed: dict[str, Any]) -> None:
    assert marked(**changed) == marked()


def test_argo_cd_without_names_of_sources_gets_none() -> None:
    found = tree({"cert-manager": CERT_MANAGER}, argocd={"version": "2.13"})
    assert "name" not in app(found)["spec"]["source"]
