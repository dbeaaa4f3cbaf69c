"""The rendered network policies stop a pod from asking the cluster's DNS.

Without DNS a user's server finds neither the hub nor the internet, so it never comes up; the hub
and its proxy find nothing either. The chart opens port 53 by `egressAllowRules` of each
`networkPolicy`: leave `dnsPortsKubeSystemNamespace` and `dnsPortsPrivateIPs` on, or allow port 53
in `egress`. On Cilium an address block never matches a pod, so there only the first counts: without
it the finding is a warning. Policies in `extra/` that select the pod count too, because what
policies allow adds up.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from generator.charts.origins import origin
from generator.lint.rules.base import Findings, errors, warnings
from generator.proof.checks import user_pods
from generator.proof.checks.base import anchored, whole
from generator.proof.checks.workloads import Namespace, matches, selecting
from generator.proof.rendering import Rendering, Resource, entries, listed, part
from generator.site.releases import HUB

finding = errors("M939")
_on_cilium = warnings(finding.code)

_HELP = "leave a dnsPorts rule of its egressAllowRules on, or allow port 53 in its egress"
# The labels of the cluster's DNS pods and of their namespace.
_DNS_POD = {"k8s-app": "kube-dns"}
_SYSTEM = {"kubernetes.io/metadata.name": "kube-system"}
# Where a cluster's resolver is (RFC 1918, RFC 4193); a cloud's metadata server is one on few.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8")
_HUB = {"app": "jupyterhub"}
# Who asks, its labels, and whose values open the way.
_PODS = (
    ("user server", _HUB | {"component": "singleuser-server"}, ("singleuser", "networkPolicy")),
    ("hub", _HUB | {"component": "hub"}, ("hub", "networkPolicy")),
    ("proxy", _HUB | {"component": "proxy"}, ("proxy", "chp", "networkPolicy")),
)
_Network = IPv4Network | IPv6Network


def check(rendering: Rendering) -> Findings:
    """One finding for each kind of pod that reaches no DNS."""
    for environment, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        for hub in (one for one in releases if one.app == HUB):
            pods = [user_pods.server(hub), *namespace.pods()]
            for role, labels, policy in _PODS:
                pod = next((one for one in pods if labels.items() <= one.labels.items()), None)
                policies = selecting(namespace, pod, "egress") if pod is not None else {}
                rules = [one for each in policies.values() for one in _dns_rules(each)]
                if policies and not any(map(_is_namespace, rules)):
                    is_closed = not any(map(_is_private, rules))
                    what = "DNS" if is_closed else "DNS on Cilium"
                    where = "the resolver" if is_closed else "the resolver's pods in kube-system"
                    text = f"the {role} reaches no {what}: no egress rule of NetworkPolicy "
                    text += f"{', '.join(policies)} opens port 53 to {where}"
                    at = origin(environment, HUB, policy)
                    finder = finding if is_closed else _on_cilium
                    yield anchored(finder, environment, at, text, _HELP)


def _dns_rules(policy: Resource) -> Iterator[Mapping[str, Any]]:
    """The peers that a policy lets a pod ask on port 53; an empty one stands for everybody."""
    for rule in entries(policy, "spec", "egress"):
        if not listed(rule, "ports") or any(map(_is_dns_port, entries(rule, "ports"))):
            yield from entries(rule, "to") if listed(rule, "to") else [{"namespaceSelector": {}}]


def _is_dns_port(port: Mapping[str, Any]) -> bool:
    first = port.get("port", 53)
    last = port.get("endPort", first)
    is_udp = port.get("protocol", "TCP") == "UDP"
    numbers = isinstance(first, int) and isinstance(last, int)
    return is_udp and (first == "dns" or (numbers and first <= 53 <= last))


def _is_namespace(peer: Mapping[str, Any]) -> bool:
    return (
        "namespaceSelector" in peer
        and matches(part(peer, "namespaceSelector"), _SYSTEM)
        and matches(part(peer, "podSelector"), _DNS_POD)
    )


def _is_private(peer: Mapping[str, Any]) -> bool:
    """Whether a block of addresses has a part of a private network in it."""
    block = part(peer, "ipBlock")
    try:
        whole_block = ip_network(str(block.get("cidr")), strict=False)
        excepted = [ip_network(str(one), strict=False) for one in listed(block, "except")]
    except ValueError:
        return False
    return any(
        _overlap(whole_block, private) and not any(_holds(one, private) for one in excepted)
        for private in map(ip_network, _PRIVATE)
    )


def _overlap(one: _Network, other: _Network) -> bool:
    return one.version == other.version and one.overlaps(other)


def _holds(outer: _Network, inner: _Network) -> bool:
    low, high = (int(one.network_address) for one in (outer, inner))
    ends = int(inner.broadcast_address) <= int(outer.broadcast_address)
    return outer.version == inner.version and low <= high and ends
