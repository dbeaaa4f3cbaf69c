"""What the project of the further charts does not allow, and what to write to allow it."""

from typing import Any

import yaml

from generator.build.applications import app_application
from generator.proof.checks import project_refuses, random_field
from generator.proof.rendering import Rendered, Rendering
from generator.records import replace
from tests.support import copies
from tests.support.renderings import Resource, release, rendering, written
from tests.support.sites import site_of

APP = {
    "scope": "cluster",
    "chart": {"name": "cert-manager", "repository": "https://c.example.org", "version": "v1.19.1"},
    "namespace": "cert-manager",
    "clusterKinds": ["ClusterRole"],
}
RBAC = "rbac.authorization.k8s.io/v1"


def rendered(*objects: Resource, again: Any = None, **changed: Any) -> Rendering:
    """An app that renders these objects, and others the second time."""
    raw = copies.one_hub() | {"apps": {"cert-manager": APP | changed}}
    site = site_of(yaml.safe_dump(raw))
    (place,) = site.platform
    chart = release("cert-manager", list(objects)).chart
    assert chart is not None
    one = Rendered(
        environment=place,
        cluster=site.clusters["fedcloud"],
        app="cert-manager",
        application=app_application(site, place.apps[0], place),
        chart=replace(chart, namespace="cert-manager", again=again),
    )
    return rendering(one, site=site)


def said(*objects: Resource, **changed: Any) -> list[tuple[str, str]]:
    """The findings about its project: the message, and what to write."""
    found = project_refuses.check(rendered(*objects, **changed))
    return [(one.message, one.help) for one in found]


def test_what_is_named_is_allowed() -> None:
    deployment, role = written("apps/v1", "Deployment", "a"), written(RBAC, "ClusterRole", "a")
    assert said(deployment, role) == []


def test_kind_that_is_not_named_is_told_with_the_line_to_add() -> None:
    hook = written("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "w")
    ((message, help),) = said(hook, written(RBAC, "ClusterRoleBinding", "b"))
    assert "'protocoast-fedcloud-platform' does not allow" in message
    assert help.endswith(
        "clusterKinds: [ClusterRole, ValidatingWebhookConfiguration, ClusterRoleBinding]  "
        "under the app"
    )


def test_custom_kind_is_told_with_its_group() -> None:
    names = {"kind": "ClusterPolicy"}
    definition = written(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "clusterpolicies.kyverno.io",
        group="kyverno.io",
        scope="Cluster",
        names=names,
    )
    ((_, help),) = said(
        definition,
        written("kyverno.io/v1", "ClusterPolicy", "p"),
        clusterKinds=["CustomResourceDefinition"],
    )
    assert "[CustomResourceDefinition, ClusterPolicy.kyverno.io]" in help


def test_object_in_another_namespace_is_told_with_the_line_to_add() -> None:
    role = written(RBAC, "Role", "leaderelection")
    role["metadata"]["namespace"] = "kube-system"
    ((message, help),) = said(role)
    assert "kube-system (Role leaderelection)" in message
    assert "otherNamespaces: [kube-system]" in help
    assert said(role, otherNamespaces=["kube-system"]) == []


def test_random_field_is_told_with_the_entry_that_hides_it() -> None:
    first, again = (
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "ca"}, "data": {"key": text}}
        for text in ("YQ==", "Yg==")
    )
    entry = {"kind": "Secret", "name": "ca", "jsonPointers": ["/data/key"]}
    (found,) = random_field.check(rendered(first, again=(again,)))
    written = yaml.safe_load(found.help.partition("  - ")[2])
    assert written == {**entry, "reason": "rendered at random"}
    ignored = rendered(first, again=(again,), ignoreDifferences=[written])
    assert list(random_field.check(ignored)) == []
