"""The pods of users: made as the real KubeSpawner makes them, and judged."""

from collections.abc import Mapping
from typing import Any

import pytest

from generator.diagnostics import Finding
from generator.proof.checks import (
    hub_image_foreign,
    reference_missing,
    request_above_limit,
    security_refused,
)
from generator.proof.checks.base import Check
from generator.proof.checks.user_pods import user_pods
from generator.proof.checks.workloads import Pod
from tests.support import programs
from tests.support.renderings import Resource as Raw
from tests.support.renderings import hub, namespace, release, rendering, workload

HUBS = ("jupyterhub-4.1.6", "jupyterhub-5.5.0")


def profile(name: str, **override: Any) -> Raw:
    return {"display_name": name, "slug": name, "kubespawner_override": override}


SIZES = {
    "display_name": "Size",
    "choices": {
        "a": {"display_name": "a", "kubespawner_override": {"cpu_guarantee": 4, "mem_limit": "1G"}},
        "b": {"display_name": "b", "kubespawner_override": {"extra_resource_limits": {"g": "1"}}},
    },
}
TRAITS: dict[str, Raw] = {
    "nothing": {},
    "sizes": {"cpu_guarantee": 1, "cpu_limit": 2.5, "mem_guarantee": "1.5G", "mem_limit": "2G"},
    "contexts": {
        "uid": 0,
        "gid": 5,
        "fs_gid": 100,
        "supplemental_gids": [7],
        "privileged": True,
        "allow_privilege_escalation": True,
        "container_security_context": {"privileged": False, "procMount": "Unmasked"},
        "pod_security_context": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
    },
    "references": {
        "environment": {"A": {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}, "B": "b"},
        "service_account": "robot",
        "image_pull_secrets": ["one", {"name": "two"}],
        "priority_class_name": "high",
        "volumes": [{"name": "v", "secret": {"secretName": "v"}}],
    },
    "more containers": {
        "init_containers": [
            {"name": "i", "image": "i:1", "security_context": {"privileged": True}}
        ],
        "extra_containers": [{"name": "e", "image": "e:1", "env_from": [{"secretRef": {}}]}],
    },
    "the pod's own": {
        "volumes": [{"name": "v", "emptyDir": {}}],
        "extra_pod_config": {
            "host_network": True,
            "hostPID": True,
            "host_ipc": True,
            "volumes": [{"name": "h", "hostPath": {"path": "/"}}],
        },
        "extra_container_config": {
            "envFrom": [{"secretRef": {"name": "s"}}],
            "security_context": {},
        },
    },
    "profiles": {
        "mem_limit": "2G",
        "environment": {"A": {"valueFrom": {"fieldRef": {"fieldPath": "x"}}}},
        "profile_list": [
            profile("a", mem_guarantee="4G", environment={"B": {"valueFrom": {"x": 1}}}),
            profile("b", volumes=[{"name": "h", "hostPath": {"path": "/"}}], mem_limit=None),
            {**profile("c", cpu_limit=1), "profile_options": {"size": SIZES}},
        ],
    },
}
CHOICES = {
    "profiles": [
        {"profile": "a"},
        {"profile": "b"},
        *({"profile": "c", "size": one} for one in "ab"),
    ]
}


def plain(spec: Mapping[str, Any]) -> Raw:
    """A pod's spec without what is empty, and without what no check looks at."""
    containers = {
        key: [
            {
                "name": one["name"],
                "resources": {
                    kind: {
                        name: str(float(size) if name == "cpu" else size)
                        for name, size in many.items()
                    }
                    for kind, many in (one.get("resources") or {}).items()
                    if many
                },
                "context": one.get("securityContext") or {},
                "env": [each for each in one.get("env") or [] if each.get("valueFrom")],
                "envFrom": one.get("envFrom") or [],
            }
            for one in spec.get(key) or []
        ]
        for key in ("containers", "initContainers")
    }
    rest = ("automountServiceAccountToken", "restartPolicy", *containers)
    return containers | {key: value for key, value in spec.items() if value and key not in rest}


