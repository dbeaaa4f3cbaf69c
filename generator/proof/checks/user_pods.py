"""The pods that users will start, as KubeSpawner and Dask Gateway make them of the chart's values.

What Python under `hub.extraConfig` or `gateway.extraConfig` changes is not seen here, but for what
hubops' own adds to lists.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from generator.charts.profile_traits import ADDS
from generator.proof.checks.workloads import Namespace, Pod, pods
from generator.proof.rendering import Rendered, entries, listed, part
from generator.site.releases import GATEWAY, HUB
from generator.yaml.stream import read

_Map = Mapping[str, Any]
Fault = TypeVar("Fault")
SERVER = "a user's server"

# Of KubeSpawner's settings those that matter here, and the chart's value of each below
# `singleuser` (jupyterhub files/hub/jupyterhub_config.py).
_TRAITS = {
    "allow_privilege_escalation": "allowPrivilegeEscalation",
    "cpu_guarantee": "cpu guarantee",
    "cpu_limit": "cpu limit",
    "environment": "extraEnv",
    "extra_containers": "extraContainers",
    "extra_labels": "extraLabels",
    "extra_pod_config": "extraPodConfig",
    "extra_resource_guarantees": "extraResource guarantees",
    "extra_resource_limits": "extraResource limits",
    "fs_gid": "fsGid",
    "init_containers": "initContainers",
    "mem_guarantee": "memory guarantee",
    "mem_limit": "memory limit",
    "profile_list": "profileList",
    "service_account": "serviceAccountName",
    "uid": "uid",
}
# KubeSpawner takes Kubernetes' keys in Python's spelling too; these three have capitals.
_CAPITALS = {"hostIpc": "hostIPC", "hostPid": "hostPID"}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)([KMGT])", re.ASCII)
_POWERS = {unit: 1024**power for power, unit in enumerate("KMGT", 1)}


def all_pods(releases: Iterable[Rendered]) -> list[Pod]:
    """The pods of the workloads that will have some, then those of users."""
    rendered = [pod for release in releases for pod in pods(release) if pod.replicas]
    return rendered + [pod for release in releases for pod in user_pods(release)]


def user_pods(release: Rendered) -> Iterator[Pod]:
    """The pods that a release's hub or gateway will make; each that differs from those before."""
    if release.chart is None or not release.objects:
        return
    if release.app == GATEWAY:
        yield from _dask_pods(release)
    if release.app == HUB:
        values = hub_values(release)
        seen: list[tuple[_Map, _Map]] = []
        for owner, traits in _choices(_traits(values)):
            labels, spec = _labels(release, traits), _spec(traits)
            if (labels, spec) not in seen:
                seen.append((labels, spec))
                yield Pod(owner=owner, labels=labels, spec=spec, is_users=True)


def hub_values(release: Rendered) -> _Map:
    """The values with the chart's defaults, as the chart writes them into the hub's Secret."""
    secret = Namespace(releases=(release,)).named("Secret").get("hub", {})
    return _opened(str(part(secret, "data").get("values.yaml", ""))) or release.values


@lru_cache(maxsize=64)  # several checks ask
def _opened(encoded: str) -> _Map:
    try:
        return part(read(base64.b64decode(encoded).decode("utf-8")))
    except ValueError:
        return {}


def server(release: Rendered) -> Pod:
    """A user's server before a profile is chosen."""
    traits = _traits(hub_values(release))
    return Pod(owner=SERVER, labels=_labels(release, traits), spec=_spec(traits))


def _labels(release: Rendered, traits: _Map) -> dict[str, str]:
    labels = {
        "app": "jupyterhub",
        "component": "singleuser-server",
        "release": release.chart.release if release.chart is not None else "",
        **(part(traits, "extra_labels") or {"hub.jupyter.org/network-access-hub": "true"}),
    }
    return {key: str(value) for key, value in labels.items()}


