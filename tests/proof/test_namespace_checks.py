"""What a namespace's quota, limits, project, hosts and policies refuse of what is rendered."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from generator.proof.checks import (
    dns_blocked,
    hop_blocked,
    host_taken,
    hub_image_foreign,
    limit_range,
    object_refused,
    project_refuses,
    quota_exceeded,
    reference_missing,
    request_above_limit,
    security_refused,
)
from generator.proof.checks.base import Check
from generator.proof.rendering import Rendered
from generator.records import replace
from tests.support.renderings import (
    Resource,
    hub,
    hub_pod,
    namespace,
    policy,
    release,
    rendering,
    workload,
    written,
)


def quota(**hard: str) -> Resource:
    named = {key.replace("__", ".").replace("_", "/"): value for key, value in hard.items()}
    return written("v1", "ResourceQuota", "q", hard=named)


def service(kind: str, **more: Any) -> Resource:
    return written("v1", "Service", "s", type=kind, ports=[{"port": 1}], **more)


def claim(size: str) -> Resource:
    return written("v1", "PersistentVolumeClaim", "db", resources={"requests": {"storage": size}})


SIZED = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
SERVER = {
    "memory": {"guarantee": "1G", "limit": "2G"},
    "cpu": {"guarantee": 1},
    "storage": {"type": "dynamic", "capacity": "10Gi"},
}


def told(
    check: Check, *objects: Resource, singleuser: Resource | None = None, **more: Any
) -> list[str]:
    """What a check says of objects in the namespace beside a hub that has one sized pod."""
    values = {"singleuser": SERVER if singleuser is None else singleuser}
    one = hub(
        values, workload("hub", hub_pod("hub"), 8081, resources=SIZED), *more.get("chart", ())
    )
    found = check.check(rendering(one, namespace(*objects)))
    return [finding.message.removeprefix("production: ") for finding in found]


QUOTAS: dict[str, tuple[list[Resource], list[str]]] = {
    "no load balancer": (
        [quota(services__loadbalancers="0"), service("LoadBalancer")],
        ["(services.loadbalancers: 0) refuses Service 's' of type LoadBalancer"],
    ),
    "a load balancer has a node port": (
        [quota(services__nodeports="0"), service("LoadBalancer")],
        ["(services.nodeports: 0) refuses Service 's' of type LoadBalancer"],
    ),
    "a load balancer without": (
        [
            quota(services__nodeports="0"),
            service("LoadBalancer", allocateLoadBalancerNodePorts=False),
        ],
        [],
    ),
    "no node port": (
        [quota(services__nodeports="0"), service("NodePort")],
        ["(services.nodeports: 0) refuses Service 's' of type NodePort"],
    ),
    "an inner Service": ([quota(services__nodeports="0"), service("ClusterIP")], []),
    "pods without a request": (
        [quota(requests__cpu="9"), workload("w", {}, 1)],
        ["(requests.cpu: 9) refuses pods without a cpu request: Deployment 'w'"],
    ),
    "pods without a limit": (
        [quota(limits__cpu="9")],
        ["(limits.cpu: 9) refuses pods without a cpu limit: Deployment 'hub', a user's server"],
    ),
    "a limit is a request too": (
        [quota(memory="9Gi"), workload("w", {}, 1, resources={"limits": {"memory": "1Gi"}})],
        [],
    ),
    "a LimitRange fills in": (
        [
            quota(limits__cpu="9"),
            written(
                "v1", "LimitRange", "l", limits=[{"type": "Container", "default": {"cpu": "1"}}]
            ),
        ],
        [],
    ),
    "room for a user": (
        [quota(requests__memory="1Gi")],
        ["(requests.memory: 1Gi) refuses the pods: with one server they need 2Gi"],
    ),
    "room enough": ([quota(requests__memory="2Gi", pods="2")], []),
    "too few pods": (
        [quota(pods="1")],
        ["(pods: 1) refuses the pods: with one server they need 2"],
    ),
    "too few claims": (
        [quota(persistentvolumeclaims="1"), claim("1Gi")],
        [
            "(persistentvolumeclaims: 1) refuses 2 of PersistentVolumeClaim 'db', a user's home",
        ],
    ),
    "too little storage": (
        [quota(requests__storage="10Gi"), claim("1Gi")],
        ["(requests.storage: 10Gi) refuses 11Gi of a user's home, PersistentVolumeClaim 'db'"],
    ),
    "too few objects of a kind": (
        [quota(count_deployments__apps="0")],
        ["(count/deployments.apps: 0) refuses Deployment 'hub'"],
    ),
    "pods without any request": (
        [
            written("v1", "ResourceQuota", "q", hard={"pods": "0"}, scopes=["BestEffort"]),
            workload("w", {}, 1),
        ],
        ["(pods: 0) refuses the pods: with one server they need 1"],
    ),
    "no pod without any request": (
        [written("v1", "ResourceQuota", "q", hard={"pods": "0"}, scopes=["BestEffort"])],
        [],
    ),
    "pods with a request": (
        [
            written("v1", "ResourceQuota", "q", hard={"pods": "2"}, scopes=["NotBestEffort"]),
            workload("w", {}, 1),
        ],
        [],
    ),
    "too little storage of a class": (
        [
            written(
                "v1",
                "ResourceQuota",
                "q",
                hard={
                    "fast.storageclass.storage.k8s.io/requests.storage": "1Gi",
                    "slow.storageclass.storage.k8s.io/persistentvolumeclaims": "0",
                },
            ),
            written(
                "v1",
                "PersistentVolumeClaim",
                "db",
                storageClassName="fast",
                resources={"requests": {"storage": "2Gi"}},
            ),
        ],
        [
            "(fast.storageclass.storage.k8s.io/requests.storage: 1Gi) refuses 2Gi of "
            "PersistentVolumeClaim 'db'",
        ],
    ),
    "a Secret that is unsealed": (
        [quota(secrets="1"), written("bitnami.com/v1alpha1", "SealedSecret", "s")],
        ["(secrets: 1) refuses 2 of Secret 'hub', SealedSecret 's'"],
    ),
    "pods that end": (
        [written("v1", "ResourceQuota", "q", hard={"pods": "0"}, scopes=["Terminating"])],
        [],
    ),
}


@pytest.mark.parametrize("name", QUOTAS)
def test_quota_refuses_what_does_not_fit(name: str) -> None:
    objects, expected = QUOTAS[name]
    assert told(quota_exceeded, *objects) == [f"ResourceQuota 'q' {one}" for one in expected]


def limits(kind: str = "Container", **given: Any) -> Resource:
    return written("v1", "LimitRange", "l", limits=[{"type": kind, **given}])


RANGES: dict[str, tuple[Resource, list[str]]] = {
    "too much": (
        limits(max={"memory": "1Gi"}),
        ["a user's server has container 'notebook' with more memory than LimitRange 'l' allows"],
    ),
    "enough": (limits(max={"memory": "2Gi"}), []),
    "too little": (
        limits(min={"cpu": "2"}),
        [
            "Deployment 'hub' has container 'hub' with less cpu than LimitRange 'l' demands",
            "a user's server has container 'notebook' with less cpu than LimitRange 'l' demands",
        ],
    ),
    "a default below the guarantee": (
        limits(default={"cpu": "500m"}),
        [
            "Deployment 'hub' has container 'hub', whose cpu request is above the limit that "
            "LimitRange 'l' gives",
            "a user's server has container 'notebook', whose cpu request is above the limit that "
            "LimitRange 'l' gives",
        ],
    ),
    "a pod as a whole": (
        limits("Pod", max={"memory": "1536Mi"}),
        ["a user's server asks for more memory than LimitRange 'l' allows"],
    ),
    "a home": (
        limits("PersistentVolumeClaim", max={"storage": "5Gi"}),
        ["a user's home asks for more storage than LimitRange 'l' allows"],
    ),
    "a small home": (
        limits("PersistentVolumeClaim", min={"storage": "20Gi"}),
        ["a user's home asks for less storage than LimitRange 'l' demands"],
    ),
    "defaults alone": (limits(default={"cpu": "2"}, defaultRequest={"cpu": "1"}), []),
    "a ratio": (
        limits("Pod", maxLimitRequestRatio={"memory": "1"}),
        [
            "a user's server asks for a memory limit of more than 1 times its request, which "
            "LimitRange 'l' refuses"
        ],
    ),
}


@pytest.mark.parametrize("name", RANGES)
def test_limit_range_refuses_what_does_not_fit(name: str) -> None:
    one, expected = RANGES[name]
    assert told(limit_range, one) == [f"jupyterhub: {text}" for text in expected]


def test_limit_range_below_what_a_profile_asks_names_the_profile() -> None:
    profiles = [
        {"display_name": "S", "kubespawner_override": {"mem_limit": "1G"}},
        {"display_name": "L", "kubespawner_override": {"mem_limit": "8G"}},
    ]
    assert told(
        limit_range, limits(max={"memory": "2Gi"}), singleuser={"profileList": profiles}
    ) == [
        "jupyterhub: a user's server of profile 'L' has container 'notebook' with more memory than "
        "LimitRange 'l' allows"
    ]


def ingress(name: str, *hosts: str) -> Resource:
    return written(
        "networking.k8s.io/v1",
        "Ingress",
        name,
        rules=[{"host": host, "http": {}} for host in hosts],
    )


ROUTES: dict[str, tuple[Resource, list[str]]] = {
    "another Ingress": (
        ingress("own", "hub.example.org"),
        ["Ingress 'own' routes 'hub.example.org'"],
    ),
    "in other letters": (
        ingress("own", "x.example.org", "Hub.Example.org."),
        ["Ingress 'own' routes 'hub.example.org'"],
    ),
    "another host": (ingress("own", "x.example.org"), []),
    "a route": (
        written("gateway.networking.k8s.io/v1", "HTTPRoute", "own", hostnames=["hub.example.org"]),
        ["HTTPRoute 'own' routes 'hub.example.org'"],
    ),
    "a route of traefik": (
        written(
            "traefik.io/v1alpha1",
            "IngressRoute",
            "own",
            routes=[{"match": "Host(`a.example.org`, `hub.example.org`) && PathPrefix(`/x`)"}],
        ),
        ["IngressRoute 'own' routes 'hub.example.org'"],
    ),
}


@pytest.mark.parametrize("name", ROUTES)
def test_second_route_of_the_hubs_host_is_found(name: str) -> None:
    route, expected = ROUTES[name]
    said = told(host_taken, route, chart=[ingress("jupyterhub", "hub.example.org")])
    owner = ", as protocoast-jupyterhub-production does"
    assert said == [f"namespace: {one}{owner}" for one in expected]


def dns(*peers: Resource, port: Any = 53, protocol: str = "UDP") -> Resource:
    rule = {"ports": [{"port": port, "protocol": protocol}], "to": list(peers)}
    selector = {"matchLabels": {"component": "singleuser-server"}}
    return policy("p", selector, policyTypes=["Egress"], egress=[rule])


SYSTEM = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
PRIVATE = {"ipBlock": {"cidr": "10.0.0.0/8"}}
WORLD = {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]}
CLOSED = (
    "the user server reaches no DNS: no egress rule of NetworkPolicy p opens port 53 to the "
    "resolver"
)
ON_CILIUM = (
    "the user server reaches no DNS on Cilium: no egress rule of NetworkPolicy p opens port 53 to "
    "the resolver's pods in kube-system"
)
POLICIES: dict[str, tuple[list[Resource], list[str]]] = {
    "no policy": ([], []),
    "its pods": ([dns(SYSTEM)], []),
    "its own pods": ([dns(SYSTEM | {"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}})], []),
    "other pods there": (
        [dns(SYSTEM | {"podSelector": {"matchLabels": {"k8s-app": "x"}}})],
        [CLOSED],
    ),
    "all namespaces": ([dns({"namespaceSelector": {}})], []),
    "everywhere": ([policy("p", {}, policyTypes=["Egress"], egress=[{}])], []),
    "private addresses": ([dns(PRIVATE)], [ON_CILIUM]),
    "one private address": ([dns({"ipBlock": {"cidr": "10.96.0.10/32"}})], [ON_CILIUM]),
    "public addresses": ([dns({"ipBlock": WORLD})], [CLOSED]),
    "the cloud's metadata": ([dns({"ipBlock": {"cidr": "169.254.169.254/32"}})], [CLOSED]),
    "TCP": ([dns(SYSTEM, protocol="TCP")], [CLOSED]),
    "another port": ([dns(SYSTEM, port=443)], [CLOSED]),
    "nothing": (
        [policy("p", {"matchLabels": hub_pod("singleuser-server")}, policyTypes=["Egress"])],
        [CLOSED],
    ),
    "added up": (
        [
            dns(PRIVATE, port=443),
            policy("o", {}, policyTypes=["Egress"], egress=[{"to": [SYSTEM]}]),
        ],
        [],
    ),
    "ingress alone": ([policy("p", {}, policyTypes=["Ingress"])], []),
}


@pytest.mark.parametrize("name", POLICIES)
def test_server_that_reaches_no_dns_is_found(name: str) -> None:
    policies, expected = POLICIES[name]
    assert [one for one in told(dns_blocked, *policies) if "hub reaches" not in one] == expected


def moved(one: Rendered, **changes: Any) -> Rendered:
    spec = {**one.application["spec"], **changes}
    return replace(one, application={**one.application, "spec": spec})


KINDS: dict[str, tuple[Resource, str]] = {
    "a cluster-wide kind": (
        written("scheduling.k8s.io/v1", "PriorityClass", "p"),
        "jupyterhub: PriorityClass 'p' is of a kind that AppProject 'protocoast-fedcloud' does not "
        "allow: PriorityClass of scheduling.k8s.io",
    ),
    "another namespace": (
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "other"}},
        "jupyterhub: Secret 's' is for namespace 'other': AppProject 'protocoast-fedcloud' allows "
        "'daskhub' here, no other",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_object_of_a_chart_that_the_project_refuses_is_found(name: str) -> None:
    resource, why = KINDS[name]
    found = project_refuses.check(rendering(release("jupyterhub", [resource])))
    assert [one.message for one in found] == [why]


SOURCES: dict[str, tuple[Resource, str]] = {
    "another repository": (
        {"source": {"repoURL": "https://x.example.org", "chart": "jupyterhub"}},
        "is from 'https://x.example.org', which AppProject 'protocoast-fedcloud' does not allow",
    ),
    "another project": (
        {"project": "default"},
        "is in AppProject 'default', not in 'protocoast-fedcloud'",
    ),
    "another namespace": (
        {"destination": {"server": "https://kubernetes.default.svc", "namespace": "x"}},
        "does not go to namespace 'daskhub' of its own cluster",
    ),
    "another cluster": (
        {"destination": {"server": "https://x.example.org", "namespace": "daskhub"}},
        "does not go to namespace 'daskhub' of its own cluster",
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_application_that_its_project_refuses_is_found(name: str) -> None:
    changes, why = SOURCES[name]
    found = list(project_refuses.check(rendering(moved(release("jupyterhub", []), **changes))))
    assert [one.message for one in found] == [
        f"production: Application 'protocoast-jupyterhub-production' {why}"
    ]
    assert list(project_refuses.check(rendering(release("jupyterhub", [])))) == []


def sealed(name: str, **template: Any) -> Resource:
    """As `kubeseal` prints it."""
    metadata: Resource = {"name": name, "namespace": "daskhub", "creationTimestamp": None}
    return {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": {**metadata, "annotations": {"sealedsecrets.bitnami.com/cluster-wide": "true"}},
        "spec": {
            "encryptedData": {".dockerconfigjson": "AgBy3i4OJSWK+PiTySYZZA=="},
            "template": {"metadata": metadata | {"labels": {"a": "b"}}, **template},
        },
    }


SEALED: dict[str, tuple[Resource, str]] = {
    "a pull secret": (sealed("pull", type="kubernetes.io/dockerconfigjson"), ""),
    "an immutable one": (sealed("pull", immutable=True), ""),
    "with a template": (sealed("pull", data={"url": "https://{{ .host }}"}), ""),
    "without data of it": (sealed("pull", data=None), ""),
    "with a status": (sealed("pull") | {"status": {}}, ""),
    "misspelt": (sealed("pull", imutable=True), "/spec/template has no field 'imutable'"),
    "of a wrong type": (sealed("pull", type=5), "/spec/template/type is not string"),
    "without ciphertexts": (sealed("pull") | {"spec": {}}, "/spec lacks 'encryptedData'"),
    "in place of hubops' own": (
        sealed("hub-secrets", immutable=True),
        "/spec/template has no field 'immutable'",
    ),
}


@pytest.mark.parametrize("name", SEALED)
def test_sealed_secret_of_kubeseal_is_judged_by_its_own_definition(name: str) -> None:
    resource, why = SEALED[name]
    said = told(object_refused, resource)
    own = f"namespace: SealedSecret '{resource['metadata']['name']}': "
    mine = [one.removeprefix(own) for one in said if one.startswith(own)]
    assert (why in mine) if why else mine == []


FULL: Resource = {
    "imagePullSecrets": [{"name": "a"}],
    "hub": {"config": {"KubeSpawner": {"mem_limit": "1G"}, "Spawner": {"cpu_limit": 1}}},
    "singleuser": {
        "image": {"name": "a", "tag": "1", "pullSecrets": ["b"]},
        "memory": {"limit": "1G", "guarantee": "2G"},
        "extraResource": {"limits": {"g": "1"}},
        "extraEnv": {"A": {"valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}},
        "extraLabels": {"a": "b"},
        "extraFiles": {"f": {"mountPath": "/"}},
        "initContainers": [{"name": "i", "securityContext": {"capabilities": {"add": ["X"]}}}],
        "extraContainers": [
            {"name": "e", "ports": [{"hostPort": 1}], "resources": {"limits": {"a": 1}}}
        ],
        "extraPodConfig": {
            "securityContext": {"sysctls": [{"name": "a"}], "seLinuxOptions": {"type": "b"}}
        },
        "networkPolicy": {},
        "storage": {
            "type": "static",
            "static": {"pvcName": "c"},
            "capacity": "1Gi",
            "extraVolumes": [{"name": "v", "hostPath": {"path": "/"}}],
        },
        "cloudMetadata": {"blockWithIptables": True},
        "profileList": [
            {
                "display_name": "p",
                "kubespawner_override": {
                    "environment": {"B": {"valueFrom": {}}},
                    "extra_pod_config": {},
                },
                "profile_options": {
                    "o": {"choices": {"c": {"kubespawner_override": {"mem_limit": "1G"}}}}
                },
            }
        ],
    },
}
AROUND: list[Resource] = [
    quota(pods="1", cpu="1", services__nodeports="0"),
    limits(max={"memory": "1Gi"}, min={"cpu": "1"}, default={"cpu": "1"}),
    limits("PersistentVolumeClaim", max={"storage": "1Mi"}),
    service("NodePort"),
    claim("1Gi"),
    dns(SYSTEM, PRIVATE),
    sealed("pull"),
    *(route for route, _ in ROUTES.values()),
]
ODD: tuple[Any, ...] = (None, 5, "text", [[5], {}], {"a": [None]})
JUDGES: tuple[Any, ...] = (
    *(dns_blocked, hop_blocked, host_taken, hub_image_foreign, limit_range, project_refuses),
    *(quota_exceeded, reference_missing, request_above_limit, security_refused),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def with_odd(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = inner = copy.deepcopy(node)
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_no_check_stumbles_over_what_values_may_hold(value: Any) -> None:
    for path in places(FULL):
        one = hub(with_odd(FULL, path, value))
        for check in JUDGES:
            list(check.check(rendering(one, namespace(*AROUND))))


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_no_check_stumbles_over_what_a_namespace_may_hold(value: Any) -> None:
    one = hub(FULL)
    for path in (path for path in places(AROUND) if len(path) > 1 and path[1] != "kind"):
        inside = with_odd(AROUND, path, value)
        for check in JUDGES:
            list(check.check(rendering(one, namespace(inside[path[0]], *AROUND[:2]))))
