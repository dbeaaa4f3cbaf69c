"""What one environment renders to, by name: pods, Services, Secrets; and which pods there will be.

Kubernetes resolves all of it inside one namespace, whichever Application brings it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.proof.rendering import Rendered, Resource, entries, listed, part
from generator.records import record

_TEMPLATES: dict[str, tuple[str, ...]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "Pod": (),
    "ReplicaSet": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
_CERT_MANAGER = (
    "cert-manager.io/issuer",
    "cert-manager.io/cluster-issuer",
    "kubernetes.io/tls-acme",
)


@record
class Pod:
    """A pod that will run: who makes it, its labels, and its spec."""

    owner: str
    release: Rendered | None
    labels: Mapping[str, str]
    spec: Mapping[str, Any]

    def ports(self) -> Iterator[tuple[str, int]]:
        """The named and numbered ports of its containers."""
        for container in containers(self.spec):
            for port in entries(container, "ports"):
                number = port.get("containerPort")
                if isinstance(number, int):
                    yield str(port.get("name", "")), number

    def number(self, port: Any) -> int | None:
        """The number of a port that is given by number or by name; None where no such is there."""
        if isinstance(port, int):
            return port
        return next((number for name, number in self.ports() if name == port), None)


def containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All containers of a pod, those before the start among them."""
    return [one for key in ("initContainers", "containers") for one in entries(spec, key)]


def pods(release: Rendered) -> Iterator[Pod]:
    """The pods of the workloads that a release renders."""
    for resource in release.objects:
        kind = str(resource.get("kind"))
        if kind in _TEMPLATES:
            template = part(resource, *_TEMPLATES[kind])
            yield Pod(
                owner=f"{kind} '{part(resource, 'metadata').get('name')}'",
                release=release,
                labels=part(template, "metadata", "labels"),
                spec=part(template, "spec"),
            )


@record
class Namespace:
    """All that one environment's namespace will hold, as far as it is rendered."""

    releases: tuple[Rendered, ...]

    @property
    def objects(self) -> Iterator[tuple[Rendered, Resource]]:
        """Every object with the release that brings it."""
        for release in self.releases:
            for resource in release.objects:
                yield release, resource

    def named(self, kind: str) -> dict[str, Resource]:
        """The objects of a kind by their names."""
        return {
            str(part(resource, "metadata").get("name")): resource
            for _, resource in self.objects
            if resource.get("kind") == kind
        }

    def secrets(self) -> dict[str, frozenset[str] | None]:
        """The Secrets that will be there, with their keys; None where the keys are not known."""
        found: dict[str, frozenset[str] | None] = {
            name: frozenset((*part(one, "data"), *part(one, "stringData")))
            for name, one in self.named("Secret").items()
        }
        for name, one in self.named("SealedSecret").items():
            template = part(one, "spec", "template")
            name = str(part(template, "metadata").get("name") or name)
            keys = (*part(one, "spec", "encryptedData"), *part(template, "data"))
            found[name] = frozenset(keys)
        for one in self.named("Certificate").values():
            found[str(part(one, "spec").get("secretName"))] = None
        for one in self.named("Ingress").values():
            if any(key in part(one, "metadata", "annotations") for key in _CERT_MANAGER):
                for tls in entries(one, "spec", "tls"):
                    found[str(tls.get("secretName"))] = None
        return found

    def config_maps(self) -> dict[str, frozenset[str] | None]:
        """The ConfigMaps that will be there, with their keys."""
        found: dict[str, frozenset[str] | None] = {
            name: frozenset((*part(one, "data"), *part(one, "binaryData")))
            for name, one in self.named("ConfigMap").items()
        }
        return {**found, "kube-root-ca.crt": None}

    def pods(self) -> list[Pod]:
        """The pods of all workloads."""
        return [pod for release in self.releases for pod in pods(release)]


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes an object; an empty one takes all."""
    wanted = part(selector, "matchLabels")
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _fits(expression, labels) for expression in entries(selector, "matchExpressions")
    )


def _fits(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, values = expression.get("key"), listed(expression, "values")
    found = labels.get(str(key))
    return {
        "In": found in values,
        "NotIn": found not in values,
        "Exists": found is not None,
        "DoesNotExist": found is None,
    }.get(str(expression.get("operator")), False)


def service_pods(service: Resource, among: list[Pod]) -> list[Pod]:
    """The pods that a Service leads to."""
    selector = part(service, "spec", "selector")
    return [pod for pod in among if selector and matches({"matchLabels": selector}, pod.labels)]
