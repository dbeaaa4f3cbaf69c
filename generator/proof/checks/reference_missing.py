"""A rendered object, or a pod that users will start, refers to something that nothing renders.

A pod with a missing Secret, key, ConfigMap, ServiceAccount or PersistentVolumeClaim never starts;
an Ingress with a missing Service answers 503, and Prometheus leaves out a monitor without its
token. Users' servers and Dask pods are judged as KubeSpawner and Dask Gateway make them of the
values, for every profile and choice. Put what comes from elsewhere in the environment's `extra/`
folder, or under `secrets` to be sealed. What site.yaml itself says is there, the claims of a shared
home and of volumes and the Secret of a certificate, is taken as said; `generate` lists the command
that checks it.

A cluster's app is judged with all apps of its namespace. What one of its containers names in its
arguments or variables can be made by that container, as a webhook's certificate is, and is not
missed; add a comment that silences the finding where a controller makes it in another way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.lint.rules.base import Findings, claims, errors, neighbours
from generator.proof.checks.base import anchored, place_of_text, whole
from generator.proof.checks.user_pods import each_once
from generator.proof.checks.workloads import Namespace, containers, pods
from generator.proof.rendering import (
    Rendered,
    Rendering,
    Resource,
    entries,
    identity,
    listed,
    part,
)
from generator.records import replace
from generator.site.model import Cluster, Environment

finding = errors("M930")

# A kind, a name, and a key or a port in it; '' for all of it.
Target = tuple[str, str, str]
# What refers to something, and whose it is.
Owners = list[tuple[Rendered, str]]
_HELP = "render it with the environment, for example in its 'extra' folder, or seal it"
_HELP_OF_APP = (
    "declare it under 'secrets' of the app and seal it, or give the chart the values that render it"
)
_NAMED = 3
_SOURCES = (("secret", "Secret"), ("configMap", "ConfigMap"))
# Where a route lists what it sends requests to.
_ROUTES = {"IngressRoute": ("routes", "services"), "HTTPRoute": ("rules", "backendRefs")}


def check(rendering: Rendering) -> Findings:
    """One finding for each thing that is missing in an environment, with all that refers to it."""
    for environment, releases in whole(rendering):
        cluster = rendering.site.clusters[environment.cluster]
        declared = [*_declared(environment, cluster)]
        for (_, name, key), owners, why in _missing(releases, releases, declared):
            at = place_of_text(owners[0][0], key or name)
            yield anchored(finding, environment, at, f"{_listed(owners)}: {why}", _HELP)
    for place, releases, around in _platform(rendering):
        made = _texts(around)
        for (_, name, key), owners, why in _missing(releases, around, ()):
            if key or not any(name in text for text in made):
                at = place_of_text(owners[0][0], key or name) or place.apps[0].at()
                yield anchored(finding, place, at, f"{_listed(owners)}: {why}", _HELP_OF_APP)


def _missing(
    releases: Sequence[Rendered],
    around: tuple[Rendered, ...],
    declared: Iterable[tuple[str, str]],
) -> Iterator[tuple[Target, Owners, str]]:
    """What releases refer to and nothing around them renders: with who refers to it, in words."""
    namespace = Namespace(releases=around)
    known = {
        "ConfigMap": namespace.config_maps(),
        "PersistentVolumeClaim": dict.fromkeys(namespace.named("PersistentVolumeClaim")),
        "Secret": namespace.secrets(),
        "Service": namespace.services(),
        "ServiceAccount": {**dict.fromkeys(namespace.named("ServiceAccount")), "default": None},
    }
    for kind, name in declared:
        known[kind].setdefault(name, None)
    missing: dict[Target, Owners] = {}
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
        yield (kind, name, wanted), owners, why


def _platform(
    rendering: Rendering,
) -> Iterator[tuple[Environment, tuple[Rendered, ...], tuple[Rendered, ...]]]:
    """The apps of clusters: what each renders in its namespace, and all that is rendered there."""
    for group in neighbours(rendering.site, rendering.site.platform):
        names = {place.name: place.namespace for place in group}
        every = [one for one in rendering.releases if one.environment.name in names]
        for place in group:
            around = [one for one in every if names[one.environment.name] == place.namespace]
            if around and not any(one.failure for one in around):
                here = tuple(_inside(one) for one in around)
                own = tuple(one for one in here if one.environment.name == place.name)
                yield place, own, here


def _inside(release: Rendered) -> Rendered:
    """A release without what its chart renders into other namespaces."""
    if release.chart is None:
        return release
    objects = tuple(
        one
        for one in release.objects
        if part(one, "metadata").get("namespace") in (None, release.namespace)
    )
    return replace(release, chart=replace(release.chart, objects=objects))


def _texts(releases: Iterable[Rendered]) -> set[str]:
    """What containers are told: their commands, arguments and variables."""
    found: set[str] = set()
    for release in releases:
        for pod in pods(release):
            for one in containers(pod.spec):
                found |= {str(text) for key in ("command", "args") for text in listed(one, key)}
                found |= {str(variable.get("value")) for variable in entries(one, "env")}
    return found


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
