"""What `validate` says of a further chart: its project, what is random, hooks, sizes, leaks."""

import base64
import json
from typing import Any

import pytest
import yaml

from generator.build.applications import app_application
from generator.diagnostics import Finding
from generator.proof.checks import (
    controller_writes,
    credential_rendered,
    definition_late,
    hook_each_sync,
    ignored_difference,
    kind_unknown,
    kind_unused,
    object_invalid,
    object_too_big,
    project_refuses,
    random_field,
    reference_missing,
)
from generator.proof.rendering import Failure, Rendered, Rendering, Stage
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
    site = site_of(json.dumps(raw))
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


# --- what is random, and whether hiding it is safe


def hidden(first: Resource, again: Resource, *others: tuple[Resource, Resource]) -> dict[str, str]:
    """What is said of each object that differs: whether hiding it is safe."""
    pairs = ((first, again), *others)
    found = rendered(*(one for one, _ in pairs), again=tuple(two for _, two in pairs))
    return {
        one.message.split(": ")[2]: one.help.partition("# hidden: ")[2]
        for one in random_field.check(found)
    }


def secret(name: str, **data: str) -> Resource:
    texts = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": texts}


def deployment(**template: Any) -> Resource:
    return written("apps/v1", "Deployment", "a", template=template)


def hook(bundle: str) -> Resource:
    config = {"clientConfig": {"caBundle": base64.b64encode(bundle.encode()).decode()}}
    kind, version = "ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "w"}, "webhooks": [config]}


@pytest.mark.parametrize(
    ("first", "again", "begins"),
    [
        (secret("s", password="a"), secret("s", password="b"), "safe only while the Secret stays"),
        (
            secret("s", **{"tls.crt": "a"}),
            secret("s", **{"tls.crt": "b"}),
            "safe only until the certificate ends",
        ),
        (hook("one"), hook("two"), "safe only together with the certificate"),
        (
            deployment(metadata={"annotations": {"checksum/secret": "a"}}),
            deployment(metadata={"annotations": {"checksum/secret": "b"}}),
            "not safe: while it is compared, the pods restart at each sync",
        ),
        (
            deployment(spec={"containers": [{"env": [{"name": "A", "value": "a"}]}]}),
            deployment(spec={"containers": [{"env": [{"name": "A", "value": "b"}]}]}),
            "safe only if nothing else must hold the same value",
        ),
    ],
    ids=["password", "certificate", "bundle", "checksum", "variable"],
)
def test_whether_hiding_a_random_field_is_safe(
    first: Resource, again: Resource, begins: str
) -> None:
    (said,) = hidden(first, again).values()
    assert said.startswith(begins)


def test_value_that_two_objects_hold_must_be_hidden_in_both() -> None:
    found = hidden(
        secret("s", **{"ca.crt": "certificate one"}),
        secret("s", **{"ca.crt": "certificate two"}),
        (hook("certificate one"), hook("certificate two")),
        (secret("other", password="not the same"), secret("other", password="a new one")),
    )
    assert found["Secret 's'"].endswith(
        "; hide it in ValidatingWebhookConfiguration 'w' too, which holds the same value"
    )
    assert found["ValidatingWebhookConfiguration 'w'"].endswith(
        "; hide it in Secret 's' too, which holds the same value"
    )
    assert "too, which" not in found["Secret 'other'"]


def test_object_with_a_random_name_can_not_be_hidden() -> None:
    found = rendered(secret("a-x1"), again=(secret("a-y2"),))
    helps = {one.help for one in random_field.check(found)}
    assert len(helps) == 1
    assert "ignoreDifferences can't hide it" in helps.pop()


@pytest.mark.parametrize("key", ["d~/e", "{a}", "a,b", "#a", "'a'", "a:b", "1e3"])
def test_entry_of_any_key_is_yaml_that_hides_it(key: str) -> None:
    first, again = (
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "labels": {key: text}}}
        for text in ("one", "two")
    )
    (found,) = random_field.check(rendered(first, again=(again,)))
    written = yaml.safe_load(found.help.partition("  - ")[2])
    ignored = rendered(first, again=(again,), ignoreDifferences=[written])
    assert list(random_field.check(ignored)) == []


