"""The checks on small renderings: network policies, references, randomness, registration."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from generator.diagnostics import Finding
from generator.lint.rules import every_rule
from generator.proof import object_schemas
from generator.proof.checks import (
    CHECKS,
    hop_blocked,
    object_invalid,
    object_twice,
    reference_missing,
)
from generator.proof.checks.random_field import random_fields
from generator.proof.checks.values_refused import dotted
from generator.versions import Version
from tests.support.renderings import (
    Resource,
    dask_pod,
    hub_pod,
    policy,
    release,
    rendering,
    workload,
)
from tests.support.sites import ROOT

HUB = [workload("hub", hub_pod("hub"), 8081), workload("proxy", hub_pod("proxy"), 8000)]
DASK = [
    workload("traefik", dask_pod("traefik"), 8000),
    workload("api", dask_pod("gateway"), 8000),
]
TO_TRAEFIK = {
    "to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/component": "traefik"}}}],
    "ports": [{"port": 8000}],
}
TO_PROXY = {"to": [{"podSelector": {"matchLabels": hub_pod("proxy")}}]}
SERVER = {"matchLabels": {"component": "singleuser-server"}}
PRIVATE = {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
FROM_HUB_CALLERS = {
    "from": [{"podSelector": {"matchLabels": {"hub.jupyter.org/network-access-hub": "true"}}}],
    "ports": [{"port": "http"}],
}


def blocked(*policies: Resource) -> list[str]:
    """Who can't reach whom under these policies."""
    found = hop_blocked.check(
        rendering(release("jupyterhub", [*HUB, *policies]), release("dask-gateway", DASK))
    )
    return sorted(one.message.partition(" on port")[0].partition(": ")[0] for one in found)


NETWORKS: dict[str, tuple[list[Resource], list[str]]] = {
    "no policy": ([], []),
    "server may reach the gateway and the proxy": (
        [policy("s", SERVER, policyTypes=["Egress"], egress=[TO_TRAEFIK, TO_PROXY])],
        [],
    ),
    "server may reach nothing": (
        [policy("s", SERVER, policyTypes=["Egress"])],
        [
            "the user server can't reach the gateway",
            "the user server can't reach the proxy",
        ],
    ),
    "server may reach private addresses, which are no pods on Cilium": (
        [policy("s", SERVER, policyTypes=["Egress"], egress=[PRIVATE, TO_PROXY])],
        ["the user server can't reach the gateway"],
    ),
    "server may reach another port": (
        [
            policy(
                "s",
                SERVER,
                policyTypes=["Egress"],
                egress=[{**TO_TRAEFIK, "ports": [{"port": 80}]}, TO_PROXY],
            )
        ],
        ["the user server can't reach the gateway"],
    ),
    "a range of ports": (
        [
            policy(
                "s",
                SERVER,
                policyTypes=["Egress"],
                egress=[{"ports": [{"port": 7000, "endPort": 9000}]}],
            )
        ],
        [],
    ),
    "another protocol": (
        [policy("s", SERVER, policyTypes=["Egress"], egress=[{"ports": [{"protocol": "UDP"}]}])],
        ["the user server can't reach the gateway", "the user server can't reach the proxy"],
    ),
    "two policies add up": (
        [
            policy("a", SERVER, policyTypes=["Egress"], egress=[TO_TRAEFIK]),
            policy("b", SERVER, egress=[TO_PROXY], policyTypes=["Egress"]),
        ],
        [],
    ),
    "hub takes calls of those who carry the label": (
        [policy("h", {"matchLabels": hub_pod("hub")}, ingress=[FROM_HUB_CALLERS])],
        [],
    ),
    "hub takes no call": (
        [policy("h", {"matchLabels": hub_pod("hub")}, policyTypes=["Ingress"])],
        ["the gateway api can't reach the hub"],
    ),
    "hub may call nobody": (
        [policy("h", {"matchLabels": hub_pod("hub")}, policyTypes=["Egress"], egress=[])],
        ["the hub can't reach the gateway"],
    ),
    "proxy may call nobody": (
        [policy("p", {"matchLabels": hub_pod("proxy")}, policyTypes=["Egress"])],
        ["the proxy can't reach the gateway"],
    ),
    "gateway takes calls of the hub alone": (
        [
            policy(
                "g",
                {"matchLabels": {"app.kubernetes.io/component": "traefik"}},
                ingress=[{"from": [{"podSelector": {"matchLabels": hub_pod("hub")}}]}],
            )
        ],
        ["the proxy can't reach the gateway", "the user server can't reach the gateway"],
    ),
    "another namespace": (
        [
            policy(
                "s",
                SERVER,
                policyTypes=["Egress"],
                egress=[
                    TO_PROXY,
                    {"to": [{"namespaceSelector": {"matchLabels": {"team": "other"}}}]},
                ],
            )
        ],
        ["the user server can't reach the gateway"],
    ),
    "this namespace by its name": (
        [
            policy(
                "s",
                SERVER,
                policyTypes=["Egress"],
                egress=[
                    {
                        "to": [
                            {
                                "namespaceSelector": {
                                    "matchLabels": {"kubernetes.io/metadata.name": "daskhub"}
                                }
                            }
                        ]
                    }
                ],
            )
        ],
        [],
    ),
    "an expression": (
        [
            policy(
                "s",
                {
                    "matchExpressions": [
                        {"key": "component", "operator": "NotIn", "values": ["hub"]}
                    ]
                },
                policyTypes=["Egress"],
            )
        ],
        [
            "the gateway api can't reach the hub",
            "the proxy can't reach the gateway",
            "the user server can't reach the gateway",
            "the user server can't reach the proxy",
        ],
    ),
}


