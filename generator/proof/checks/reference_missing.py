"""A rendered object, or a pod that users will start, refers to something that nothing renders.

A pod with a missing Secret, key, ConfigMap, ServiceAccount or PersistentVolumeClaim never starts;
an Ingress with a missing Service answers 503, and Prometheus leaves out a monitor without its
token. Users' servers and Dask pods are judged as KubeSpawner and Dask Gateway make them of the
values, for every profile and choice. Put what comes from elsewhere in the environment's `extra/`
folder, or under `secrets` to be sealed. What site.yaml itself says is there, the claims of a shared
home and of volumes and the Secret of a certificate, is taken as said; `generate` lists the command
that checks it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.lint.rules.base import Findings, claims, errors
from generator.proof.checks.base import anchored, place_of_text, whole
from generator.proof.checks.user_pods import each_once
from generator.proof.checks.workloads import Namespace, containers
from generator.proof.rendering import Rendered, Rendering, Resource, entries, identity, part
from generator.site.model import Cluster, Environment

finding = errors("M930")

# A kind, a name, and a key or a port in it; '' for all of it.
Target = tuple[str, str, str]
_HELP = "render it with the environment, for example in its 'extra' folder, or seal it"
_NAMED = 3
_SOURCES = (("secret", "Secret"), ("configMap", "ConfigMap"))
# Where a route lists what it sends requests to.
_ROUTES = {"IngressRoute": ("routes", "services"), "HTTPRoute": ("rules", "backendRefs")}


def check(rendering: Rendering) -> Findings:
    """One finding for each thing that is missing in an environment, with all that refers to it."""
    for environment, releases in whole(rendering):
        namespace = Namespace(releases=releases)
        known = {
            "ConfigMap": namespace.config_maps(),
            "PersistentVolumeClaim": dict.fromkeys(namespace.named("PersistentVolumeClaim")),
            "Secret": namespace.secrets(),
            "Service": namespace.services(),
            "ServiceAccount": {**dict.fromkeys(namespace.named("ServiceAccount")), "default": None},
        }
        for kind, name in _declared(environment, rendering.site.clusters[environment.cluster]):
            known[kind].setdefault(name, None)
        missing: dict[Target, list[tuple[Rendered, str]]] = {}
        for release in releases:
            for by, target in dict.fromkeys(_references(release)):
                kind, name, wanted = target
                parts = known[kind].get(name)
                if name not in known[kind]:
                    missing.setdefault((kind, name, ""), []).append((release, by))
                elif wanted and parts is not None and wanted not in parts:
                    missing.setdefault(target, []).append((release, by))
        for (kind, name, wanted), owners in missing.items():
            why = f"{kind} '{name}' has no '{wanted}'" if wanted else f"there is no {kind} '{name}'"
            at = place_of_text(owners[0][0], wanted or name)
            yield anchored(finding, environment, at, f"{_listed(owners)}: {why}", _HELP)


def _declared(environment: Environment, cluster: Cluster) -> Iterator[tuple[str, str]]:
    """The claims and the Secret of the certificate that site.yaml says are there."""
    yield from (("PersistentVolumeClaim", claim) for claim in claims(environment.settings))
    if cluster.ingress is not None and cluster.ingress.tls_secret:
        yield "Secret", cluster.ingress.tls_secret


def _listed(owners: Sequence[tuple[Rendered, str]]) -> str:
    """What refers to it, by app; of many the first."""
    apps: dict[str, list[str]] = {}
    for release, by in owners:
        apps.setdefault(release.app, []).append(by)
    return "; ".join(f"{app}: {', '.join(_first(dict.fromkeys(by)))}" for app, by in apps.items())


def _first(owners: Iterable[str]) -> tuple[str, ...]:
    listed = tuple(owners)
    more = len(listed) - _NAMED
    return (*listed[:_NAMED], f"{more} more") if more > 1 else listed


def _references(release: Rendered) -> Iterator[tuple[str, Target]]:
    """What refers to something, and to what."""
    yield from each_once(release, lambda pod: _of_pod(pod.spec))
    for resource in release.objects:
        by = str(identity(resource, ""))
        yield from ((by, target) for target in _of_object(resource, release.namespace))


def _of_pod(spec: Mapping[str, Any]) -> Iterator[Target]:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        yield "ServiceAccount", str(account), ""
    for secret in entries(spec, "imagePullSecrets"):
        yield "Secret", str(secret.get("name")), ""
    for container in containers(spec):
        for variable in entries(container, "env"):
            yield from _named(part(variable, "valueFrom"), "KeyRef")
        for source in entries(container, "envFrom"):
            yield from _named(source, "Ref")
    for volume in entries(spec, "volumes"):
        for source in (volume, *entries(volume, "projected", "sources")):
            yield from _named(source)
        claim = part(volume, "persistentVolumeClaim").get("claimName")
        if claim and "{" not in str(claim):  # a template gives each user's own, made at the start
            yield "PersistentVolumeClaim", str(claim), ""


def _named(source: Mapping[str, Any], ending: str = "") -> Iterator[Target]:
    """The Secret or ConfigMap of a variable or a volume, and what it needs of it."""
    for field, kind in _SOURCES:
        reference = part(source, f"{field}{ending}")
        name = reference.get("secretName") or reference.get("name")
        if name and not reference.get("optional"):
            yield kind, str(name), str(reference.get("key", ""))
            for item in entries(reference, "items"):
                yield kind, str(name), str(item.get("key"))


def _of_object(resource: Resource, namespace: str) -> Iterator[Target]:
    kind = str(resource.get("kind"))
    if kind == "Ingress":
        yield from _of_ingress(part(resource, "spec"))
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        for subject in entries(resource, "subjects"):
            is_here = subject.get("namespace", namespace) == namespace
            if subject.get("kind") == "ServiceAccount" and is_here:
                yield "ServiceAccount", str(subject.get("name")), ""
    elif kind == "ServiceMonitor":
        for endpoint in entries(resource, "spec", "endpoints"):
            token = part(endpoint, "authorization", "credentials")
            if token:
                yield "Secret", str(token.get("name")), str(token.get("key", ""))
    elif kind in _ROUTES:
        routes, services = _ROUTES[kind]
        for route in entries(resource, "spec", routes):
            for service in entries(route, services):
                if service.get("kind", "Service") == "Service":
                    yield "Service", str(service.get("name")), str(service.get("port", ""))


def _of_ingress(spec: Mapping[str, Any]) -> Iterator[Target]:
    backends = [part(spec, "defaultBackend")]
    for rule in entries(spec, "rules"):
        backends += [part(path, "backend") for path in entries(rule, "http", "paths")]
    for backend in backends:
        service = part(backend, "service")
        if service:
            port = part(service, "port")
            number = port.get("name") or port.get("number") or ""
            yield "Service", str(service.get("name")), str(number)
    for tls in entries(spec, "tls"):
        if tls.get("secretName"):
            yield "Secret", str(tls["secretName"]), ""
