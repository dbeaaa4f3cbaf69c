"""Checks of what the recorded cluster could not show, each on a healthy dump with one change."""

import copy
from typing import Any

import pytest

from generator.doctor import checks
from generator.doctor.diagnosis import Diagnosis
from generator.merge import merge
from tests.support import live
from tests.support.live import Document

HUB = "Application/argocd/protocoast-jupyterhub-production"


def with_objects(*objects: Document) -> Document:
    """The healthy dump with more objects in the environment's namespace."""
    document = live.healthy()
    for one in objects:
        metadata = {"namespace": "daskhub", "creationTimestamp": "2026-11-29T00:00:00Z"}
        one["metadata"] = metadata | one["metadata"]
    document["clusters"]["fedcloud"]["objects"] += objects
    return document


def with_application(**status: Any) -> Document:
    return live.with_patch(live.healthy(), {"argocd": {HUB: {"status": status}}})


def codes(document: Document, **more: Any) -> list[str]:
    found = live.judged(document, **more).found
    return [one.code for one in found if one.code != "D142"]


def messages(document: Document, **more: Any) -> str:
    return "\n".join(one.message for one in live.judged(document, **more).found)


def test_a_difference_without_a_sync() -> None:
    changed = [{"kind": "Service", "name": "hub", "status": "OutOfSync"}]
    document = with_application(sync={"status": "OutOfSync"}, resources=changed)
    assert codes(document) == ["D115"]
    assert "'Service hub'" in messages(document)


def test_an_application_that_is_degraded_without_a_visible_cause() -> None:
    sick = [
        {"kind": "Service", "name": "hub", "status": "Synced", "health": {"status": "Degraded"}}
    ]
    document = with_application(health={"status": "Degraded"}, resources=sick)
    assert codes(document)[0] == "D116"
    assert "is degraded: 'Service hub'" in messages(document)


def test_a_failed_sync_names_the_refused_object() -> None:
    refused = {"kind": "PersistentVolumeClaim", "name": "hub-db-dir", "status": "SyncFailed"}
    refused["message"] = "spec is immutable after creation except resources.requests"
    operation = {"phase": "Failed", "syncResult": {"resources": [refused]}}
    document = with_application(sync={"status": "OutOfSync"}, operationState=operation)
    assert codes(document)[0] == "D109"
    assert "PersistentVolumeClaim hub-db-dir: spec is immutable" in messages(document)


CLUSTER_ROOT = "Application/argocd/protocoast-cluster-fedcloud"


def test_a_root_under_its_older_name_is_moved_and_not_applied_beside() -> None:
    document = live.healthy()
    (root,) = (one for one in document["argocd"]["objects"] if live.key(one) == CLUSTER_ROOT)
    older = merge(root, {"metadata": {"name": "protocoast-fedcloud"}})
    patch = {CLUSTER_ROOT: None, "Application/argocd/protocoast-fedcloud": older}
    (missing,) = missing_roots(live.with_patch(document, {"argocd": patch}))
    assert missing.message == (
        "the cluster's root 'protocoast-cluster-fedcloud' is not in Argo CD; it runs under its "
        "older name, 'protocoast-fedcloud'"
    )
    assert [command.split()[1] for command in missing.commands] == [
        *("patch", "delete", "annotate", "patch", "apply")
    ]
    assert (
        "delete application -n argocd protocoast-fedcloud --cascade=orphan" in (missing.commands[1])
    )


def test_a_root_that_is_nowhere_is_applied() -> None:
    (missing,) = missing_roots(live.with_patch(live.healthy(), {"argocd": {CLUSTER_ROOT: None}}))
    assert missing.message == ("the cluster's root 'protocoast-cluster-fedcloud' is not in Argo CD")
    assert missing.help.startswith("apply the bootstrap")
    assert missing.commands[-1].endswith("apply -k clusters/fedcloud/bootstrap")


