"""The API server refuses an object that fits its schema.

Kubernetes' schemas say which fields there are; the API server also holds them against each other. A
workload's selector must match the labels of its own pods, a mounted volume must be one of the
pod's, and containers, volumes and ports of one object have different names. Argo CD's sync fails
with the same words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored
from generator.proof.checks.workloads import Pod, containers, pods
from generator.proof.rendering import Rendering, Resource, entries, identity, part

finding = errors("M942")

_HELP = "fix it where it is written, in the 'extra' folder or in values"
_SELECTS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")


def check(rendering: Rendering) -> Findings:
    """One finding for each such fault of an object."""
    for release in rendering.releases:
        faults = [
            (str(identity(resource, "")), what)
            for resource in release.objects
            for what in _of_object(resource)
        ]
        faults += [(pod.owner, what) for pod in pods(release) for what in _of_pod(pod)]
        for owner, what in dict.fromkeys(faults):
            text = f"{release.app}: {owner}: {what}"
            yield anchored(finding, release.environment, None, text, _HELP)


def _of_object(resource: Resource) -> Iterator[str]:
    kind = resource.get("kind")
    if kind in _SELECTS:
        labels = part(resource, "spec", "template", "metadata", "labels")
        selected = part(resource, "spec", "selector", "matchLabels")
        wrong = [key for key, value in selected.items() if labels.get(key) != value]
        if wrong:
            yield f"its selector does not match the label '{wrong[0]}' of its own pods"
    elif kind == "Service":
        ports = entries(resource, "spec", "ports")
        if len(ports) > 1 and not all(port.get("name") for port in ports):
            yield "of several ports each needs a name"
        yield from _twice("ports", ports)


def _of_pod(pod: Pod) -> Iterator[str]:
    spec = pod.spec
    volumes = entries(spec, "volumes")
    yield from _twice("containers", containers(spec))
    yield from _twice("volumes", volumes)
    known = {volume.get("name") for volume in volumes} | pod.claimed
    for container in containers(spec):
        for mount in entries(container, "volumeMounts"):
            if mount.get("name") not in known:
                yield f"container '{container.get('name')}' mounts no volume '{mount.get('name')}'"


def _twice(what: str, named: list[Mapping[str, Any]]) -> Iterator[str]:
    counted = Counter(str(one["name"]) for one in named if one.get("name"))
    yield from (f"two {what} are called '{name}'" for name, n in counted.items() if n > 1)