def _traits(values: _Map) -> dict[str, Any]:
    """KubeSpawner's settings: what the chart makes of its values, then `hub.config`."""
    singleuser = part(values, "singleuser")
    image = part(singleuser, "image")
    traits = {
        name: value
        for name, path in _TRAITS.items()
        if (value := _reached(singleuser, path.split())) is not None
    }
    traits["image"] = ":".join(str(image[key]) for key in ("name", "tag") if image.get(key))
    traits["image_pull_secrets"] = [
        *([{"name": "image-pull-secret"}] if _makes_pull_secret(values) else []),
        *listed(values, "imagePullSecrets"),
        *listed(image, "pullSecrets"),
    ]
    traits["volumes"] = _volumes(singleuser)
    if part(singleuser, "cloudMetadata").get("blockWithIptables") is True:
        block = {
            "name": "block-cloud-metadata",
            "resources": part(singleuser, "networkTools", "resources"),
            "securityContext": {"privileged": True, "capabilities": {"add": ["NET_ADMIN"]}},
        }
        traits["init_containers"] = [*_maps(traits.get("init_containers")), block]
    if part(values, "scheduling", "podPriority").get("enabled"):
        traits["priority_class_name"] = "priority"
    config = part(values, "hub", "config")
    return {**part(config, "Spawner"), **traits, **part(config, "KubeSpawner")}


def _makes_pull_secret(values: _Map) -> bool:
    pull = part(values, "imagePullSecret")
    return bool(pull.get("create") and pull.get("automaticReferenceInjection"))


def _reached(node: Any, path: list[str]) -> Any:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _volumes(singleuser: _Map) -> list[_Map]:
    storage = part(singleuser, "storage")
    claim = ""
    if storage.get("type") == "dynamic":
        claim = "{pvc_name}"
    elif storage.get("type") == "static":
        claim = str(part(storage, "static").get("pvcName") or "")
    home = [{"name": "home", "persistentVolumeClaim": {"claimName": claim}}] if claim else []
    files = part(singleuser, "extraFiles")
    secret = {"secretName": "singleuser", "items": [{"key": key} for key in files]}
    mounted = [{"name": "files", "secret": secret}] if files else []
    return [*home, *mounted, *_maps(storage.get("extraVolumes"))]


def _maps(node: Any) -> list[_Map]:
    """The entries of a list, or of a map by its keys: the newer charts take both."""
    values = [node[key] for key in sorted(node, key=str)] if isinstance(node, Mapping) else node
    of_list = values if isinstance(values, list) else []
    return [_camel(one) for one in of_list if isinstance(one, Mapping)]


