"""Fields are written from the Argo CD on that knows them: an older one drops them in silence."""

import pytest

from generator.lint.rules.clusters import argocd_cannot_ask
from tests.support import releases
from tests.support.sites import protocoast_with

CONFIRM, KEEP = "Prune=confirm,Delete=confirm", "Prune=false,Delete=false"
HEALTH = "resource.customizations.health.argoproj.io_Application"
SEALED = "resource.customizations.health.bitnami.com_SealedSecret"
CHECKS = {HEALTH, SEALED}
PATHS = "argocd.argoproj.io/manifest-generate-paths"
TRACKING = "application.resourceTrackingMethod"
RETRY = {"limit": 5, "backoff": {"duration": "30s", "factor": 2, "maxDuration": "10m"}}
GATES = {
    "2.8": (KEEP, CHECKS | {TRACKING}, RETRY, [None]),
    "2.13": (KEEP, CHECKS | {TRACKING}, RETRY, [None]),
    "2.14": (CONFIRM, CHECKS | {TRACKING}, RETRY, [None]),
    "3.0": (CONFIRM, CHECKS, RETRY, [None]),
    "3.1": (CONFIRM, CHECKS, RETRY, [None]),
    "3.2": (CONFIRM, CHECKS, RETRY | {"refresh": True}, [None]),
    "3.3": (CONFIRM, CHECKS, RETRY | {"refresh": True}, ["daskhub"]),
    "3.5": (CONFIRM, CHECKS, RETRY | {"refresh": True}, ["daskhub"]),
}


@pytest.mark.parametrize("where", ["the site's Argo CD", "the cluster's Argo CD"])
@pytest.mark.parametrize("version", GATES)
def test_fields_are_written_from_the_argocd_on_that_knows_them(version: str, where: str) -> None:
    pinned = {"argocd": {"version": version}}
    overrides = pinned if where == "the site's Argo CD" else {"clusters": {"fedcloud": pinned}}
    site = protocoast_with(overrides)
    held = releases.objects(site)
    folders = ("overlays/production", "clusters/fedcloud", "clusters/fedcloud/bootstrap")
    found = [resource for folder in folders for resource in held[folder]]
    applications = [resource for resource in found if resource["kind"] == "Application"]
    guards = {
        resource["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        for resource in applications
    }
    retries = [resource["spec"]["syncPolicy"]["retry"] for resource in applications]
    patch = releases.read(
        releases.tree_of(site)["clusters/fedcloud/bootstrap/argocd-cm.patch.yaml"]
    )
    workloads, of_namespaces = (
        resource for resource in held["clusters/fedcloud"] if resource["kind"] == "AppProject"
    )
    kinds = [
        [kind["kind"] for kind in project["spec"]["clusterResourceWhitelist"]]
        for project in (workloads, of_namespaces)
    ]
    namespaces = [kind.get("name") for kind in of_namespaces["spec"]["clusterResourceWhitelist"]]
    guard, settings, retry, names = GATES[version]
    assert len(applications) == 5
    assert guards == {guard}
    assert retries == [retry] * len(applications)
    assert set(patch["data"]) == settings
    assert patch["data"].get(TRACKING, "annotation") == "annotation"
    assert kinds == [
        ["CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"],
        ["Namespace"],
    ]
    assert namespaces == names


@pytest.mark.parametrize("where", ["the site's Argo CD", "the cluster's Argo CD"])
@pytest.mark.parametrize("version", GATES)
def test_an_argocd_that_would_never_sync_a_fix_is_not_told_paths(version: str, where: str) -> None:
    """Not even in an overlay of a cluster whose Argo CD is older than the shared one."""
    pinned = {"argocd": {"version": version}}
    overrides = pinned if where == "the site's Argo CD" else {"clusters": {"fedcloud": pinned}}
    held = releases.objects(protocoast_with({"argocd": {"version": "3.5"}} | overrides))
    folders = ("overlays/production", "clusters/fedcloud", "clusters/fedcloud/bootstrap")
    applications = [
        one["metadata"]
        for folder in folders
        for one in held[folder]
        if one["kind"] == "Application"
    ]
    told = {one["name"] for one in applications if PATHS in one["annotations"]}
    of_git = {"cluster-fedcloud", "production", "namespace-production"}
    known = float(version) >= 3.2
    assert told == ({f"protocoast-{name}" for name in of_git} if known else set())


@pytest.mark.parametrize("version", GATES)
def test_lint_says_where_argocd_can_not_ask(version: str) -> None:
    site = protocoast_with({"argocd": {"version": version}})
    assert bool(list(argocd_cannot_ask.check(site))) == (GATES[version][0] == KEEP)


def test_a_cluster_that_repeats_the_shared_version_is_told_of_its_own_line() -> None:
    old = {"version": "2.12"}
    site = protocoast_with({"argocd": old, "clusters": {"fedcloud": {"argocd": dict(old)}}})
    assert {finding.at for finding in argocd_cannot_ask.check(site)} == {
        ("clusters", "fedcloud", "argocd", "version"),
        ("argocd", "version"),
    }
