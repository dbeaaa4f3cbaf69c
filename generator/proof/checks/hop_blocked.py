"""The rendered network policies stop a call that Dask Gateway needs.

User servers, the hub and its proxy call the gateway's traefik; the gateway calls the hub.
Policies see pods, and ports of pods; on Cilium an address block never matches a pod, so none
counts here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.charts.origins import origin
from generator.diagnostics import Finding
from generator.proof.checks.base import error, named, whole
from generator.proof.checks.workloads import Namespace, Pod, matches
from generator.proof.rendering import Rendered, Rendering, Resource, listed, part
from generator.records import record
from generator.site.model import Environment
from generator.yaml.stream import Unreadable, read

CODE = "M932"

_DASK = {"app.kubernetes.io/name": "dask-gateway"}
_HUB = {"app": "jupyterhub"}
_SERVER_LABELS = {"hub.jupyter.org/network-access-hub": "true"}
_HUB_PORT, _PROXY_PORT, _TRAEFIK_PORT = 8081, 8000, 8000


@record
class _Hop:
    """One call: who, to whom, on which port of the pod, and which policy's values open it."""

    source: str
    target: str
    port: int
    policy: tuple[str, ...]


_HOPS = (
    _Hop(
        source="user server",
        target="gateway",
        port=_TRAEFIK_PORT,
        policy=("singleuser", "networkPolicy"),
    ),
    _Hop(
        source="user server",
        target="proxy",
        port=_PROXY_PORT,
        policy=("singleuser", "networkPolicy"),
    ),
    _Hop(source="hub", target="gateway", port=_TRAEFIK_PORT, policy=("hub", "networkPolicy")),
    _Hop(
        source="proxy",
        target="gateway",
        port=_TRAEFIK_PORT,
        policy=("proxy", "chp", "networkPolicy"),
    ),
    _Hop(source="gateway api", target="hub", port=_HUB_PORT, policy=("hub", "networkPolicy")),
)


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each hop that no policy lets pass."""
    for environment, releases in whole(rendering):
        by_app = {release.app: release for release in releases}
        if not {"jupyterhub", "dask-gateway"} <= by_app.keys():
            continue
        namespace = Namespace(releases=releases)
        roles = _roles(namespace, by_app["jupyterhub"])
        policies = [*namespace.named("NetworkPolicy").values()]
        labels = _namespace_labels(namespace, environment)
        for hop in _HOPS:
            why = _obstacle(hop, roles, policies, labels)
            if why:
                yield _finding(environment, hop, why)


def _finding(environment: Environment, hop: _Hop, why: str) -> Finding:
    found = origin(environment, "jupyterhub", hop.policy)
    told = f"the {hop.source} can't reach the {hop.target} on port {hop.port}: {why}"
    return error(
        code=CODE,
        message=named(environment, found or environment.at, told),
        at=found or environment.at,
        on_key=found is None,
        help="allow it in the chart's networkPolicy, or take away what narrows it under 'values'",
    )


def _roles(namespace: Namespace, hub: Rendered) -> dict[str, Pod | None]:
    """The pods that take part; None where there is none."""
    pods = namespace.pods()

    def one(**wanted: str) -> Pod | None:
        labels = {key.replace("_", "."): value for key, value in wanted.items()}
        return next((pod for pod in pods if matches({"matchLabels": labels}, pod.labels)), None)

    dask = {**_DASK}
    component = "app.kubernetes.io/component"
    return {
        "user server": _server(hub),
        "hub": one(**_HUB, component="hub"),
        "proxy": one(**_HUB, component="proxy"),
        "gateway": one(**dask, **{component: "traefik"}),
        "gateway api": one(**dask, **{component: "gateway"}),
    }


def _server(hub: Rendered) -> Pod:
    """A user's server as KubeSpawner will make it (jupyterhub files/hub/jupyterhub_config.py)."""
    values = hub.chart.values if hub.chart is not None else {}
    release = hub.chart.release if hub.chart is not None else ""
    extra = part(_all_values(hub) or values, "singleuser", "extraLabels")
    labels = {
        **_HUB,
        "component": "singleuser-server",
        "release": release,
        **(extra or _SERVER_LABELS),
    }
    port = {"name": "notebook-port", "containerPort": 8888}
    return Pod(
        owner="user server",
        release=hub,
        labels={key: str(value) for key, value in labels.items()},
        spec={"containers": [{"name": "notebook", "ports": [port]}]},
    )


