"""What one environment renders to, by name: pods, Services, Secrets; and which pods there will be.

Kubernetes resolves all of it inside one namespace, whichever Application brings it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.proof.rendering import Rendered, Resource, entries, identity, listed, part
from generator.records import record

_TEMPLATE = ("spec", "template")
# Where each kind of workload has the template of its pods.
_TEMPLATES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"), _TEMPLATE),
    "CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    "Pod": (),
}
_CERT_MANAGER = {
    *("cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme")
}
# The keys or ports that an object has, by its name; None where they are not known.
Parts = dict[str, frozenset[str] | None]


@record
class Pod:
    """A pod that will run: who makes it, its labels, and its spec; `is_users` is made later.

    `claimed` are the volumes that a StatefulSet gives each of its pods by a claim of its own.
    """

    owner: str
    labels: Mapping[str, str]
    spec: Mapping[str, Any]
    claimed: frozenset[str] = frozenset()
    replicas: int = 1
    is_users: bool = False

    def ports(self) -> Iterator[tuple[str, int]]:
        """The named and numbered ports of its containers."""
        for container in containers(self.spec):
            for port in entries(container, "ports"):
                number = port.get("containerPort")
                if isinstance(number, int):
                    yield str(port.get("name", "")), number

    def number(self, port: Any) -> int | None:
        """The number of a port that is given by number or by name; None where there is none."""
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
            replicas = part(resource, "spec").get("replicas")
            claims = entries(resource, "spec", "volumeClaimTemplates")
            yield Pod(
                owner=str(identity(resource, "")),
                labels=part(template, "metadata", "labels"),
                spec=part(template, "spec"),
                claimed=frozenset(str(part(one, "metadata").get("name")) for one in claims),
                replicas=replicas if isinstance(replicas, int) else 1,
            )


@record
class Namespace:
    """All that one environment's namespace will hold, as far as it is rendered."""

    releases: tuple[Rendered, ...]

    def named(self, kind: str) -> dict[str, Resource]:
        """The objects of a kind by their names."""
        return {
            str(part(resource, "metadata").get("name")): resource
            for release in self.releases
            for resource in release.objects
            if resource.get("kind") == kind
        }

    def services(self) -> Parts:
        """The Services with their ports, by name and by number."""
        return {
            name: frozenset(
                str(port[key])
                for port in entries(one, "spec", "ports")
                for key in ("name", "port")
                if port.get(key) is not None
            )
            for name, one in self.named("Service").items()
        }

    def config_maps(self) -> Parts:
        """The ConfigMaps that will be there, with their keys."""
        return {**self._keyed("ConfigMap", "binaryData"), "kube-root-ca.crt": None}

    def secrets(self) -> Parts:
        """The Secrets that will be there, with their keys."""
        secrets = self._keyed("Secret", "stringData")
        for name, one in self.named("SealedSecret").items():
            template = part(one, "spec", "template")
            name = str(part(template, "metadata").get("name") or name)
            secrets[name] = frozenset(
                (*part(one, "spec", "encryptedData"), *part(template, "data"))
            )
        for one in self.named("Certificate").values():
            secrets[str(part(one, "spec").get("secretName"))] = None
        for one in self.named("Ingress").values():
            if _CERT_MANAGER & part(one, "metadata", "annotations").keys():
                for tls in entries(one, "spec", "tls"):
                    secrets[str(tls.get("secretName"))] = None
        return secrets

    def _keyed(self, kind: str, other: str) -> Parts:
        return {
            name: frozenset((*part(one, "data"), *part(one, other)))
            for name, one in self.named(kind).items()
        }

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
    value = labels.get(str(key))
    return {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }.get(str(expression.get("operator")), False)


def service_pods(service: Resource, among: list[Pod]) -> list[Pod]:
    """The pods that a Service leads to."""
    selector = part(service, "spec", "selector")
    return [pod for pod in among if selector and matches({"matchLabels": selector}, pod.labels)]


def selecting(namespace: Namespace, pod: Pod, direction: str) -> dict[str, Resource]:
    """The NetworkPolicies that restrict a pod's `egress` or `ingress`, by name."""
    return {
        name: one
        for name, one in namespace.named("NetworkPolicy").items()
        if _restricts(part(one, "spec"), pod, direction)
    }


def _restricts(spec: Mapping[str, Any], pod: Pod, direction: str) -> bool:
    implied = ["ingress", *(["egress"] if "egress" in spec else [])]
    types = [str(one).lower() for one in listed(spec, "policyTypes")] or implied
    return direction in types and matches(part(spec, "podSelector"), pod.labels)