def test_an_application_that_another_site_made_is_not_the_older_root() -> None:
    document = live.healthy()
    (root,) = (one for one in document["argocd"]["objects"] if live.key(one) == CLUSTER_ROOT)
    labels = {"app.kubernetes.io/part-of": "other"}
    theirs = merge(root, {"metadata": {"name": "other-fedcloud", "labels": labels}})
    patch = {CLUSTER_ROOT: None, "Application/argocd/other-fedcloud": theirs}
    (missing,) = missing_roots(live.with_patch(document, {"argocd": patch}))
    assert "older name" not in missing.message


def missing_roots(document: Document) -> list[Diagnosis]:
    return [one for one in live.judged(document).found if one.code == "D107"]


def test_a_deletion_that_waits_for_a_person() -> None:
    waits: Document = {"kind": "Application", "name": "protocoast-dask-gateway-production"}
    waits |= {"requiresPruning": True, "requiresDeletionConfirmation": True}
    document = with_application(operationState={"phase": "Running"}, resources=[waits])
    assert "D117" in codes(document)


def test_an_older_commit() -> None:
    document = live.healthy()
    live_commit = document["followed"]
    document |= {"followed": "f" * 40, "behind": {live_commit: 3}}
    assert codes(document) == ["D114"]
    assert "3 commits newer" in messages(document)


def test_a_commit_that_the_clone_lacks_is_no_warning() -> None:
    document = live.healthy()
    document |= {"behind": {document["followed"]: -1}, "followed": "f" * 40}
    found = live.judged(document)
    assert not found.has_findings
    assert "D114" in [one.code for one in found.found]


def test_a_certificate_that_the_repository_lacks() -> None:
    document = live.healthy() | {"certificates": {"fedcloud": ["ab" * 32]}}
    known = {"fedcloud": ("cd" * 32,)}
    assert codes(document, repository_certificates=known) == ["D122"]
    assert codes(document, repository_certificates={"fedcloud": ("ab" * 32,)}) == []


def test_the_certificate_is_fetched_from_the_controller_that_runs() -> None:
    document = live.healthy() | {"certificates": {"fedcloud": ["ab" * 32]}}
    known = {"fedcloud": ("cd" * 32,)}

    def command() -> str:
        every = live.judged(document, repository_certificates=known).found
        [found] = [one for one in every if one.code == "D122"]
        return found.commands[0]

    assert command() == "kubeseal --fetch-cert | hubops certificate fedcloud - --install"
    for side in document["clusters"].values():
        for one in side["objects"]:
            if one["metadata"]["name"] == "sealed-secrets-controller":
                one["metadata"] |= {"name": "seals", "namespace": "sealing"}
    assert command().startswith(
        "kubeseal --controller-name seals --controller-namespace sealing --fetch-cert | "
    )


def test_a_route_that_no_gateway_accepts() -> None:
    parent = {"conditions": [{"type": "Accepted", "status": "False", "message": "no listener"}]}
    route = {"kind": "HTTPRoute", "metadata": {"name": "hub"}, "status": {"parents": [parent]}}
    assert codes(with_objects(route)) == ["D151"]


def test_an_idle_dask_cluster() -> None:
    cluster = {"kind": "DaskCluster", "metadata": {"name": "0123"}, "status": {"phase": "Running"}}
    assert codes(with_objects(cluster)) == ["D171"]
    young = copy.deepcopy(cluster)
    young["metadata"] = {"name": "0124", "creationTimestamp": live.healthy()["taken"]}
    assert codes(with_objects(young)) == []


def test_events_of_the_last_hour_are_counted() -> None:
    taken = live.healthy()["taken"]
    event = {"kind": "Event", "type": "Warning", "reason": "Unhealthy", "count": 4}
    event |= {"message": "probe failed", "metadata": {"name": "a"}, "lastTimestamp": taken}
    event["involvedObject"] = {"kind": "Pod", "name": "proxy"}
    document = with_objects(event, {**event, "metadata": {"name": "b"}})
    assert codes(document) == ["D182"]
    assert "Unhealthy 8; Pod proxy: probe failed" in messages(document)