def _all_values(hub: Rendered) -> Mapping[str, Any]:
    """The values with the chart's defaults, as the chart writes them into Secret/hub."""
    import base64

    for resource in hub.objects:
        if (resource.get("kind"), part(resource, "metadata").get("name")) == ("Secret", "hub"):
            try:
                text = base64.b64decode(str(part(resource, "data").get("values.yaml", "")))
                found = read(text.decode("utf-8"))
            except (ValueError, Unreadable):
                return {}
            return found if isinstance(found, dict) else {}
    return {}


def _namespace_labels(namespace: Namespace, environment: Environment) -> dict[str, str]:
    resource = namespace.named("Namespace").get(environment.namespace, {})
    own = {"kubernetes.io/metadata.name": environment.namespace}
    return {**part(resource, "metadata", "labels"), **own}


def _obstacle(
    hop: _Hop,
    roles: Mapping[str, Pod | None],
    policies: list[Resource],
    labels: Mapping[str, str],
) -> str:
    """Why a hop is stopped; '' where it passes."""
    source, target = roles[hop.source], roles[hop.target]
    if source is None or target is None:
        return f"no such pod is rendered: {hop.source if source is None else hop.target}"
    if hop.port not in {number for _, number in target.ports()} | {
        hop.port if hop.target == "hub" else 0
    }:
        return f"its pod has no port {hop.port}"
    for direction, own, other in (("egress", source, target), ("ingress", target, source)):
        selecting = [one for one in policies if _selects(one, own, direction)]
        allowed = any(
            _allows(rule, direction, other, target, hop.port, labels)
            for policy in selecting
            for rule in listed(policy, "spec", direction)
        )
        if selecting and not allowed:
            names = ", ".join(str(part(one, "metadata").get("name")) for one in selecting)
            return f"no {direction} rule of NetworkPolicy {names} allows it"
    return ""


def _selects(policy: Resource, pod: Pod, direction: str) -> bool:
    spec = part(policy, "spec")
    types = [str(one).lower() for one in listed(spec, "policyTypes")] or [
        "ingress",
        *(["egress"] if "egress" in spec else []),
    ]
    return direction in types and matches(part(spec, "podSelector"), pod.labels)


def _allows(
    rule: Any, direction: str, other: Pod, target: Pod, port: int, labels: Mapping[str, str]
) -> bool:
    peers = listed(rule, "to" if direction == "egress" else "from")
    is_peer = not peers or any(_is_peer(peer, other, labels) for peer in peers)
    ports = listed(rule, "ports")
    return is_peer and (not ports or any(_is_port(one, target, port) for one in ports))


def _is_peer(peer: Any, pod: Pod, labels: Mapping[str, str]) -> bool:
    """Whether a peer is the pod, which runs in the policy's own namespace. A block never is."""
    if not isinstance(peer, Mapping) or "ipBlock" in peer:
        return False
    in_namespace = matches(part(peer, "namespaceSelector"), labels)
    return in_namespace and matches(part(peer, "podSelector"), pod.labels)


def _is_port(told: Any, target: Pod, port: int) -> bool:
    if not isinstance(told, Mapping) or told.get("protocol", "TCP") != "TCP":
        return False
    wanted = told.get("port")
    if wanted is None:
        return True
    first = target.number(wanted)
    last = told.get("endPort", first)
    return first is not None and isinstance(last, int) and first <= port <= last