@pytest.mark.parametrize(("policies", "stopped"), NETWORKS.values(), ids=NETWORKS)
def test_hop_is_judged_by_the_policies(policies: list[Resource], stopped: list[str]) -> None:
    assert blocked(*policies) == stopped


def test_hop_to_a_pod_that_is_not_rendered_is_said() -> None:
    found = hop_blocked.check(rendering(release("jupyterhub", HUB), release("dask-gateway", [])))
    assert {one.message.rpartition(": ")[2] for one in found} == {"gateway", "gateway api"}


def test_nothing_is_said_of_an_environment_that_was_not_rendered_whole() -> None:
    from generator.proof.rendering import Failure, Stage

    failed = release("dask-gateway", [], failure=Failure(stage=Stage.TEMPLATE, message="no"))
    assert list(hop_blocked.check(rendering(release("jupyterhub", HUB), failed))) == []


REFERENCES: dict[str, tuple[Mapping[str, Any], str]] = {
    "secret of a variable": (
        {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]},
        "there is no Secret 's'",
    ),
    "map of a variable": (
        {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}}]},
        "there is no ConfigMap 'm'",
    ),
    "all of a secret": ({"envFrom": [{"secretRef": {"name": "s"}}]}, "there is no Secret 's'"),
}


@pytest.mark.parametrize(("spec", "told"), REFERENCES.values(), ids=REFERENCES)
def test_reference_to_nothing_is_found(spec: Mapping[str, Any], told: str) -> None:
    found = list(
        reference_missing.check(rendering(release("jupyterhub", [workload("w", {}, 1, **spec)])))
    )
    assert [one.message.rpartition(": ")[2] for one in found] == [told]


def test_a_secret_that_several_need_is_missed_once_with_its_owners() -> None:
    spec = {"envFrom": [{"secretRef": {"name": "pull"}}]}
    hub = [workload(name, {}, number, **spec) for number, name in enumerate("abcde")]
    found = rendering(
        release("jupyterhub", hub), release("dask-gateway", [workload("g", {}, 1, **spec)])
    )
    (one,) = reference_missing.check(found)
    assert one.message.endswith(
        "jupyterhub: Deployment 'a', Deployment 'b', Deployment 'c', 2 more; "
        "dask-gateway: Deployment 'g': there is no Secret 'pull'"
    )


def of(kind: str, name: str, **more: Any) -> Resource:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **more}


def deployed(labels: Mapping[str, str], **spec: Any) -> Resource:
    template = {"metadata": {"labels": labels}, "spec": spec}
    return of(
        "Deployment", "d", spec={"selector": {"matchLabels": {"app": "d"}}, "template": template}
    )