HOST = "https://protocoast.vm.fedcloud.eu"
LOGIN = f"{HOST}/hub/oauth_login?next="
PROVIDER = "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/auth"
RIGHT = (
    f"{PROVIDER}?client_id=a&redirect_uri=https%3A%2F%2Fprotocoast.vm.fedcloud.eu%2Fhub%2Foauth_callback"
    "&scope=openid+profile+email+entitlements"
)
LOCATIONS = {
    "as it should be": (RIGHT, ""),
    "another provider": (RIGHT.replace("aai-demo", "aai"), "it leads to aai.egi.eu"),
    "another callback": (
        RIGHT.replace("vm.fedcloud", "old"),
        "the callback is https://protocoast.",
    ),
    "without a scope": (RIGHT.replace("+email", ""), "the scopes lack 'email'"),
    "without a client": (RIGHT.replace("client_id=a&", ""), "no client id is sent"),
}


@pytest.mark.parametrize(("location", "said"), LOCATIONS.values(), ids=LOCATIONS)
def test_where_the_login_leads(location: str, said: str) -> None:
    answers = {
        f"{HOST}/hub/api": {"status": 200},
        LOGIN: {"status": 302, "location": location},
        f"{HOST}/services/dask-gateway/api/v1/clusters/": {"status": 401},
    }
    document = live.healthy() | {"answers": answers}
    assert codes(document) == (["D157"] if said else [])
    assert said in messages(document)


def test_a_hub_that_does_not_answer_explains_its_gateway() -> None:
    answers = {
        f"{HOST}/hub/api": {"status": 503},
        f"{HOST}/services/dask-gateway/api/v1/clusters/": {"status": 503},
    }
    found = live.judged(live.healthy() | {"answers": answers}).found
    (first,) = [one for one in found if one.code == "D157"]
    assert first.message.startswith("the hub's API does not answer")
    assert len(first.explains) == 1


def test_argo_cd_alone_can_be_judged() -> None:
    document = live.healthy() | {"clusters": {}}
    found = live.judged(document)
    assert not found.has_findings
    assert found.healths[0].condition.value == "unknown"
    assert "was not asked" in messages(document)


def test_what_could_not_be_asked_is_not_missed() -> None:
    document = live.healthy()
    side = document["clusters"]["fedcloud"]
    kinds = {"ingresses": "Ingress", "secrets": "Secret", "storageclasses": "StorageClass"}
    kinds |= {"ingressclasses": "IngressClass", "clusterissuers": "ClusterIssuer"}
    kinds |= {"deployments": "Deployment", "namespaces": "Namespace"}
    kinds |= {"customresourcedefinitions": "CustomResourceDefinition"}
    side["objects"] = [one for one in side["objects"] if one["kind"] not in kinds.values()]
    side["unasked"] = [{"kind": kind, "namespace": "", "reason": "no"} for kind in kinds]
    assert codes(document) == ["D100"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": {"phase": "Terminating"}}, "namespace 'daskhub' is being deleted"),
        (None, "there is no namespace 'daskhub'"),
    ],
    ids=["being-deleted", "missing"],
)
def test_a_namespace_that_goes(changed: Document | None, said: str) -> None:
    patch = {"clusters": {"fedcloud": {"Namespace//daskhub": changed}}}
    document = live.with_patch(live.healthy(), patch)
    assert codes(document) == ["D183"]
    assert said in messages(document)
    assert live.judged(document).healths[0].condition.value == "down"


def test_every_check_has_been_seen_to_find_something() -> None:
    recorded = {live.planted(path)[0]["code"] for path in live.FAULTS}
    here = {
        "D100",
        "D109",
        "D114",
        "D115",
        "D116",
        "D117",
        "D122",
        "D151",
        "D157",
        "D171",
        "D182",
        "D183",
    }
    assert set(checks.PAGES) - recorded - here == {"D136"}  # tests/doctor/test_doctor_command.py