def _choices(traits: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Who starts what: each profile, and each choice of its options; without one, all alike."""
    profiles = entries(traits, "profile_list")
    if not profiles:
        yield SERVER, traits
    for profile in profiles:
        owner = f"{SERVER} of profile '{profile.get('display_name') or profile.get('slug')}'"
        chosen = _overridden(traits, profile)
        options = part(profile, "profile_options")
        if not options:
            yield owner, chosen
        for name, option in options.items():
            for key, choice in part(option, "choices").items():
                yield f"{owner}, {name} '{key}'", _overridden(chosen, choice)


def _overridden(traits: dict[str, Any], chosen: Any) -> dict[str, Any]:
    """Settings under a `kubespawner_override`: maps are merged, null takes a key out of one."""
    changed = dict(traits)
    for name, value in part(chosen, "kubespawner_override").items():
        old = traits.get(name)
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        changed[name] = _updated(old, value) if both else value
    for name, more in part(chosen, ADDS).items():
        changed[name] = [*_maps(changed.get(name)), *_maps(more)]
    return changed


def _updated(old: Any, new: _Map) -> dict[str, Any]:
    merged = dict(old) if isinstance(old, Mapping) else {}
    for key, value in new.items():
        if isinstance(value, Mapping):
            merged[key] = _updated(merged.get(key), value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _spec(traits: _Map) -> dict[str, Any]:
    """The pod of these settings (kubespawner/objects.py, make_pod)."""
    resources = {
        "requests": {
            "cpu": traits.get("cpu_guarantee"),
            "memory": _bytes(traits.get("mem_guarantee")),
            **part(traits, "extra_resource_guarantees"),
        },
        "limits": {
            "cpu": traits.get("cpu_limit"),
            "memory": _bytes(traits.get("mem_limit")),
            **part(traits, "extra_resource_limits"),
        },
    }
    context = {
        "runAsUser": traits.get("uid"),
        "runAsGroup": traits.get("gid"),
        "privileged": traits.get("privileged") or None,
        "allowPrivilegeEscalation": traits.get("allow_privilege_escalation", False),
    }
    of_pod = {
        "fsGroup": traits.get("fs_gid"),
        "supplementalGroups": traits.get("supplemental_gids") or None,
    }
    notebook: dict[str, Any] = {
        "name": "notebook",
        "image": traits.get("image"),
        "ports": [{"name": "notebook-port", "containerPort": 8888}],
        "env": [
            {"name": name, **value} if isinstance(value, Mapping) else {"name": name}
            for name, value in part(traits, "environment").items()
        ],
        "resources": {kind: _without_empty(given) for kind, given in resources.items()},
        "securityContext": {
            **_given(context),
            **part(traits, "container_security_context"),
        },
        **_camel(part(traits, "extra_container_config")),
    }
    return {
        "containers": [notebook, *_maps(traits.get("extra_containers"))],
        "initContainers": _maps(traits.get("init_containers")),
        "volumes": _maps(traits.get("volumes")),
        "serviceAccountName": traits.get("service_account"),
        "priorityClassName": traits.get("priority_class_name"),
        "imagePullSecrets": [
            {"name": one} if isinstance(one, str) else one
            for one in listed(traits, "image_pull_secrets")
        ],
        "securityContext": {**_given(of_pod), **part(traits, "pod_security_context")},
        **_camel(part(traits, "extra_pod_config")),
    }


def _without_empty(given: _Map) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value not in (None, "", 0)}


def _given(fields: _Map) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _bytes(size: Any) -> Any:
    """KubeSpawner's `1.5G` as bytes: its units are powers of 1024."""
    match = _MEMORY.fullmatch(size) if isinstance(size, str) else None
    return size if match is None else int(float(match[1]) * _POWERS[match[2]])


def _camel(fields: _Map) -> dict[str, Any]:
    """Fields in Kubernetes' spelling."""
    found = {}
    for key, value in fields.items():
        first, *words = str(key).split("_")
        name = first + "".join(word[:1].upper() + word[1:] for word in words)
        found[_CAPITALS.get(name, name)] = value
    return found


def _dask_pods(release: Rendered) -> Iterator[Pod]:
    """Schedulers and workers (dask_gateway_server/backends/kubernetes/controller.py)."""
    backend = part(release.values, "gateway", "backend")
    for role in ("scheduler", "worker"):
        given = part(backend, role)
        resources = {
            kind: _without_empty(
                {
                    "cpu": part(given, "cores").get(key),
                    "memory": _bytes(part(given, "memory").get(key)),
                }
            )
            for kind, key in (("requests", "request"), ("limits", "limit"))
        }
        container = {"name": f"dask-{role}", "resources": resources}
        spec: dict[str, Any] = {"imagePullSecrets": listed(backend, "imagePullSecrets")}
        spec |= part(given, "extraPodConfig")
        container |= part(given, "extraContainerConfig")
        spec["containers"] = [container, *entries(given, "extraPodConfig", "containers")]
        yield Pod(owner=f"a Dask {role}", labels={}, spec=spec, is_users=True)


def each_once(
    release: Rendered, judge: Callable[[Pod], Iterator[Fault]]
) -> Iterator[tuple[str, Fault]]:
    """The faults of a release's pods with their owners; what profiles share is told once."""
    told: set[tuple[str, Fault]] = set()
    for pod in all_pods([release]):
        for fault in judge(pod):
            key = pod.owner.partition(" of profile ")[0], fault
            if key not in told:
                told.add(key)
                yield pod.owner, fault
