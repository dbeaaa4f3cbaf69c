"""A rendered object refers to something that nothing renders.

A pod with a missing Secret, key, ConfigMap or ServiceAccount never starts; an Ingress with a
missing Service answers 503. Put what comes from elsewhere in the environment's
`extra/` folder, or under `secrets` to be sealed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.diagnostics import Finding
from generator.proof.checks.base import error, named, place_of_text, whole
from generator.proof.checks.workloads import Namespace, containers, pods
from generator.proof.rendering import Rendered, Rendering, Resource, entries, part
from generator.records import record

CODE = "M930"


@record
class _Reference:
    """What an object refers to: a kind and a name, and a key or a port in it."""

    by: str
    kind: str
    name: str
    part: str = ""


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each reference to nothing."""
    for _, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        known = {
            "ConfigMap": namespace.config_maps(),
            "Secret": namespace.secrets(),
            "Service": _services(namespace),
            "ServiceAccount": {**dict.fromkeys(namespace.named("ServiceAccount")), "default": None},
        }
        for release in releases:
            for reference in dict.fromkeys(_references(release)):
                there = known[reference.kind]
                if reference.name not in there:
                    yield _finding(
                        release, reference, f"there is no {reference.kind} '{reference.name}'"
                    )
                    continue
                parts = there[reference.name]
                if reference.part and parts is not None and reference.part not in parts:
                    yield _finding(
                        release,
                        reference,
                        f"{reference.kind} '{reference.name}' has no '{reference.part}'",
                    )


def _finding(release: Rendered, reference: _Reference, what: str) -> Finding:
    at = place_of_text(release, reference.part or reference.name)
    told = f"{release.app}: {reference.by}: {what}"
    return error(
        code=CODE,
        message=named(release.environment, at or release.environment.at, told),
        at=at or release.environment.at,
        on_key=at is None,
        help="render it with the environment, for one in its 'extra' folder, or seal it",
    )


def _services(namespace: Namespace) -> dict[str, frozenset[str] | None]:
    """The Services with their ports, by name and by number."""
    return {
        name: frozenset(
            str(told)
            for port in entries(one, "spec", "ports")
            for told in (port.get("name"), port.get("port"))
            if told is not None
        )
        for name, one in namespace.named("Service").items()
    }


def _references(release: Rendered) -> Iterator[_Reference]:
    for pod in pods(release):
        for kind, name, key in _of_pod(pod.spec):
            yield _Reference(by=pod.owner, kind=kind, name=name, part=key)
    for resource in release.objects:
        by = f"{resource.get('kind')} '{part(resource, 'metadata').get('name')}'"
        for kind, name, key in _of_object(resource, release.namespace):
            yield _Reference(by=by, kind=kind, name=name, part=key)


Target = tuple[str, str, str]


def _of_pod(spec: Mapping[str, Any]) -> Iterator[Target]:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        yield "ServiceAccount", str(account), ""
    for secret in entries(spec, "imagePullSecrets"):
        yield "Secret", str(secret.get("name")), ""
    for container in containers(spec):
        yield from _of_container(container)
    for volume in entries(spec, "volumes"):
        yield from _of_volume(volume)


def _of_container(container: Mapping[str, Any]) -> Iterator[Target]:
    for variable in entries(container, "env"):
        source = part(variable, "valueFrom")
        for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            found = part(source, field)
            if found and not found.get("optional"):
                yield kind, str(found.get("name")), str(found.get("key"))
    for source in entries(container, "envFrom"):
        for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            found = part(source, field)
            if found and not found.get("optional"):
                yield kind, str(found.get("name")), ""


def _of_volume(volume: Mapping[str, Any]) -> Iterator[Target]:
    sources = [volume, *entries(volume, "projected", "sources")]
    for source in sources:
        for field, kind in (("secret", "Secret"), ("configMap", "ConfigMap")):
            found = part(source, field)
            name = found.get("secretName") or found.get("name")
            if not name or found.get("optional"):
                continue
            yield kind, str(name), ""
            for item in entries(found, "items"):
                yield kind, str(name), str(item.get("key"))


def _of_object(resource: Resource, namespace: str) -> Iterator[Target]:
    kind = resource.get("kind")
    if kind == "Ingress":
        yield from _of_ingress(part(resource, "spec"))
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        for subject in entries(resource, "subjects"):
            is_here = subject.get("namespace", namespace) == namespace
            if subject.get("kind") == "ServiceAccount" and is_here:
                yield "ServiceAccount", str(subject.get("name")), ""
    elif kind == "IngressRoute":
        for route in entries(resource, "spec", "routes"):
            for service in entries(route, "services"):
                if service.get("kind", "Service") == "Service":
                    yield "Service", str(service.get("name")), str(service.get("port", ""))
    elif kind == "HTTPRoute":
        for rule in entries(resource, "spec", "rules"):
            for backend in entries(rule, "backendRefs"):
                if backend.get("kind", "Service") == "Service":
                    yield "Service", str(backend.get("name")), str(backend.get("port", ""))


def _of_ingress(spec: Mapping[str, Any]) -> Iterator[Target]:
    backends = [part(spec, "defaultBackend")]
    for rule in entries(spec, "rules"):
        backends += [part(path, "backend") for path in entries(rule, "http", "paths")]
    for backend in backends:
        service = part(backend, "service")
        if service:
            port = part(service, "port")
            told = port.get("name") or port.get("number") or ""
            yield "Service", str(service.get("name")), str(told)
    for tls in entries(spec, "tls"):
        if tls.get("secretName"):
            yield "Secret", str(tls["secretName"]), ""
