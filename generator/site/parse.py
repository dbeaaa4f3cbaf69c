"""Plain data -> Site. What the schema refused is left out, and the rules judge all the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.merge import merge
from generator.site import apps, issuer
from generator.site.app import FurtherChart
from generator.site.model import (
    REGISTRY_KEY,
    UNREAD,
    Cluster,
    Environment,
    ExtraSecret,
    Gateway,
    Ingress,
    Repository,
    Settings,
    Site,
)
from generator.site.origin import Origin
from generator.site.parse_settings import settings
from generator.site.profiles import patched
from generator.site.prometheus import Prometheus
from generator.site.releases import Versions
from generator.site.written import Written, made, part
from generator.versions import Version

# What belongs to one kind of login: an environment that changes the provider inherits none of it.
_OF_A_PROVIDER = frozenset(
    (
        *("loginService", "authorizeUrl", "tokenUrl", "userdataUrl", "usernameClaim"),
        *("organizations", "scopes", "domains", "googleGroups", "identityProviders"),
        *("class", "config", "secretConfig", "instance", "vo", "roles", "entitlements"),
        "adminGroups",
    )
)
# What no environment overrides; every other key of the site or of an environment is a section.
_SITE = {"schemaVersion", "site", "repository", "argocd", "clusters", "environments"}
_PLACE = {"cluster", "namespace", "host", "path", "requireSealed", "testing", "sealingScope"}
_NO_SECTIONS = frozenset(_SITE | _PLACE | {"apps", "secrets", "versions"})


def without(data: Any, refused: Iterable[Pointer]) -> Any:
    """A copy of the data without what stands at the refused pointers."""
    paths = {pointer for pointer in refused if pointer}
    return _without(data, (), paths) if paths else data


def _without(node: Any, at: Pointer, refused: set[Pointer]) -> Any:
    if isinstance(node, Mapping):
        kept = {key: value for key, value in node.items() if (*at, key) not in refused}
        return {key: _without(value, (*at, key), refused) for key, value in kept.items()}
    if isinstance(node, list):
        # A refused entry leaves a gap, so that its neighbours keep their pointers.
        return [
            None if (*at, i) in refused else _without(value, (*at, i), refused)
            for i, value in enumerate(node)
        ]
    return node


def effective(shared: Written, overrides: Written) -> dict[str, Any]:
    """The sections of one environment: shared, with its overrides merged in."""
    merged: dict[str, Any] = merge(shared, overrides)
    inherited, own = part(shared, "jupyterhub"), part(overrides, "jupyterhub")
    changes = part(own, "servers").get("profiles")
    if isinstance(changes, dict):
        servers = merged["jupyterhub"]["servers"]
        kept = part(inherited, "servers").get("profiles")
        servers = {**servers, "profiles": patched(kept, changes)}
        merged["jupyterhub"] = {**merged["jupyterhub"], "servers": servers}
    written = part(own, "authentication")
    provider = written.get("provider")
    if provider not in (None, part(inherited, "authentication").get("provider")):
        login = merged["jupyterhub"]["authentication"].items()
        kept = {key: value for key, value in login if key in written or key not in _OF_A_PROVIDER}
        merged["jupyterhub"] = {**merged["jupyterhub"], "authentication": kept}
    return merged


def sections(raw: Written) -> dict[str, Any]:
    """The overridable sections of the site, or of one environment."""
    return {name: section for name, section in raw.items() if name not in _NO_SECTIONS}


def site(raw: Written, known: Versions) -> Site:
    """The Site that the data describes; a text that was refused is empty in it.

    `known` are the chart releases that hubops itself knows.
    """
    repository, argocd = part(raw, "repository"), part(raw, "argocd")
    version = _version(argocd, UNREAD)
    shared_raw = sections(raw)
    secrets = _secrets(part(raw, "secrets"))
    shared = settings(shared_raw, Origin(), secrets)
    clusters, environments = part(raw, "clusters"), part(raw, "environments")
    held = apps.by_cluster(raw) if "apps" in raw else {}
    hubs = tuple(
        _environment(name, part(environments, name), shared_raw, shared, held)
        for name in environments
    )
    return Site(
        name=raw.get("site", ""),
        repository=Repository(
            url=repository.get("url", ""), revision=_full_ref(repository.get("revision", "main"))
        ),
        argocd=version,
        argocd_namespace=argocd.get("namespace", "argocd"),
        clusters={name: _cluster(name, part(clusters, name), version) for name in clusters},
        environments=hubs,
        shared=shared,
        versions=known.extended(part(raw, "versions")),
        apps=apps.shared(raw) if held else (),
        platform=tuple(
            apps.place(app, shared.sync, hubs)
            for each in held.values()
            for app in each
            if app.is_of_cluster
        ),
    )


def _full_ref(revision: str) -> str:
    """A branch name becomes a full ref; HEAD, a full ref and a commit stay what they are."""
    is_commit = len(revision) == 40 and set(revision) <= set("0123456789abcdef")
    is_full = revision.startswith("refs/") or revision == "HEAD" or is_commit
    return revision if is_full else f"refs/heads/{revision}"


def _version(raw: Written, otherwise: Version, key: str = "version") -> Version:
    return Version.parse(raw[key]) if key in raw else otherwise


def _cluster(name: str, raw: Written, argocd: Version) -> Cluster:
    ingress, gateway, own = (part(raw, key) for key in ("ingress", "gateway", "argocd"))
    at = ("clusters", name)
    return made(
        Cluster,
        raw,
        name=name,
        registered_name=raw.get("name"),
        kubernetes=_version(raw, UNREAD, "kubernetes"),
        ingress=made(Ingress, ingress, as_annotation=ingress.get("annotation", False))
        if "ingress" in raw
        else None,
        gateway=made(Gateway, gateway) if "gateway" in raw else None,
        argocd=_version(own, argocd),
        argocd_at=(*(at if "version" in own else ()), "argocd", "version"),
        issuers=issuer.listed(part(raw, "issuers")),
        provided=tuple(word for word in raw.get("provided", ()) if word is not None),
        prometheus=made(Prometheus, part(raw, "prometheus")),
        at=at,
    )


def _environment(
    name: str,
    raw: Written,
    shared_raw: Written,
    shared: Settings,
    held: Mapping[str, tuple[FurtherChart, ...]],
) -> Environment:
    overrides = sections(raw)
    own = shared
    if overrides:
        origin = Origin(environment=name, overrides=overrides, shared=shared_raw)
        merged = effective(shared_raw, overrides)
        own = settings(merged, origin, shared.secrets, known=(shared_raw, shared))
    of_each = (app for app in held.get(raw.get("cluster", ""), ()) if not app.is_of_cluster)
    at = ("environments", name)
    return made(Environment, raw, name=name, settings=own, apps=tuple(of_each), at=at)


def _secrets(raw: Written) -> tuple[ExtraSecret, ...]:
    """The site's own Secrets; one without a key that was accepted is left out."""
    found = (_secret(name, part(raw, name)) for name in raw)
    return tuple(secret for secret in found if secret.keys)


def _secret(name: str, raw: Written) -> ExtraSecret:
    if raw.get("kind") == "registry":
        keys = (REGISTRY_KEY,) if "server" in raw else ()
        return ExtraSecret(name=name, keys=keys, server=raw.get("server", ""))
    used = part(raw, "usedBy")
    servers = used.get("servers")
    return ExtraSecret(
        name=name,
        keys=tuple(word for word in raw.get("keys", ()) if word is not None),
        in_hub=used.get("hub") == "environment",
        in_servers=servers == "environment",
        mount=servers.get("mount") if isinstance(servers, Mapping) else None,
    )
