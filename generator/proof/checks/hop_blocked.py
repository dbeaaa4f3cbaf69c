"""The rendered network policies stop a call that Dask Gateway needs.

User servers, the hub and its proxy call the gateway's traefik; the gateway calls the hub.
Policies see pods, and ports of pods; on Cilium an address block never matches a pod, so none
counts here.
"""

from collections.abc import Mapping
from typing import Any

from generator.charts.origins import origin
from generator.lint.rules.base import Findings, errors
from generator.proof.checks import user_pods
from generator.proof.checks.base import anchored, whole
from generator.proof.checks.workloads import Namespace, Pod, matches, selecting
from generator.proof.rendering import Rendering, entries, listed, part

finding = errors("M932")

_HELP = "allow it in the chart's networkPolicy, or remove what narrows it under 'values'"
_HUB = {"app": "jupyterhub"}
_DASK = {"app.kubernetes.io/name": "dask-gateway"}
_COMPONENT = "app.kubernetes.io/component"
# The labels of the pods that take part, but for users' servers.
_LABELS = {
    "hub": {**_HUB, "component": "hub"},
    "proxy": {**_HUB, "component": "proxy"},
    "gateway": {**_DASK, _COMPONENT: "traefik"},
    "gateway api": {**_DASK, _COMPONENT: "gateway"},
}
# Who calls whom, on which port of the pod, and which policy's values open it.
_HOPS = (
    ("user server", "gateway", 8000, ("singleuser", "networkPolicy")),
    ("user server", "proxy", 8000, ("singleuser", "networkPolicy")),
    ("hub", "gateway", 8000, ("hub", "networkPolicy")),
    ("proxy", "gateway", 8000, ("proxy", "chp", "networkPolicy")),
    ("gateway api", "hub", 8081, ("hub", "networkPolicy")),
)


def check(rendering: Rendering) -> Findings:
    """One finding for each hop that no policy lets pass."""
    for environment, releases in whole(rendering):
        by_app = {release.app: release for release in releases}
        if not {"jupyterhub", "dask-gateway"} <= by_app.keys():
            continue
        namespace = Namespace(releases=releases)
        pods = {"user server": user_pods.server(by_app["jupyterhub"])}
        for pod in reversed(namespace.pods()):
            pods |= {role: pod for role, on in _LABELS.items() if on.items() <= pod.labels.items()}
        resource = namespace.named("Namespace").get(environment.namespace, {})
        labels = {
            **part(resource, "metadata", "labels"),
            "kubernetes.io/metadata.name": environment.namespace,
        }
        for source, target, port, policy in _HOPS:
            missing = [role for role in (source, target) if role not in pods]
            if missing:
                why = f"no such pod is rendered: {missing[0]}"
            elif target != "hub" and port not in (number for _, number in pods[target].ports()):
                why = f"its pod has no port {port}"
            else:
                why = _obstacle(pods[source], pods[target], port, namespace, labels)
            if why:
                at = origin(environment, "jupyterhub", policy)
                text = f"the {source} can't reach the {target} on port {port}: {why}"
                yield anchored(finding, environment, at, text, _HELP)


def _obstacle(
    source: Pod, target: Pod, port: int, namespace: Namespace, labels: Mapping[str, str]
) -> str:
    """Which policies stop a hop; '' where it passes."""
    for direction, own, other in (("egress", source, target), ("ingress", target, source)):
        policies = selecting(namespace, own, direction)
        allowed = any(
            _allows(rule, direction, other, target, port, labels)
            for policy in policies.values()
            for rule in listed(policy, "spec", direction)
        )
        if policies and not allowed:
            return f"no {direction} rule of NetworkPolicy {', '.join(policies)} allows it"
    return ""


def _allows(
    rule: Any, direction: str, other: Pod, target: Pod, port: int, labels: Mapping[str, str]
) -> bool:
    """Whether a rule allows the peer, which runs in the policy's own namespace, and the port."""
    key = "to" if direction == "egress" else "from"
    is_peer = not listed(rule, key) or any(
        "ipBlock" not in peer
        and matches(part(peer, "namespaceSelector"), labels)
        and matches(part(peer, "podSelector"), other.labels)
        for peer in entries(rule, key)
    )
    ports = listed(rule, "ports")
    return is_peer and (not ports or any(_is_port(one, target, port) for one in ports))


def _is_port(allowed: Any, target: Pod, port: int) -> bool:
    if not isinstance(allowed, Mapping) or allowed.get("protocol", "TCP") != "TCP":
        return False
    wanted = allowed.get("port")
    if wanted is None:
        return True
    first = target.number(wanted)
    last = allowed.get("endPort", first)
    return first is not None and isinstance(last, int) and first <= port <= last
