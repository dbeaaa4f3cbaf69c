"""Doctor on a site with further charts: their Applications, and what waits for them."""

from typing import Any

import pytest

from generator.build.repository import Inputs, build
from generator.doctor.examination import states
from generator.doctor.look import Look
from generator.yaml import stream
from tests.support import live

APPS = """
apps:
  cert-manager:
    scope: cluster
    chart: {name: cert-manager, repository: https://charts.jetstack.io, version: v1.19.1}
    namespace: cert-manager
    wave: -30
  backup:
    scope: environment
    chart: {name: backup, repository: https://charts.example.org, version: 1.2.0}
"""
CERTIFICATE = "    sealingCertificate: certificates/fedcloud.pem\n"
ISSUERS = "    issuers: {letsencrypt-prod: {email: ops@example.org}}\n"
TEXT = live.site_text().replace(CERTIFICATE, CERTIFICATE + ISSUERS) + APPS
COMMIT = live.seen(live.healthy()).followed
HEALTHY = {"sync": {"status": "Synced", "revision": COMMIT}, "health": {"status": "Healthy"}}
CLUSTER_APP = "protocoast-cert-manager-fedcloud"
CLUSTER_NAMESPACE = "protocoast-cert-manager-namespace-fedcloud"
OF_ENVIRONMENT = "protocoast-backup-production"
ISSUER_APP = "protocoast-issuers-fedcloud"


def _application(spec: dict[str, Any], name: str, status: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "isAutomated": True,
        "spec": spec,
        "status": status or HEALTHY,
    }


def document(**statuses: dict[str, Any] | None) -> live.Document:
    """The healthy cluster with the Applications and the project that the site gives now.

    Statuses by the name of an Application; None where it is missing.
    """
    tree = build(live.site(TEXT), Inputs())
    built = [
        each
        for path, content in tree.items()
        if path.startswith("clusters/") and b"\nkind: App" in content
        for each in map(stream.read, stream.split(content.decode()))
    ]
    base = stream.read(tree["apps/backup/application.yaml"].decode())
    overlay = stream.read(tree["overlays/production/kustomization.yaml"].decode())
    (patch,) = (
        found["spec"]
        for found in (stream.read(one["patch"]) for one in overlay["patches"])
        if found["metadata"]["name"] == "protocoast-backup"
    )
    specs = {
        one["metadata"]["name"]: one["spec"]
        for one in built
        if one["metadata"]["name"] in (CLUSTER_APP, CLUSTER_NAMESPACE, ISSUER_APP)
    } | {OF_ENVIRONMENT: base["spec"] | patch}
    assert len(specs) == 4
    made = live.healthy()
    projects = [one for one in built if one["kind"] == "AppProject"]
    names = [one["metadata"]["name"] for one in projects]
    objects = made["argocd"]["objects"]
    kept = [one for one in objects if one["metadata"]["name"] not in names]
    applications = [
        _application(spec, name, statuses.get(name))
        for name, spec in specs.items()
        if name not in statuses or statuses[name] is not None
    ]
    made["argocd"]["objects"] = [*kept, *projects, *applications]
    return made


def found(**statuses: dict[str, Any] | None) -> list[tuple[str, str, tuple[str, ...]]]:
    """The codes, subjects and followers of what doctor finds, but what it always says here."""
    examination = live.judged(document(**statuses), TEXT)
    return [
        (one.code, one.subject, one.explains) for one in examination.found if one.code != "D142"
    ]


def test_nothing_is_said_of_apps_that_are_healthy() -> None:
    assert found() == []


def test_the_states_name_every_application_in_the_order_of_their_syncs() -> None:
    site = live.site(TEXT)
    look = Look(site=site, snapshot=live.seen(document()), environments=site.environments)
    assert list(states(look))[:5] == [
        "protocoast-cluster-fedcloud",
        CLUSTER_NAMESPACE,
        CLUSTER_APP,
        ISSUER_APP,
        "protocoast-production",
    ]
    assert OF_ENVIRONMENT in states(look)


@pytest.mark.parametrize("name", [CLUSTER_APP, CLUSTER_NAMESPACE, ISSUER_APP, OF_ENVIRONMENT])
def test_an_app_that_is_missing_or_sick_is_named(name: str) -> None:
    sick = HEALTHY | {"health": {"status": "Degraded", "message": "no pod is ready"}}
    assert [one[:2] for one in found(**{name: None})] == [("D107", name)]
    assert [one[:2] for one in found(**{name: sick})] == [("D116", name)]


def test_what_waits_for_a_missing_namespace_follows_from_it() -> None:
    (said,) = found(**{CLUSTER_NAMESPACE: None, CLUSTER_APP: None})
    assert said[:2] == ("D107", CLUSTER_NAMESPACE)
    assert any(CLUSTER_APP in one for one in said[2])


def test_an_environment_that_a_sick_app_of_its_cluster_holds_back_follows_from_it() -> None:
    sick = HEALTHY | {"health": {"status": "Degraded", "message": "no pod is ready"}}
    made = document(**{CLUSTER_APP: sick})
    root = "protocoast-production"
    objects = made["argocd"]["objects"]
    made["argocd"]["objects"] = [one for one in objects if one["metadata"]["name"] != root]
    said = [one for one in live.judged(made, TEXT).found if one.code != "D142"]
    assert [(one.code, one.subject) for one in said] == [("D116", CLUSTER_APP)]
    assert any(root in one for one in said[0].explains)


def test_an_app_of_another_version_is_told() -> None:
    made = document()
    for one in made["argocd"]["objects"]:
        if one["metadata"]["name"] == CLUSTER_APP:
            one["spec"]["source"]["targetRevision"] = "v1.18.0"
    (said,) = (one for one in live.judged(made, TEXT).found if one.code != "D142")
    assert (said.code, said.subject) == ("D118", CLUSTER_APP)
    assert "targetRevision 'v1.18.0', not 'v1.19.1'" in said.message


def test_a_project_for_apps_that_is_missing_is_told() -> None:
    made = document()
    objects = made["argocd"]["objects"]
    project = "protocoast-fedcloud-platform"
    made["argocd"]["objects"] = [one for one in objects if one["metadata"]["name"] != project]
    (said,) = (one for one in live.judged(made, TEXT).found if one.code != "D142")
    assert (said.code, said.subject) == ("D106", project)