@pytest.mark.tools
@pytest.mark.parametrize("python", HUBS)
@pytest.mark.parametrize("name", TRAITS)
def test_pods_are_those_that_the_real_spawner_makes(python: str, name: str) -> None:
    choices = CHOICES.get(name, [{}])
    real = programs.probe("spawner_probe.py", python, {"traits": TRAITS[name], "choices": choices})
    made = user_pods(hub({"hub": {"config": {"KubeSpawner": TRAITS[name]}}}))
    assert [plain(pod.spec) for pod in made] == [plain(spec) for spec in real]


def pod_of(values: Raw) -> Pod:
    [pod] = user_pods(hub(values))
    return pod


def test_chart_values_become_settings_of_the_spawner() -> None:
    values = {
        "imagePullSecret": {"create": True, "automaticReferenceInjection": True},
        "imagePullSecrets": [{"name": "all"}],
        "scheduling": {"podPriority": {"enabled": True}},
        "singleuser": {
            "image": {"name": "a/b", "tag": "1", "pullSecrets": ["own"]},
            "cpu": {"limit": 2},
            "memory": {"guarantee": "1G"},
            "extraResource": {"limits": {"ephemeral-storage": "1Gi"}},
            "extraFiles": {"f": {"mountPath": "/f"}},
            "cloudMetadata": {"blockWithIptables": True},
            "storage": {
                "type": "static",
                "static": {"pvcName": "shared"},
                "extraVolumes": {"x": {"name": "x", "nfs": {}}},
            },
        },
    }
    spec = pod_of(values).spec
    assert [one["name"] for one in spec["imagePullSecrets"]] == ["image-pull-secret", "all", "own"]
    assert spec["priorityClassName"] == "priority"
    assert spec["containers"][0]["image"] == "a/b:1"
    assert spec["containers"][0]["resources"] == {
        "requests": {"memory": 1024**3},
        "limits": {"cpu": 2, "ephemeral-storage": "1Gi"},
    }
    assert [one["name"] for one in spec["initContainers"]] == ["block-cloud-metadata"]
    assert [one["name"] for one in spec["volumes"]] == ["home", "files", "x"]
    assert spec["volumes"][0]["persistentVolumeClaim"]["claimName"] == "shared"


def told(check: Check, singleuser: Raw, *more: Raw, config: Raw | None = None) -> list[str]:
    """What a check says of a hub with these values, and objects beside it in the namespace."""
    values = {"singleuser": singleuser, "hub": {"config": {"KubeSpawner": config or {}}}}
    found = check.check(rendering(hub(values), namespace(*more)))
    return [one.message.partition("a user's server")[2].removeprefix(" ") for one in found]


def volume(**source: Any) -> Raw:
    return {"storage": {"extraVolumes": [{"name": "v", **source}]}}