ONE = {"name": "c"}
INVALID: dict[str, tuple[Resource, list[str]]] = {
    "fits": (deployed({"app": "d", "more": "x"}, containers=[ONE]), []),
    "selector": (
        deployed({"app": "e"}, containers=[ONE]),
        ["its selector does not match the label 'app' of its own pods"],
    ),
    "no volume": (
        deployed({"app": "d"}, containers=[{**ONE, "volumeMounts": [{"name": "v"}]}]),
        ["container 'c' mounts no volume 'v'"],
    ),
    "two containers": (
        deployed({"app": "d"}, containers=[ONE], initContainers=[ONE]),
        ["two containers are called 'c'"],
    ),
    "two volumes": (
        deployed({"app": "d"}, containers=[ONE], volumes=[{"name": "v"}, {"name": "v"}]),
        ["two volumes are called 'v'"],
    ),
    "nameless ports": (
        of("Service", "s", spec={"ports": [{"port": 1}, {"port": 2, "name": "b"}]}),
        ["of several ports each needs a name"],
    ),
    "one nameless port": (of("Service", "s", spec={"ports": [{"port": 1}]}), []),
}


@pytest.mark.parametrize(("resource", "told"), INVALID.values(), ids=INVALID)
def test_what_the_api_server_refuses_beyond_the_schema(resource: Resource, told: list[str]) -> None:
    found = object_invalid.check(rendering(release("jupyterhub", [resource])))
    assert [one.message.rpartition("': ")[2] for one in found] == told


SEALED = of("SealedSecret", "hub-secrets", spec={"encryptedData": {"a": "x"}})
NAMED = of("SealedSecret", "x", spec={"template": {"metadata": {"name": "hub-secrets"}}})
MAKERS: dict[str, tuple[list[Resource], list[str]]] = {
    "alone": ([SEALED, of("Secret", "other")], []),
    "two Secrets alone": ([of("Secret", "a")], []),
    "rendered too": (
        [SEALED, of("Secret", "hub-secrets")],
        ["SealedSecret 'hub-secrets' and Secret 'hub-secrets' are both for Secret 'hub-secrets'"],
    ),
    "made twice": (
        [SEALED, NAMED],
        ["SealedSecret 'hub-secrets' and SealedSecret 'x' are both for Secret 'hub-secrets'"],
    ),
}


@pytest.mark.parametrize(("objects", "told"), MAKERS.values(), ids=MAKERS)
def test_a_secret_has_one_maker(objects: list[Resource], told: list[str]) -> None:
    found = object_twice.check(rendering(release("namespace", objects)))
    assert [one.message.partition(": ")[2] for one in found] == told


def test_optional_reference_to_nothing_is_none() -> None:
    spec = {"envFrom": [{"secretRef": {"name": "s", "optional": True}}]}
    assert (
        list(reference_missing.check(rendering(release("x", [workload("w", {}, 1, **spec)])))) == []
    )


def random_paths(one: Resource, other: Resource) -> list[tuple[Any, ...]]:
    metadata = {"kind": "ConfigMap", "metadata": {"name": "m"}}
    found = release("jupyterhub", [{**metadata, **one}], again=({**metadata, **other},))
    return [path for _, path in random_fields(found)]


DIFFERENCES: dict[str, tuple[Resource, Resource, list[tuple[Any, ...]]]] = {
    "equal": ({"a": {"b": 1}}, {"a": {"b": 1}}, []),
    "text": ({"a": {"b/c": "x"}}, {"a": {"b/c": "y"}}, [("a", "b/c")]),
    "kind": ({"a": 1}, {"a": True}, [("a",)]),
    "key": ({"a": {"b": 1}}, {"a": {"c": 1}}, [("a", "b"), ("a", "c")]),
    "item": ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, [("a", 1, "b")]),
    "length": ({"a": [1]}, {"a": [1, 2]}, [("a",)]),
    "name": ({"metadata": {"name": "x"}}, {"metadata": {"name": "y"}}, [(), ()]),
    "hook": (
        {"metadata": {"name": "m", "annotations": {"helm.sh/hook": "test"}}, "a": 1},
        {"metadata": {"name": "m", "annotations": {"helm.sh/hook": "test"}}, "a": 2},
        [],
    ),
}