# --- what a chart brings beside objects that are applied once


def told(check: Any, *objects: Resource, **changed: Any) -> list[tuple[str, str]]:
    return [(one.message, one.help) for one in check.check(rendered(*objects, **changed))]


def job(name: str, **annotations: str) -> Resource:
    found = written("batch/v1", "Job", name)
    found["metadata"]["annotations"] = annotations
    return found


def test_hooks_that_run_at_every_sync_are_named_with_their_phase() -> None:
    ((message, help),) = told(
        hook_each_sync,
        job("a", **{"helm.sh/hook": "pre-install,pre-upgrade"}),
        job("b", **{"helm.sh/hook": "post-install", "helm.sh/hook-delete-policy": "hook-failed"}),
        job("c", **{"argocd.argoproj.io/hook": "Sync", "helm.sh/hook": "pre-install"}),
        job("tested", **{"helm.sh/hook": "test"}),
        job("deleted", **{"helm.sh/hook": "pre-delete,post-delete"}),
        job("plain"),
    )
    assert message.endswith(
        "at every sync Argo CD runs Job 'a' (PreSync), Job 'b' (PostSync), Job 'c' (Sync)"
    )
    assert help.endswith("; delete Job 'b' by hand when it has failed")


def test_chart_without_such_hooks_has_nothing_to_say() -> None:
    account = written("v1", "ServiceAccount", "a")
    account["metadata"]["annotations"] = {"helm.sh/hook": "pre-install"}
    assert told(hook_each_sync, account, job("plain"), job("t", **{"helm.sh/hook": "test"})) == []


def definition(name: str, length: int = 0, scope: str = "Cluster") -> Resource:
    return written(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        name,
        group="example.org",
        names={"kind": "Tide"},
        scope=scope,
        text="x" * length,
    )


def test_definition_that_is_too_long_for_an_annotation_is_told() -> None:
    assert told(object_too_big, definition("short", 261_000)) == []
    ((message, help),) = told(object_too_big, definition("short"), definition("long", 262_144))
    assert "'long' (262" in message
    assert "'short'" not in message
    assert help == "write  serverSideApply: true  under the app"


def test_signs_that_go_writes_longer_count() -> None:
    assert len(told(object_too_big, definition("signs") | {"text": "<" * 50_000})) == 1


@pytest.mark.parametrize("option", ["ServerSideApply=true", "Prune=false, Replace=true"])
def test_object_that_is_applied_without_a_copy_may_be_long(option: str) -> None:
    found = definition("long", 300_000)
    found["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": option}
    assert told(object_too_big, found) == []


def test_kind_that_the_chart_does_not_render_is_told_at_its_place() -> None:
    kinds = ["ClusterRole", "StorageClass", "Tide.example.org"]
    tide = written("example.org/v1", "Tide", "a")
    (found,) = kind_unused.check(
        rendered(written(RBAC, "ClusterRole", "a"), tide, clusterKinds=kinds)
    )
    assert found.at == ("apps", "cert-manager", "clusterKinds", 1)
    assert found.message == "cert-manager: the chart renders no StorageClass"


def test_kind_of_another_app_of_the_project_is_moved_there() -> None:
    one = rendered(clusterKinds=["StorageClass"]).releases[0]
    raw = copies.one_hub() | {"apps": {"cert-manager": APP | {"clusterKinds": ["StorageClass"]}}}
    storage = written("storage.k8s.io/v1", "StorageClass", "a")

    def found(**changed: Any) -> list[tuple[str, str]]:
        raw["apps"]["driver"] = APP | {"clusterKinds": [], "namespace": "driver"} | changed
        site = site_of(json.dumps(raw))
        assert one.chart is not None
        releases = [
            replace(one, environment=place, chart=replace(one.chart, objects=objects))
            for place, objects in zip(site.platform, ((), (storage,)), strict=True)
        ]
        both = rendering(*releases, site=site)
        return [(found.message, found.help) for found in kind_unused.check(both)]

    ((message, help),) = found()
    assert message == "cert-manager: the chart renders no StorageClass"
    assert help == "move it to clusterKinds of 'driver', which renders it and does not name it"
    ((_, help),) = found(clusterKinds=["StorageClass"])
    assert help == "remove it from clusterKinds, if no other value brings it"