REFUSED: dict[str, tuple[Raw, str]] = {
    "a path of the node": (volume(hostPath={"path": "/d"}), "has the hostPath volume 'v' (/d)"),
    "a privileged container": (
        {"extraContainers": [{"name": "x", "securityContext": {"privileged": True}}]},
        "has the privileged container 'x'",
    ),
    "a privileged container before the start": (
        {"initContainers": [{"name": "x", "securityContext": {"privileged": True}}]},
        "has the privileged container 'x'",
    ),
    "the node's network": ({"extraPodConfig": {"hostNetwork": True}}, "has 'hostNetwork'"),
    "the node's processes": ({"extraPodConfig": {"host_pid": True}}, "has 'hostPID'"),
    "a capability": (
        {
            "extraContainers": [
                {"name": "x", "securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}
            ]
        },
        "has container 'x' with the capabilities SYS_ADMIN",
    ),
    "a port of the node": (
        {"extraContainers": [{"name": "x", "ports": [{"containerPort": 1, "hostPort": 80}]}]},
        "has container 'x' with the host port 80",
    ),
    "no seccomp": (
        {"extraPodConfig": {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}},
        "has seccompProfile 'Unconfined' of the pod",
    ),
    "a sysctl": (
        {"extraPodConfig": {"securityContext": {"sysctls": [{"name": "kernel.msgmax"}]}}},
        "has the sysctl 'kernel.msgmax'",
    ),
    "SELinux": (
        {"extraPodConfig": {"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}},
        "has seLinuxOptions of the pod",
    ),
    "proc": (
        {"extraContainers": [{"name": "x", "securityContext": {"procMount": "Unmasked"}}]},
        "has container 'x' with procMount 'Unmasked'",
    ),
    "Windows": (
        {"extraPodConfig": {"securityContext": {"windowsOptions": {"hostProcess": True}}}},
        "has 'hostProcess' of the pod",
    ),
    "in a profile": (
        {
            "profileList": [
                profile("p"),
                profile("q", privileged=True),
                profile("r", privileged=True),
            ]
        },
        "of profile 'q' has the privileged container 'notebook'",
    ),
    "in a choice": (
        {
            "profileList": [
                {
                    "display_name": "p",
                    "profile_options": {
                        "o": {
                            "choices": {
                                "c": {
                                    "kubespawner_override": {"extra_pod_config": {"hostIPC": True}}
                                }
                            }
                        }
                    },
                }
            ]
        },
        "of profile 'p', o 'c' has 'hostIPC'",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_pod_that_pod_security_refuses_is_found(name: str) -> None:
    singleuser, why = REFUSED[name]
    assert told(security_refused, singleuser) == [why]


def test_pod_that_pod_security_takes_is_none() -> None:
    fine = {
        "extraContainers": [{"name": "x", "securityContext": {"capabilities": {"add": ["CHOWN"]}}}],
        **volume(nfs={"server": "n", "path": "/"}),
    }
    assert told(security_refused, fine) == []


def test_pod_of_the_chart_and_dask_pods_are_judged_too() -> None:
    path = {"volumes": [{"name": "v", "hostPath": {"path": "/d"}}]}
    made = workload("w", {}, 1)
    made["spec"]["template"]["spec"] |= path
    worker = {"gateway": {"backend": {"worker": {"extraPodConfig": path}}}}
    gateway = release("dask-gateway", [made], values=worker)
    found = security_refused.check(rendering(gateway, namespace()))
    assert [one.message for one in found] == [
        "production: dask-gateway: Deployment 'w' has the hostPath volume 'v' (/d)",
        "production: dask-gateway: a Dask worker has the hostPath volume 'v' (/d)",
    ]


CROSSED: dict[str, tuple[Raw, Raw, list[str]]] = {
    "memory": (
        {"memory": {"guarantee": "4G", "limit": "2G"}},
        {},
        [": container 'notebook' requests 4Gi of memory, above its limit 2Gi"],
    ),
    "cpu": (
        {"cpu": {"guarantee": 1, "limit": 0.5}},
        {},
        [": container 'notebook' requests 1 of cpu, above its limit 0.5"],
    ),
    "more resources": (
        {
            "extraResource": {
                "guarantees": {"ephemeral-storage": "2Gi"},
                "limits": {"ephemeral-storage": "1Gi"},
            }
        },
        {},
        [": container 'notebook' requests 2Gi of ephemeral-storage, above its limit 1Gi"],
    ),
    "half in a profile": (
        {"memory": {"limit": "2G"}, "profileList": [profile("p", mem_guarantee="3G")]},
        {},
        ["of profile 'p': container 'notebook' requests 3Gi of memory, above its limit 2Gi"],
    ),
    "in the spawner's own settings": (
        {},
        {"mem_guarantee": "2G", "mem_limit": "1G"},
        [": container 'notebook' requests 2Gi of memory, above its limit 1Gi"],
    ),
    "another container": (
        {
            "initContainers": [
                {"name": "i", "resources": {"requests": {"cpu": 2}, "limits": {"cpu": "500m"}}}
            ]
        },
        {},
        [": container 'i' requests 2 of cpu, above its limit 0.5"],
    ),
    "equal": ({"memory": {"guarantee": "2G", "limit": "2G"}, "cpu": {"guarantee": 1}}, {}, []),
    "no size": ({"memory": {"guarantee": "much", "limit": "2G"}}, {}, []),
}


@pytest.mark.parametrize("name", CROSSED)
def test_guarantee_above_the_limit_is_found(name: str) -> None:
    singleuser, config, why = CROSSED[name]
    assert [one.strip() for one in told(request_above_limit, singleuser, config=config)] == why


MISSING: dict[str, tuple[Raw, str]] = {
    "Secret of a variable": (
        {"extraEnv": {"A": {"valueFrom": {"secretKeyRef": {"name": "gone", "key": "k"}}}}},
        "there is no Secret 'gone'",
    ),
    "Secret of a volume": (volume(secret={"secretName": "gone"}), "there is no Secret 'gone'"),
    "ConfigMap": (volume(configMap={"name": "gone"}), "there is no ConfigMap 'gone'"),
    "ServiceAccount": ({"serviceAccountName": "gone"}, "there is no ServiceAccount 'gone'"),
    "pull secret": ({"image": {"pullSecrets": ["gone"]}}, "there is no Secret 'gone'"),
    "claim": (
        volume(persistentVolumeClaim={"claimName": "gone"}),
        "there is no PersistentVolumeClaim 'gone'",
    ),
    "static home": (
        {"storage": {"type": "static", "static": {"pvcName": "gone"}}},
        "there is no PersistentVolumeClaim 'gone'",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_server_that_needs_what_is_not_there_is_found(name: str) -> None:
    singleuser, why = MISSING[name]
    assert told(reference_missing, singleuser) == [f": {why}"]
    kinds = ("Secret", "ConfigMap", "ServiceAccount", "PersistentVolumeClaim")
    there = [
        {"apiVersion": "v1", "kind": kind, "metadata": {"name": "gone"}, "data": {"k": ""}}
        for kind in kinds
    ]
    assert told(reference_missing, singleuser, *there) == []


def test_claim_of_each_user_is_none_that_must_be_there() -> None:
    own = volume(persistentVolumeClaim={"claimName": "data-{username}"})
    own["storage"]["type"] = "dynamic"
    assert told(reference_missing, own) == []


IMAGES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "the chart's": ("quay.io/jupyterhub/k8s-hub:3.3.8", []),
    "of the same JupyterHub": ("mirror.example.org/k8s-hub:3.3.8-arm64", []),
    "a later one": (
        "quay.io/jupyterhub/k8s-hub:4.4.0",
        [("error", "carries JupyterHub 5.5.0; chart 3.3.8 is for 4.1.6")],
    ),
    "JupyterHub's own": (
        "quay.io/jupyterhub/jupyterhub:5.2.1",
        [("error", "carries JupyterHub 5.2.1; chart 3.3.8 is for 4.1.6")],
    ),
    "someone's": ("coast/hub:main", [("info", "hubops can't tell which JupyterHub")]),
    "a digest": ("coast/hub@sha256:" + "0" * 64, [("info", "hubops can't tell which JupyterHub")]),
}


@pytest.mark.parametrize("name", IMAGES)
def test_hub_of_another_jupyterhub_is_found(name: str) -> None:
    image, expected = IMAGES[name]
    made = workload("hub", {"app": "jupyterhub"}, 8081, image=image)
    written = {"hub": {"image": {"tag": "x"}}}
    found = list(hub_image_foreign.check(rendering(release("jupyterhub", [made], values=written))))
    assert all(isinstance(one, Finding) for one in found)
    assert [str(one.severity) for one in found] == [severity for severity, _ in expected]
    assert all(why in one.message for one, (_, why) in zip(found, expected, strict=True))


def test_sample_server_of_another_major_jupyterhub_is_found() -> None:
    servers = {
        "singleuser": {
            "image": {"name": "quay.io/jupyterhub/k8s-singleuser-sample", "tag": "4.4.0"}
        }
    }
    [one] = hub_image_foreign.check(rendering(hub(servers)))
    assert "of servers carries JupyterHub 5.5.0" in one.message