@pytest.mark.parametrize(("one", "other", "paths"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_random_fields_are_the_leaves_that_differ(
    one: Resource, other: Resource, paths: list[tuple[Any, ...]]
) -> None:
    assert random_paths(one, other) == paths


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("(root)", ()),
        ("a.b", ("a", "b")),
        ("x.y.z", ("x.y", "z")),
        ("list.1.c", ("list", 1, "c")),
        ("gone.deep", ("gone", "deep")),
    ],
)
def test_dotted_path_is_told_apart_by_the_values(text: str, path: tuple[Any, ...]) -> None:
    assert dotted(text, {"a": {"b": 1}, "x.y": {"z": 1}, "list": [0, {"c": 1}]}) == path


def test_each_check_is_registered_and_has_a_code_of_its_own() -> None:
    codes = [check.finding.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("M9") for code in codes)
    assert not set(codes) & {rule.finding.code for rule in every_rule()}
    folder = ROOT / "generator" / "proof" / "checks"
    named = {path.stem for path in folder.glob("*.py") if "\nfinding = " in path.read_text()}
    assert named == {getattr(check, "__name__", "").rpartition(".")[2] for check in CHECKS}


def test_schemas_know_the_stable_apis_of_each_release() -> None:
    apis = object_schemas.of(Version.parse("1.30")).apis
    assert {"apps/v1/Deployment", "v1/Service", "policy/v1/PodDisruptionBudget", "v1"} <= set(apis)
    assert not [api for api in apis if "beta" in api or "alpha" in api or api.endswith("List")]


@pytest.mark.parametrize(
    ("asked", "used"), [("1.23", "1.25"), ("1.30.4", "1.30"), ("1.99", "1.37")]
)
def test_nearest_schemas_stand_in_for_a_release_without(asked: str, used: str) -> None:
    assert object_schemas.of(Version.parse(asked)).version >= Version.parse(used)


def test_finding_of_a_hop_stands_where_the_policy_is_written() -> None:
    [one] = hop_blocked.check(
        rendering(
            release("jupyterhub", [*HUB, NETWORKS["hub may call nobody"][0][0]]),
            release("dask-gateway", DASK),
        )
    )
    assert isinstance(one, Finding)
    assert one.at == ("daskGateway",)


ODD: tuple[Any, ...] = (None, 5, "text", [[5], {}], {"a": [None]})
SOUND: list[Resource] = [
    *HUB,
    *DASK,
    workload("w", {}, 1, **REFERENCES["secret of a variable"][0], volumeMounts=[]),
    policy("p", SERVER, policyTypes=["Egress"], egress=[TO_TRAEFIK, PRIVATE]),
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "i", "annotations": {"cert-manager.io/issuer": "x"}},
        "spec": {
            "tls": [{"secretName": "t"}],
            "rules": [{"http": {"paths": [{"backend": {"service": {"name": "s", "port": {}}}}]}}],
        },
    },
    {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "tides.example.org"},
        "spec": {
            "group": "example.org",
            "names": {"kind": "Tide"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    },
    {"apiVersion": "example.org/v1", "kind": "Tide", "metadata": {"name": "t"}},
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hub"},
        "data": {"values.yaml": "YQ=="},
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "s"},
        "spec": {"ports": [{"port": 1}]},
    },
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def with_odd(objects: list[Resource], path: tuple[Any, ...], value: Any) -> list[Resource]:
    changed = copy.deepcopy(objects)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_no_check_stumbles_over_what_a_chart_may_print(value: Any) -> None:
    # A document that is no map with a kind never gets as far as the checks.
    for path in (path for path in places(SOUND) if len(path) > 1 and path[1] != "kind"):
        odd = with_odd(SOUND, path, value)[path[0]]
        hub = release("jupyterhub", [odd, HUB[0], SOUND[-1]], again=(SOUND[path[0]],))
        for check in CHECKS:
            list(check.check(rendering(hub, release("dask-gateway", DASK[:1]))))
