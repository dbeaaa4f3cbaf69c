"""What stays in the clusters when something goes, and how a person ends it."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.build.repository import Inputs, build
from generator.change import cleanup
from tests.support import copies
from tests.support.copies import KEYS, generate, made, one_hub, protocoast, todos, with_staging
from tests.support.sites import site_of


@pytest.fixture
def two(settled: Path) -> Path:
    """ProtoCoast, settled."""
    made(settled, protocoast())
    for number, name in enumerate(("production", "staging")):
        copies.put_all(settled, name, 50 * number)
    (settled / "certificates/fedcloud-staging.pem").write_text("x")
    made(settled, settled_site())
    return settled


def settled_site() -> copies.Site:
    site = protocoast()
    certificate = "certificates/fedcloud-staging.pem"
    site["clusters"]["fedcloud-staging"]["sealingCertificate"] = certificate
    return site


CHILDREN = (
    "protocoast-namespace-staging protocoast-jupyterhub-staging protocoast-dask-gateway-staging"
)
ROLES = "api-dask-gateway controller-dask-gateway traefik-dask-gateway"
BEHIND = "a new, empty hub; homes and hub database stay behind"
CAREFUL = "check the context first: production in fedcloud has a namespace of the same name"
DASK = [
    "in fedcloud-staging, delete what Dask Gateway has outside the namespace:",
    f"  kubectl delete --ignore-not-found clusterrole,clusterrolebinding {ROLES}",
    "in fedcloud-staging, delete Dask Gateway's CRD; Traefik's CRDs stay, for others may use them:",
    "  kubectl delete crd daskclusters.gateway.dask.org",
]
VOLUMES = [
    "delete its namespace in fedcloud-staging when no one needs its homes and hub database; this "
    "destroys them:",
    "  kubectl delete namespace daskhub",
]
CONFIRMED = [
    "delete its Applications where the Argo CD of fedcloud-staging runs, when "
    "protocoast-cluster-fedcloud-staging waits for it (the pods keep running):",
    "  argocd app confirm-deletion protocoast-cluster-fedcloud-staging",
]
BY_HAND = (
    "delete its Applications where the Argo CD of fedcloud-staging runs (the pods keep running):"
)
ADDRESS = "remove its DNS name, and its redirect URI at the login provider"
STAY = "stays, with homes and hub database, until you delete it"
REMOVED = f"staging: removed; what runs in fedcloud-staging {STAY}"


def without_staging(**changes: Any) -> copies.Site:
    site = settled_site() | changes
    del site["environments"]["staging"]
    return site


def test_a_removed_environment(two: Path) -> None:
    _, after = todos(two, without_staging(), discard_sealed=True)
    delete = f"  kubectl delete application -n argocd {CHILDREN}"
    assert after == {REMOVED: [CAREFUL, *CONFIRMED, delete, *VOLUMES, *DASK, ADDRESS]}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"argocd": {"version": "2.13", "namespace": "argocd"}}, id="Argo CD 2.13"),
        pytest.param({"sync": {"prune": False}}, id="no pruning"),
        pytest.param({"sync": {"automated": False}}, id="by hand"),
    ],
)
def test_a_root_that_never_prunes_is_deleted_by_hand(two: Path, changes: dict[str, Any]) -> None:
    _, after = todos(two, without_staging(**changes), discard_sealed=True)
    lines = after[REMOVED]
    delete = f"  kubectl delete application -n argocd protocoast-staging {CHILDREN}"
    assert lines == [CAREFUL, BY_HAND, delete, *VOLUMES, *DASK, ADDRESS]


def test_a_removed_environment_with_its_cluster(two: Path) -> None:
    site = without_staging()
    del site["clusters"]["fedcloud-staging"]
    _, after = todos(two, site, discard_sealed=True)
    delete = f"  kubectl delete application -n argocd protocoast-staging {CHILDREN}"
    renamed = "if fedcloud is fedcloud-staging by a new name, delete none of this"
    assert after == {
        REMOVED: [CAREFUL, renamed, BY_HAND, delete, *VOLUMES, *DASK, ADDRESS],
        "cluster fedcloud-staging: removed; its root and projects stay until you delete them": [
            "delete its root and projects where the Argo CD of fedcloud-staging runs, after its "
            "environments:",
            "  kubectl delete application -n argocd protocoast-cluster-fedcloud-staging",
            "  kubectl delete appproject -n argocd protocoast-fedcloud-staging "
            "protocoast-fedcloud-staging-namespaces protocoast-fedcloud-staging-bootstrap",
        ],
    }


def test_a_renamed_environment_keeps_its_namespace(settled: Path) -> None:
    site = one_hub()
    site["environments"]["live"] = site["environments"].pop("production")
    _, after = todos(settled, site, discard_sealed=True)
    lines = after["production: removed; live takes over its homes, hub database and servers"]
    at = lines.index("the namespace daskhub stays: live takes it over")
    assert lines[at + 1 : at + 6] == [
        "remove the old Applications' mark from the objects, which the new ones refuse else "
        "(Shared resource found); ignore NotFound:",
        "  hubops render --output rendered/",
        "  kubectl annotate -n daskhub -f rendered/live/ argocd.argoproj.io/tracking-id-",
        "sync the first Application again, which may have given up meanwhile:",
        "  argocd app sync protocoast-namespace-live",
    ]
    assert not any("delete namespace" in line for line in lines)


def test_a_moved_environment(two: Path) -> None:
    site = settled_site()
    site["clusters"]["third"] = dict(
        site["clusters"]["fedcloud"], sealingCertificate="certificates/x.pem"
    )
    site["environments"]["staging"]["cluster"] = "third"
    before, after = todos(two, site)
    path = "overlays/staging/namespace/sealed-hub-secrets.yaml"
    headline = f"staging: seal 5 values again for third; only fedcloud-staging can decrypt {path}"
    assert [line.split()[0] for line in before[headline][:5]] == list(KEYS)
    assert before[headline][-2] == "  hubops seal staging --reseal"
    moved = f"staging: moved, cluster fedcloud-staging -> third: {BEHIND}"
    careful = [
        CAREFUL,
        "check the context first: staging in third has a namespace of the same name",
    ]
    assert after[moved] == [*careful, *CONFIRMED, *VOLUMES, *DASK]
    assert list(after)[1:] == ["cluster third: bootstrap it, if you have not done so yet"]


def other_names(site: copies.Site, **names: str) -> copies.Site:
    """The staging cluster under another entry, address or name in Argo CD."""
    cluster = dict(site["clusters"].pop("fedcloud-staging"))
    entry = names.pop("entry", "fedcloud-staging")
    for key in names and ("server", "name"):
        cluster.pop(key, None)
    site["clusters"][entry] = {**cluster, **names}
    site["environments"]["staging"]["cluster"] = entry
    return site


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"name": "west"}, {"name": "west", "entry": "other"}),
        ({"server": "https://west.example.org"}, {"name": "west"}),
        ({"name": "west"}, {"server": "https://west.example.org", "entry": "other"}),
        ({"server": "https://a.example.org"}, {"server": "https://b.example.org"}),
        ({"server": "https://kubernetes.default.svc"}, {"name": "in-cluster"}),
    ],
)
def test_a_cluster_by_another_name_is_never_deleted(
    settled: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    made(settled, other_names(protocoast(), **before))
    _, due = todos(settled, other_names(protocoast(), **after), discard_sealed=True)
    assert not [headline for headline in due if headline.startswith("staging: moved")]
    assert "delete namespace" not in str(due)


def test_another_namespace(two: Path) -> None:
    site = settled_site()
    site["environments"]["staging"]["namespace"] = "other"
    _, after = todos(two, site, discard_sealed=True)
    headline = f"staging: moved, namespace daskhub -> other: {BEHIND}"
    assert after[headline] == VOLUMES


def test_a_hub_without_its_dask_gateway(two: Path) -> None:
    site = settled_site()
    site["environments"]["staging"]["daskGateway"] = None
    _, after = todos(two, site, discard_sealed=True)
    assert after == {
        "staging: Dask Gateway removed; it runs on, without updates, until you delete it": [
            "delete its Application where the Argo CD of fedcloud-staging runs; this ends running "
            "Dask clusters:",
            "  argocd app delete protocoast-dask-gateway-staging --cascade",
            *DASK,
        ]
    }


def test_what_another_dask_gateway_of_the_cluster_uses_stays(settled: Path) -> None:
    second = {"releaseName": "dask-gateway-staging", "installCRDs": False}
    site = with_staging(protocoast(), daskGateway=second)
    made(settled, site)
    del site["environments"]["staging"]
    _, after = todos(settled, site)
    lines = after[f"staging: removed; what runs in fedcloud {STAY}"]
    roles = " ".join(f"{part}-dask-gateway-staging" for part in ("api", "controller", "traefik"))
    assert f"  kubectl delete --ignore-not-found clusterrole,clusterrolebinding {roles}" in lines
    assert not any("crd" in line for line in lines)


def test_the_names_are_those_it_had(two: Path) -> None:
    site = without_staging(site="coast")
    site["argocd"]["namespace"] = "gitops"
    _, after = todos(two, site, discard_sealed=True)
    assert "  argocd app confirm-deletion protocoast-cluster-fedcloud-staging" in after[REMOVED]
    assert f"  kubectl delete application -n argocd {CHILDREN}" in after[REMOVED]


def test_a_half_removed_environment_is_still_spoken_of(two: Path) -> None:
    for path in ("kustomization.yaml", "namespace/namespace.yaml"):
        (two / "overlays/staging" / path).unlink()
    _, after = todos(two, without_staging(), discard_sealed=True)
    assert f"  kubectl delete application -n argocd {CHILDREN}" in after[REMOVED]
    assert "  kubectl delete namespace NAMESPACE" in after[REMOVED]


def test_every_line_is_short_but_the_commands(two: Path) -> None:
    site = without_staging()
    del site["clusters"]["fedcloud-staging"]
    copies.write_site(two, site)
    out = generate(two, discard_sealed=True).out + generate(two).out
    (two / "site.yaml").unlink()
    prose = [line for line in out.splitlines() if not line.startswith("      ")]
    assert max(map(len, prose)) <= 120


CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "another cluster": {
        "cluster": "fedcloud",
        "namespace": "staging-hub",
        "daskGateway": {"releaseName": "staging-gateway", "installCRDs": False},
    },
    "another namespace": {"namespace": "elsewhere"},
    "another name": {"name": "test"},
    "no Dask": {"daskGateway": None},
    "another host": {"host": "elsewhere.example.org"},
}


@pytest.mark.parametrize("after", CHANGES)
@pytest.mark.parametrize("before", CHANGES)
def test_what_stands_in_both_trees_is_passed_over_and_nothing_else(before: str, after: str) -> None:
    """The short way says what looking at every environment says."""
    sites = [site_of(json.dumps(changed(CHANGES[name]))) for name in (before, after)]
    old, new = (dict(build(site, Inputs())) for site in sites)
    every = cleanup.placements(sites[1], old, {})
    some = cleanup.placements(sites[1], old, new)
    assert len(every) == 2
    assert (len(some) == 0) is (before == after)
    assert tuple(cleanup.departures(sites[1], some)) == tuple(cleanup.departures(sites[1], every))


def changed(change: dict[str, Any]) -> copies.Site:
    site = protocoast()
    staging = site["environments"].pop("staging") | change
    site["environments"][staging.pop("name", "staging")] = staging
    return site


def test_an_app_leaves_both_its_applications_and_what_they_deployed() -> None:
    chart = {"name": "tide", "repository": "https://c.example.org", "version": "1.2.0"}
    app = {"scope": "cluster", "chart": chart, "namespace": "tide"}
    old, new = (
        build(site_of(json.dumps(one_hub() | apps)), Inputs())
        for apps in ({"apps": {"t": app}}, {})
    )
    [(headline, listed)] = cleanup.items(site_of(json.dumps(one_hub())), old, new)
    assert headline == (
        "t of cluster fedcloud: removed; it runs on, without updates, until you delete it"
    )
    assert [line for line in listed if line.startswith("  ")] == [
        "  argocd app manifests protocoast-t-fedcloud --source live > protocoast-t-fedcloud.yaml",
        "  argocd app delete protocoast-t-fedcloud protocoast-t-namespace-fedcloud --cascade=false",
        "  kubectl delete -f protocoast-t-fedcloud.yaml",
        "  kubectl delete namespace tide",
    ]
