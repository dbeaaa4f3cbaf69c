"""A ResourceQuota refuses what is rendered, or what users will start.

The namespace's own quota allows no Service of type LoadBalancer or NodePort: a public address
beside the Ingress would have no TLS. A quota in the environment's `extra/` folder holds for all of
the namespace: one of cpu or memory refuses every pod that names none, and JupyterHub's and Dask
Gateway's own pods name none; one of pods, claims or storage must leave room for the hub's own and
at least one user. Without `extra/` use the chart's `resources` for each pod, or give a LimitRange
with defaults beside the quota.

See https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, place_of_text, whole
from generator.proof.checks.quotas import (
    Allowance,
    amounts,
    bounds,
    claims,
    containers_asked,
    pod_asked,
    shown,
)
from generator.proof.checks.user_pods import all_pods
from generator.proof.checks.workloads import Namespace, Pod
from generator.proof.rendering import Rendered, Rendering, Resource, entries, listed, part

finding = errors("M936")

_Releases = tuple[Rendered, ...]
# What each pod must name where a quota has it (Kubernetes' quota evaluator of pods).
_NAMED = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
_EXPOSED = ("LoadBalancer", "NodePort")
_SHOWN = 4
_OF_CLASS = "storageclass.storage.k8s.io"


def check(rendering: Rendering) -> Findings:
    """One finding for each resource of a quota that does not suffice."""
    for environment, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        ranges = bounds(namespace)
        pods = all_pods(releases)
        counted = _counted(releases)
        for name, quota in namespace.named("ResourceQuota").items():
            for resource, most in amounts(part(quota, "spec").get("hard")).items():
                taken = [pod for pod in pods if _takes(quota, pod, ranges)]
                why = _unnamed(resource, taken, ranges)
                why = why or _above(resource, most, counted, _of_pods(taken, ranges))
                if why:
                    text = f"ResourceQuota '{name}' ({resource}: {shown(most)}) refuses {why}"
                    at, help = _cause(resource, releases)
                    yield anchored(finding, environment, at, text, help)


def _cause(resource: str, releases: _Releases) -> tuple[Pointer | None, str]:
    if resource in ("services.loadbalancers", "services.nodeports"):
        for release in releases:
            for kind in _EXPOSED:
                if at := place_of_text(release, kind):
                    return at, "make it ClusterIP: the Ingress is the only public address"
        return None, "make it ClusterIP: the Ingress is the only public address"
    return None, "raise the quota, give each pod its resources, or put a LimitRange beside it"


def _takes(quota: Resource, pod: Pod, ranges: list[Allowance]) -> bool:
    """Whether a quota is about a pod: by its scopes; one for pods that end is about none here."""
    scopes = {*map(str, listed(quota, "spec", "scopes"))}
    if "Terminating" in scopes or part(quota, "spec", "scopeSelector"):
        return False
    asked = containers_asked(pod, ranges)
    is_best_effort = not any({"cpu", "memory"} & {*one.requests, *one.limits} for one in asked)
    return ("NotBestEffort" if is_best_effort else "BestEffort") not in scopes


def _unnamed(resource: str, pods: list[Pod], ranges: list[Allowance]) -> str:
    """The pods with a container that does not say how much it needs."""
    if resource not in _NAMED:
        return ""
    kind, _, name = resource.rpartition(".")
    owners = [
        pod.owner
        for pod in pods
        for one in containers_asked(pod, ranges)
        if name not in (one.limits if kind == "limits" else one.requests)
    ]
    what = "limit" if kind == "limits" else "request"
    return f"pods without a {name} {what}: {_first(owners)}" if owners else ""


def _first(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return ", ".join(known[:_SHOWN]) + more


def _above(resource: str, most: Fraction, counted: "_Counts", asked: Mapping[str, Fraction]) -> str:
    """What needs more than there is."""
    if resource in counted and counted[resource][0] > most:
        total, names = counted[resource]
        return f"{shown(total)} of {_first(names)}" if total > 1 else _first(names)
    if asked.get(resource, most) > most:
        return f"the pods: with one server they need {shown(asked[resource])}"
    return ""


def _of_pods(pods: list[Pod], ranges: list[Allowance]) -> dict[str, Fraction]:
    """What the workloads and the largest pod of a user need together, as quotas name it."""
    total: dict[str, Fraction] = {}
    largest: dict[str, Fraction] = {}
    for pod in pods:
        asked = pod_asked(pod, ranges)
        named = {"pods": Fraction(1), "count/pods": Fraction(1)}
        for name, value in asked.requests.items():
            named |= {name: value, f"requests.{name}": value}
        named |= {f"limits.{name}": value for name, value in asked.limits.items()}
        for name, value in named.items():
            if pod.is_users:
                largest[name] = max(largest.get(name, value), value)
            else:
                total[name] = total.get(name, Fraction(0)) + value * pod.replicas
    return {
        name: total.get(name, Fraction(0)) + largest.get(name, Fraction(0))
        for name in {*total, *largest}
    }


# By the name of a quota's resource: how many there will be, and of what.
_Counts = Mapping[str, tuple[Fraction, list[str]]]


def _counted(releases: _Releases) -> _Counts:
    found: dict[str, tuple[Fraction, list[str]]] = {}

    def add(resource: str, owner: str, size: Fraction = Fraction(1)) -> None:
        total, owners = found.get(resource, (Fraction(0), []))
        found[resource] = total + size, [*owners, owner]

    for release in releases:
        for resource in release.objects:
            kind, metadata = str(resource.get("kind")), part(resource, "metadata")
            owner = f"{kind} '{metadata.get('name')}'"
            for name in _names(resource, kind):
                add(name, owner)
            for name, number in _exposed(resource) if kind == "Service" else ():
                add(name, f"{owner} of type {part(resource, 'spec').get('type')}", Fraction(number))
    for owner, size, named in claims(releases):
        add("requests.storage", owner, size)
        add(f"{named}.{_OF_CLASS}/requests.storage", owner, size)
        add(f"{named}.{_OF_CLASS}/persistentvolumeclaims", owner)
        if owner.startswith("a user's"):
            add("persistentvolumeclaims", owner)
            add("count/persistentvolumeclaims", owner)
    return found


def _names(resource: Resource, kind: str) -> Iterator[str]:
    """What a quota calls objects of a kind."""
    group = str(resource.get("apiVersion", "")).rpartition("/")[0]
    if kind == "SealedSecret":  # the controller makes a Secret of it
        yield from ("secrets", "count/secrets")
    one = kind.lower()
    ending = "es" if one.endswith("s") else "s"
    plural = f"{one[:-1]}ies" if one.endswith("y") else f"{one}{ending}"
    if group:
        yield f"count/{plural}.{group}"
    else:
        yield from (plural, f"count/{plural}")


def _exposed(service: Resource) -> Iterator[tuple[str, Fraction]]:
    spec: Mapping[str, Any] = part(service, "spec")
    if spec.get("type") == "LoadBalancer":
        yield "services.loadbalancers", Fraction(1)
    if spec.get("type") in _EXPOSED and spec.get("allocateLoadBalancerNodePorts") is not False:
        yield "services.nodeports", Fraction(len(entries(spec, "ports")) or 1)