def test_nothing_is_said_of_kinds_where_another_app_was_not_rendered() -> None:
    broken = rendered(clusterKinds=["StorageClass"]).releases[0]
    assert broken.chart is not None
    failure = Failure(stage=Stage.TEMPLATE, message="no tide")
    whole = rendered(clusterKinds=["StorageClass"])
    failed = replace(broken, app="other", chart=replace(broken.chart, failure=failure))
    assert [*kind_unused.check(whole)]
    assert not [*kind_unused.check(rendering(*whole.releases, failed, site=whole.site))]


def pod_with(**spec: Any) -> Resource:
    """A Deployment whose pod has this in its spec; `container` is in its only container."""
    container = {"name": "c", **spec.pop("container", {})}
    template = {"spec": {"containers": [container], **spec}}
    return written("apps/v1", "Deployment", "a", template=template)


def reading(secret: str, key: str = "token") -> Resource:
    source = {"secretKeyRef": {"name": secret, "key": key}}
    return pod_with(container={"env": [{"name": "TOKEN", "valueFrom": source}]})


SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "dns"}, "data": {"token": "x"}}
ELSEWHERE = {"name": "dns", "namespace": "other"}
CERTIFICATE = {"volumes": [{"name": "tls", "secret": {"secretName": "hook-tls"}}]}
REFERENCES: dict[str, tuple[list[Resource], list[str]]] = {
    "Secret": ([reading("dns")], ["there is no Secret 'dns'"]),
    "rendered": ([reading("dns"), SECRET], []),
    "key": ([reading("dns", "other"), SECRET], ["Secret 'dns' has no 'other'"]),
    "in another namespace": (
        [reading("dns"), SECRET | {"metadata": ELSEWHERE}],
        ["there is no Secret 'dns'"],
    ),
    "by a pod of another namespace": ([reading("dns") | {"metadata": ELSEWHERE}], []),
    "account": (
        [pod_with(serviceAccountName="dns")], ["there is no ServiceAccount 'dns'"],
    ),
    "certificate": ([pod_with(**CERTIFICATE)], ["there is no Secret 'hook-tls'"]),
    "certificate that a container makes": (
        [pod_with(**CERTIFICATE, container={"args": ["create", "--secret-name=hook-tls"]})], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("objects", "why"), REFERENCES.values(), ids=REFERENCES)
def test_references_of_a_clusters_app(objects: list[Resource], why: list[str]) -> None:
    found = [*reference_missing.check(rendered(*objects))]
    assert [one.message.rpartition(": ")[2] for one in found] == why
    assert all("Deployment 'a'" in one.message for one in found)
    assert all(one.at[:2] == ("apps", "cert-manager") for one in found)
    assert all(one.help.startswith("declare it under 'secrets' of the app") for one in found)


def test_apps_of_one_namespace_are_judged_together() -> None:
    raw = copies.one_hub() | {"apps": {"cert-manager": APP}}
    raw["apps"]["second"] = APP | {"createNamespace": False}
    site = site_of(json.dumps(raw))
    one = rendered().releases[0]
    assert one.chart is not None

    def found(*objects: list[Resource]) -> list[str]:
        releases = [
            replace(
                one,
                environment=place,
                app=place.apps[0].name,
                chart=replace(one.chart, objects=tuple(held)),
            )
            for place, held in zip(site.platform, objects, strict=True)
        ]
        return [one.message for one in reference_missing.check(rendering(*releases, site=site))]

    assert found([reading("dns")], [SECRET]) == []
    assert found([SECRET], [reading("dns")]) == []
    assert len(found([reading("dns")], [])) == 1


def test_replicas_that_an_autoscaler_sets_are_told() -> None:
    scaler = written(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "a",
        scaleTargetRef={"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
    )
    scaled = written("apps/v1", "Deployment", "a", replicas=2)
    other = written("apps/v1", "Deployment", "b", replicas=2)
    ((message, help),) = told(controller_writes, scaler, scaled, other)
    assert "Deployment 'a': /spec/replicas is written by the autoscaler too" in message
    entry = yaml.safe_load(help.partition("  - ")[2])
    assert entry["jsonPointers"] == ["/spec/replicas"]
    assert told(controller_writes, scaler, scaled, ignoreDifferences=[entry]) == []
    assert told(controller_writes, scaler, written("apps/v1", "Deployment", "a")) == []


@pytest.mark.parametrize(("bundle", "count"), [("\n", 1), ("", 1), ("-----BEGIN", 0)])
def test_bundle_that_stands_for_one_to_come_is_told(bundle: str, count: int) -> None:
    found = told(controller_writes, hook(bundle))
    assert len(found) == count
    assert all("/webhooks/0/clientConfig/caBundle" in message for message, _ in found)


def test_rules_that_kubernetes_collects_are_told_where_the_chart_writes_them() -> None:
    role: Resource = {"apiVersion": RBAC, "kind": "ClusterRole", "metadata": {"name": "a"}}
    role["aggregationRule"] = {"clusterRoleSelectors": []}
    assert told(controller_writes, role) == []
    ((_, help),) = told(controller_writes, role | {"rules": []})
    entry = yaml.safe_load(help.partition("  - ")[2])
    assert told(controller_writes, role | {"rules": []}, ignoreDifferences=[entry]) == []


def test_kind_that_nothing_defines_is_told() -> None:
    monitor = written("monitoring.coreos.com/v1", "ServiceMonitor", "a")
    ((message, help),) = told(kind_unknown, monitor)
    assert message == "cert-manager: no schema for ServiceMonitor of monitoring.coreos.com/v1"
    assert "CustomResourceDefinition must be in the cluster before" in help


# --- credentials: what site.yaml gives the chart, and its own defaults


def test_credential_that_site_yaml_gives_is_told_at_its_line() -> None:
    values = {"database": {"login": "correct-horse-7"}}
    variables = [{"name": "DB_PASSWORD", "value": "correct-horse-7"}]
    pod = deployment(spec={"containers": [{"env": variables}]})
    found = rendered(pod, values=values)
    (one,) = found.releases
    assert one.chart is not None
    one = replace(one, chart=replace(one.chart, values=values))
    (leak,) = credential_rendered.check(replace(found, releases=(one,)))
    assert leak.at == ("apps", "cert-manager", "values", "database", "login")
    assert "correct-horse" not in leak.message + leak.help


def test_default_password_of_the_chart_is_told_as_what_it_is() -> None:
    ((message, _),) = told(credential_rendered, secret("core", ADMIN_PASSWORD="Harbor12345"))
    assert message.endswith("is the chart's own default, which everyone knows")


def test_random_looking_text_of_a_public_chart_is_no_leak() -> None:
    dashboard = {"data": {"a.json": '{"uid": "09ec8aa1e996d6ffcd6817bbaff4db1b"}'}}
    argument = deployment(spec={"containers": [{"args": ["--maxAPICallResponseLength=2000000"]}]})
    assert told(credential_rendered, written("v1", "ConfigMap", "c") | dashboard, argument) == []


def test_pods_of_a_stateful_set_mount_what_its_claims_give() -> None:
    container = {"name": "a", "volumeMounts": [{"name": "data", "mountPath": "/a"}]}
    claims = [{"metadata": {"name": "data"}}]
    template = {"spec": {"containers": [container]}}
    stateful = written(
        "apps/v1", "StatefulSet", "a", template=template, volumeClaimTemplates=claims
    )
    assert told(object_invalid, stateful) == []
    stateful["spec"]["volumeClaimTemplates"] = []
    assert len(told(object_invalid, stateful)) == 1


# --- the order of apps


def of_two(objects: list[Resource], others: list[Resource], wave: int) -> Rendering:
    """An app of wave -20 that renders some objects, and another one, of a wave, with others."""
    user, definer = "cert-manager", "definer"
    app = APP | {"namespace": "definer", "wave": wave}
    raw = copies.one_hub() | {"apps": {user: APP, definer: app}}
    site = site_of(json.dumps(raw))
    rendered = {user: objects, definer: others}
    releases = tuple(
        Rendered(
            environment=place,
            cluster=site.clusters["fedcloud"],
            app=place.apps[0].name,
            application=app_application(site, place.apps[0], place),
            chart=release(place.apps[0].name, rendered[place.apps[0].name]).chart,
        )
        for place in site.platform
    )
    return rendering(*releases, site=site)


@pytest.mark.parametrize(("wave", "count"), [(-10, 1), (-20, 0), (-30, 0)])
def test_definition_that_comes_in_a_later_wave_is_told(wave: int, count: int) -> None:
    objects = [written("example.org/v1", "Tide", "a")]
    found = list(definition_late.check(of_two(objects, [definition("tides")], wave)))
    assert len(found) == count
    assert all("needs Tide, which 'definer' brings in a later wave" in one.message for one in found)


POD = {"priorityClassName": "high", "runtimeClassName": "high"}


@pytest.mark.parametrize(
    ("kind", "user"),
    [
        ("StorageClass", written("v1", "PersistentVolumeClaim", "a", storageClassName="high")),
        (
            "StorageClass",
            written(
                "apps/v1",
                "StatefulSet",
                "a",
                volumeClaimTemplates=[{"spec": {"storageClassName": "high"}}],
            ),
        ),
        ("IngressClass", written("networking.k8s.io/v1", "Ingress", "a", ingressClassName="high")),
        ("PriorityClass", written("apps/v1", "Deployment", "a", template={"spec": POD})),
        ("RuntimeClass", written("apps/v1", "DaemonSet", "a", template={"spec": POD})),
    ],
)
def test_class_that_comes_in_a_later_wave_is_told(kind: str, user: Resource) -> None:
    made = written("x/v1", kind, "high")
    (found,) = definition_late.check(of_two([user], [made], -10))
    assert f"needs {kind} 'high', which 'definer' brings in a later wave" in found.message
    assert list(definition_late.check(of_two([user], [made], -30))) == []
    assert list(definition_late.check(of_two([user, made], [made], -10))) == []
    assert list(definition_late.check(of_two([user], [written("x/v1", kind, "low")], -10))) == []


# --- what an entry of ignoreDifferences hides

DEPLOYMENT = written(
    "apps/v1",
    "Deployment",
    "a",
    replicas=2,
    template={"spec": {"containers": [{"name": "a", "image": "a:1", "args": ["--now"]}]}},
)
ENTRY = {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"], "reason": "x"}


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ({"kind": "Deploymnt"}, "did you mean 'Deployment'?"),
        ({"group": "extensions"}, "write  group: apps"),
        ({"kind": "Service"}, "leave out  group"),
        ({"name": "b"}, "known: a"),
    ],
)
def test_entry_that_names_no_object_is_told(entry: dict[str, Any], help: str) -> None:
    objects = (DEPLOYMENT, written("v1", "Service", "a"))
    changed = {"ignoreDifferences": [ENTRY, ENTRY | entry]}
    (found,) = ignored_difference.check(rendered(*objects, **changed))
    assert found.at == ("apps", "cert-manager", "ignoreDifferences", 1)
    assert (found.help, "no object" in found.message) == (help, True)


@pytest.mark.parametrize(
    ("pointer", "count"),
    [
        ("/spec/replicas", 0),
        ("/spec/selector/nothing", 0),
        ("/spec/template/spec/containers/0/name", 0),
        ("/spec/template/spec/containers/0/image", 1),
        ("/spec/template/spec/containers/0/args", 1),
        ("/spec/template/spec/containers/9/args", 0),
        ("/spec/template", 1),
    ],
)
def test_entry_that_hides_more_than_a_field_is_told(pointer: str, count: int) -> None:
    changed = {"ignoreDifferences": [ENTRY | {"jsonPointers": [pointer]}]}
    found = list(ignored_difference.check(rendered(DEPLOYMENT, **changed)))
    assert len(found) == count
    assert all(f"hides all of {pointer} of Deployment" in one.message for one in found)


def test_rules_that_kubernetes_collects_may_be_hidden() -> None:
    role = written(RBAC, "ClusterRole", "a") | {
        "rules": [{"verbs": ["get"]}],
        "aggregationRule": {},
    }
    entry = {"group": RBAC.partition("/")[0], "kind": "ClusterRole", "jsonPointers": ["/rules"]}
    changed = {"ignoreDifferences": [entry | {"reason": "x"}]}
    assert list(ignored_difference.check(rendered(role, **changed))) == []


# --- objects that no way of applying makes fit


@pytest.mark.parametrize(
    ("resource", "count"),
    [
        ({"kind": "ConfigMap", "data": {"a": "x" * 1_048_577}}, 1),
        ({"kind": "ConfigMap", "data": {"a": "x" * 1_048_576}}, 0),
        ({"kind": "ConfigMap", "binaryData": {"a": "x" * 1_398_108}}, 1),
        ({"kind": "Secret", "stringData": {"a": "é" * 524_289}}, 1),
        ({"kind": "Secret", "data": {"a": "x" * 1_398_100}}, 0),
        ({"kind": "Tide", "text": "x" * 1_572_864}, 1),
    ],
)
def test_object_that_kubernetes_does_not_take_is_told(resource: Resource, count: int) -> None:
    found = {"apiVersion": "v1", "metadata": {"name": "a"}} | resource
    of_any = object_too_big.check(rendered(found, serverSideApply=True))
    assert len(list(of_any)) == count


def test_object_without_a_name_is_told_unless_it_is_a_hook() -> None:
    job = written("batch/v1", "Job", "a")
    job["metadata"] = {"generateName": "a-"}
    ((message, _),) = told(random_field, job)
    assert "Job 'a-' has a generateName and no name" in message
    job["metadata"]["annotations"] = {"helm.sh/hook": "post-install"}
    assert told(random_field, job) == []


def test_line_to_write_has_all_kinds_of_the_chart() -> None:
    """Also those that the project allows for another app: without that app they are missing."""
    role, crd = written(RBAC, "ClusterRole", "a"), definition("tides")
    for objects in ([role, crd], [crd, role]):
        ((_, help),) = said(*objects)
        assert "clusterKinds: [ClusterRole, CustomResourceDefinition]" in help
    raw = copies.one_hub() | {
        "apps": {"a": APP | {"clusterKinds": []}, "b": APP | {"namespace": "b"}}
    }
    site = site_of(json.dumps(raw))
    place = site.platform[0]
    one = replace(
        rendered(role, crd).releases[0],
        environment=place,
        app="a",
        application=app_application(site, place.apps[0], place),
    )
    (found,) = project_refuses.check(rendering(one, site=site))
    assert isinstance(found, Finding)
    assert "does not allow CustomResourceDefinition (tides)" in found.message
    assert "[ClusterRole, CustomResourceDefinition]" in found.help


def test_application_that_is_not_of_the_site_is_no_reason_to_allow_it_more() -> None:
    stale = rendered(written("v1", "Namespace", "old"))
    (one,) = stale.releases
    spec = one.application["spec"]
    moved = {**spec, "destination": {**spec["destination"], "namespace": "old"}}
    old = replace(one, application={**one.application, "spec": moved})
    (found,) = project_refuses.check(replace(stale, releases=(old,)))
    assert "does not go to namespace 'cert-manager'" in found.message
