"""What an environment's pods ask for, once Kubernetes and the LimitRanges have filled it in."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from generator.proof.checks.user_pods import hub_values
from generator.proof.checks.workloads import Namespace, Pod
from generator.proof.rendering import Rendered, Resource, entries, identity, part
from generator.quantities import amount
from generator.records import record
from generator.site.releases import HUB

Amounts = Mapping[str, Fraction]


def measured(quantity: Any) -> Fraction | None:
    """A quantity as a number; None for what is not a plain one."""
    try:
        return None if isinstance(quantity, bool) else Fraction(amount(quantity))
    except (TypeError, ValueError):
        return None


def amounts(node: Any) -> dict[str, Fraction]:
    """The quantities of a map, by resource."""
    found = {str(key): measured(value) for key, value in part(node).items()}
    return {key: value for key, value in found.items() if value is not None}


def shown(number: Fraction) -> str:
    """An amount as people write it: `4Gi`, `500m`."""
    for power, unit in ((4, "Ti"), (3, "Gi"), (2, "Mi")):
        if number and number % 1024**power == 0:
            return f"{number // 1024**power}{unit}"
    return str(number) if number.denominator == 1 else f"{float(number):g}"


@record
class Asked:
    """What a container, or a pod as a whole, asks for."""

    name: str
    requests: Amounts
    limits: Amounts


@record
class Allowance:
    """An entry of a LimitRange, its defaults as Kubernetes fills them (SetDefaults_LimitRange)."""

    name: str
    kind: str
    min: Amounts
    max: Amounts
    default_requests: Amounts
    default_limits: Amounts
    max_ratio: Amounts

    @classmethod
    def of(cls, resource: Resource) -> "Iterator[Allowance]":
        """The entries of a LimitRange."""
        for entry in entries(resource, "spec", "limits"):
            low, high = amounts(entry.get("min")), amounts(entry.get("max"))
            limits, requests = amounts(entry.get("default")), amounts(entry.get("defaultRequest"))
            kind = str(entry.get("type"))
            if kind == "Container":
                limits = high | limits
                requests = low | limits | requests
            yield cls(
                name=str(part(resource, "metadata").get("name")),
                kind=kind,
                min=low,
                max=high,
                default_requests=requests,
                default_limits=limits,
                max_ratio=amounts(entry.get("maxLimitRequestRatio")),
            )


def bounds(namespace: Namespace) -> list[Allowance]:
    """The entries of all LimitRanges."""
    return [one for each in namespace.named("LimitRange").values() for one in Allowance.of(each)]


def containers_asked(pod: Pod, ranges: Iterable[Allowance]) -> Iterator[Asked]:
    """What each container asks for: a limit is its request too, then the LimitRanges' defaults."""
    for key in ("initContainers", "containers"):
        for container in entries(pod.spec, key):
            limits = amounts(part(container, "resources").get("limits"))
            requests = limits | amounts(part(container, "resources").get("requests"))
            for one in ranges:
                if one.kind == "Container":
                    requests = {**one.default_requests, **requests}
                    limits = {**one.default_limits, **limits}
            yield Asked(name=str(container.get("name")), requests=requests, limits=limits)


def pod_asked(pod: Pod, ranges: Iterable[Allowance]) -> Asked:
    """What a pod asks for: its containers together, or the largest of those before the start."""
    asked = list(containers_asked(pod, ranges))
    first = len(entries(pod.spec, "initContainers"))
    return Asked(
        name=pod.owner,
        requests=_pod_total([one.requests for one in asked], first),
        limits=_pod_total([one.limits for one in asked], first),
    )


def _pod_total(asked: list[Amounts], first: int) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for one in asked[first:]:
        for resource, number in one.items():
            total[resource] = total.get(resource, Fraction(0)) + number
    for one in asked[:first]:
        for resource, number in one.items():
            total[resource] = max(total.get(resource, number), number)
    return total


def claims(releases: Iterable[Rendered]) -> Iterator[tuple[str, Fraction, str]]:
    """The volume claims with their sizes and classes: those rendered, and a user's home."""
    for release in releases:
        for resource in release.objects:
            if resource.get("kind") == "PersistentVolumeClaim":
                size = measured(part(resource, "spec", "resources", "requests").get("storage"))
                named = str(part(resource, "spec").get("storageClassName") or "")
                yield str(identity(resource, "")), size or Fraction(0), named
        storage = part(hub_values(release), "singleuser", "storage") if release.app == HUB else {}
        if storage.get("type") == "dynamic":
            size = measured(storage.get("capacity")) or Fraction(0)
            yield "a user's home", size, str(part(storage, "dynamic").get("storageClass") or "")
