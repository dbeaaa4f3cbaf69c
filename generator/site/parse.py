"""Plain data -> Site. What the schema refused is left out, and the rules judge all the rest."""

import marshal
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from generator.diagnostics import Pointer
from generator.merge import merge
from generator.records import fields
from generator.site import apps, check_in, issuer, providers
from generator.site.app import ChartPin, FurtherChart
from generator.site.model import (
    REGISTRY_KEY,
    Allow,
    Authentication,
    Bounds,
    ChartSettings,
    Cluster,
    DaskGateway,
    Environment,
    ExtraSecret,
    Gateway,
    Hub,
    Ingress,
    Json,
    Limits,
    Option,
    Repository,
    Settings,
    Site,
    Sync,
)
from generator.site.origin import Origin
from generator.site.profiles import Keys, listed, patched, plain
from generator.site.prometheus import Prometheus
from generator.site.releases import Versions
from generator.versions import Version

Written = Mapping[str, Any]
T = TypeVar("T")

# What belongs to one kind of login: an environment that changes the provider inherits none of it.
_OF_A_PROVIDER = frozenset(
    (
        *("loginService", "authorizeUrl", "tokenUrl", "userdataUrl", "usernameClaim"),
        *("organizations", "scopes", "domains", "googleGroups", "identityProviders"),
        *("class", "config", "secretConfig", "instance", "vo", "roles", "entitlements"),
        "adminGroups",
    )
)
_PRERELEASE = r"[0-9A-Za-z-]{1,50}(\.[0-9A-Za-z-]{1,50})*"
# Stands for a version that was refused: new enough for every rule.
_NEWEST = Version.parse("9999.0")
# What no environment overrides; every other key of the site or of an environment is a section.
_SITE = {"schemaVersion", "site", "repository", "argocd", "clusters", "environments"}
_PLACE = {"cluster", "namespace", "host", "path", "requireSealed", "testing", "sealingScope"}
_NO_SECTIONS = frozenset(_SITE | _PLACE | {"apps", "secrets", "versions"})
# What a section says of how its release is installed; none of the chart's values follows from it.
_OF_THE_RELEASE = ("releaseName", "installCRDs")
# By section: what a plain key is where it is left out.
_DEFAULTS: Mapping[str, Mapping[str, Json]] = {
    "jupyterhub": {
        "authentication.usernameClaim": "preferred_username",
        "database.storage": "1Gi",
        "home.capacity": "10Gi",
        "nodePools.users.packing": False,
    },
}


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
    inherited, written = (
        _part(_part(raw, "jupyterhub"), "authentication") for raw in (shared, overrides)
    )
    merged: dict[str, Any] = merge(shared, overrides)
    changes = _part(_part(overrides, "jupyterhub"), "servers").get("profiles")
    if isinstance(changes, dict):
        servers = merged["jupyterhub"]["servers"]
        kept = _part(_part(shared, "jupyterhub"), "servers").get("profiles")
        servers = {**servers, "profiles": patched(kept, changes)}
        merged["jupyterhub"] = {**merged["jupyterhub"], "servers": servers}
    provider = written.get("provider")
    if provider is not None and provider != inherited.get("provider"):
        login = merged["jupyterhub"]["authentication"].items()
        kept = {key: value for key, value in login if key in written or key not in _OF_A_PROVIDER}
        merged["jupyterhub"] = {**merged["jupyterhub"], "authentication": kept}
    return merged


def sections(raw: Written) -> dict[str, Any]:
    """The overridable sections of the site, or of one environment."""
    return {name: part for name, part in raw.items() if name not in _NO_SECTIONS}


def site(raw: Written, known: Versions) -> Site:
    """The Site that the data describes; a text that was refused is empty in it.

    `known` are the chart releases that hubops itself knows.
    """
    repository, argocd = _part(raw, "repository"), _part(raw, "argocd")
    version = _version(argocd, _NEWEST)
    shared_raw = sections(raw)
    secrets = _secrets(_part(raw, "secrets"))
    shared = settings(shared_raw, Origin(), secrets)
    clusters, environments = _part(raw, "clusters"), _part(raw, "environments")
    held = apps.by_cluster(raw) if "apps" in raw else {}
    hubs = tuple(
        _environment(name, _part(environments, name), shared_raw, shared, held)
        for name in environments
    )
    return Site(
        name=raw.get("site", ""),
        repository=Repository(
            url=repository.get("url", ""), revision=_full_ref(repository.get("revision", "main"))
        ),
        argocd=version,
        argocd_namespace=argocd.get("namespace", "argocd"),
        clusters={name: _cluster(name, _part(clusters, name), version) for name in clusters},
        environments=hubs,
        shared=shared,
        versions=known.extended(_part(raw, "versions")),
        apps=apps.shared(raw) if held else (),
        platform=tuple(
            apps.place(app, shared.sync, hubs)
            for each in held.values()
            for app in each
            if app.is_of_cluster
        ),
    )


def _part(raw: Written, key: str) -> Written:
    """A map inside a map, empty where there is none."""
    part = raw.get(key)
    return part if isinstance(part, dict) else {}


@cache
def _names(kind: Hashable) -> Mapping[str, str]:
    """The keys of site.yaml that a record's fields are named after, each with its field."""
    words = {name: name.split("_") for name in fields(cast(type, kind))}
    return {first + "".join(map(str.title, more)): name for name, (first, *more) in words.items()}


def _made(kind: type[T], raw: Written, **given: Any) -> T:
    """A record of what the data say under the names of its fields; `given` wins over them."""
    names = _names(cast(Hashable, kind))
    return kind(**{names[key]: value for key, value in raw.items() if key in names} | given)


def _full_ref(revision: str) -> str:
    """A branch name becomes a full ref; HEAD, a full ref and a commit stay what they are."""
    is_commit = len(revision) == 40 and set(revision) <= set("0123456789abcdef")
    is_full = revision.startswith("refs/") or revision == "HEAD" or is_commit
    return revision if is_full else f"refs/heads/{revision}"


def _version(raw: Written, otherwise: Version, key: str = "version") -> Version:
    return Version.parse(raw[key]) if key in raw else otherwise


def _cluster(name: str, raw: Written, argocd: Version) -> Cluster:
    ingress, gateway, own = (_part(raw, key) for key in ("ingress", "gateway", "argocd"))
    at = ("clusters", name)
    return _made(
        Cluster,
        raw,
        name=name,
        registered_name=raw.get("name"),
        kubernetes=_version(raw, _NEWEST, "kubernetes"),
        ingress=_made(Ingress, ingress, as_annotation=ingress.get("annotation", False))
        if "ingress" in raw
        else None,
        gateway=_made(Gateway, gateway) if "gateway" in raw else None,
        argocd=_version(own, argocd),
        argocd_at=(*(at if "version" in own else ()), "argocd", "version"),
        issuers=issuer.listed(_part(raw, "issuers")),
        provided=tuple(word for word in raw.get("provided", ()) if word is not None),
        prometheus=_made(Prometheus, _part(raw, "prometheus")),
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
    return _made(Environment, raw, name=name, settings=own, apps=tuple(of_each), at=at)


def settings(
    raw: Written,
    origin: Origin,
    secrets: tuple[ExtraSecret, ...] = (),
    known: tuple[Written, Settings] | None = None,
) -> Settings:
    """The Settings of merged sections, complete with defaults.

    Sections that are the very ones of `known`, which no override touches, are taken from there.
    """
    shared_raw, shared = known or ({}, None)
    hub = shared.hub if shared is not None else None

    def section(name: str, ready: Callable[[Settings], T], made: Callable[[Written], T]) -> T:
        if shared is not None and raw.get(name) is shared_raw.get(name):
            return ready(shared)
        return made(raw)

    parts = {
        name: shared.sections[name]
        if shared is not None and part is shared_raw.get(name)
        else _section(name, part if isinstance(part, dict) else {})
        for name, part in raw.items()
        if name not in ("charts", "sync")
    }
    keys: dict[str, Json] = {}
    for part in parts.values():
        keys |= part.keys
    return Settings(
        charts=section("charts", lambda shared: shared.charts, _charts),
        sync=section("sync", lambda one: one.sync, lambda raw: _made(Sync, _part(raw, "sync"))),
        hub=section(
            "jupyterhub",
            lambda shared: shared.hub,
            lambda raw: _hub(raw, parts, (_part(shared_raw, "jupyterhub"), hub)),
        ),
        dask=section("daskGateway", lambda shared: shared.dask, lambda raw: _dask(raw, parts)),
        origin=origin,
        secrets=secrets,
        sections=parts,
        keys=keys,
    )


def _section(name: str, raw: Written) -> ChartSettings:
    said = marshal.dumps({key: raw[key] for key in raw if key not in _OF_THE_RELEASE}, 2)
    own = {f"{name}.{key}": raw[key] for key in _OF_THE_RELEASE if key in raw}
    return ChartSettings(keys={**_keys(name, said), **own}, values=_part(raw, "values"), said=said)


@lru_cache(maxsize=256)  # most environments that override something override the same
def _keys(name: str, said: bytes) -> Keys:
    raw = marshal.loads(said)
    own = {key: part for key, part in raw.items() if key != "values"}
    keys = {**_DEFAULTS.get(name, {}), **dict(plain(own))}
    provider = keys.get("authentication.provider")
    if scopes := keys.get("authentication.scopes") or providers.of(provider).scopes:
        keys["authentication.scopes"] = scopes
    keys = check_in.completed(keys) if provider == check_in.PROVIDER else keys
    return {f"{name}.{key}": value for key, value in keys.items()}


def _charts(raw: Written) -> Mapping[str, ChartPin]:
    pins = _part(raw, "charts")
    written = {name: _part(pins, name) for name in pins}
    return {name: _pin(name, pin) for name, pin in written.items() if "version" in pin}


def _secrets(raw: Written) -> tuple[ExtraSecret, ...]:
    """The site's own Secrets; one without a key that was accepted is left out."""
    found = (_secret(name, _part(raw, name)) for name in raw)
    return tuple(secret for secret in found if secret.keys)


def _secret(name: str, raw: Written) -> ExtraSecret:
    if raw.get("kind") == "registry":
        keys = (REGISTRY_KEY,) if "server" in raw else ()
        return ExtraSecret(name=name, keys=keys, server=raw.get("server", ""))
    used = _part(raw, "usedBy")
    servers = used.get("servers")
    return ExtraSecret(
        name=name,
        keys=tuple(word for word in raw.get("keys", ()) if word is not None),
        in_hub=used.get("hub") == "environment",
        in_servers=servers == "environment",
        mount=servers.get("mount") if isinstance(servers, Mapping) else None,
    )


def is_exact(text: str) -> bool:
    """Whether a text is one version of a chart, spelled as the chart's index spells it."""
    core, has_more, prerelease = text.partition("-")
    numbers = core.split(".")
    is_core = len(numbers) == 3 and all(map(_is_number, numbers))
    return is_core and (not has_more or re.fullmatch(_PRERELEASE, prerelease) is not None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and text == str(int(text))


def _pin(name: str, raw: Written) -> ChartPin:
    text = raw["version"]
    version = Version.parse(text) if is_exact(text) else None
    return ChartPin(name=name, repository=raw.get("repository"), text=text, version=version)


def _hub(
    site: Written, parts: Mapping[str, ChartSettings], known: tuple[Written, Hub | None]
) -> Hub | None:
    """The hub; its login and profiles are the very ones of the known hub where the data are."""
    if "jupyterhub" not in site:
        return None
    raw, keys = _part(site, "jupyterhub"), parts["jupyterhub"].keys
    known_raw, hub = known
    login, profiles = raw.get("authentication"), _part(raw, "servers").get("profiles")
    has_login = hub is not None and login is known_raw.get("authentication")
    has_profiles = hub is not None and profiles is _part(known_raw, "servers").get("profiles")
    return Hub(
        authentication=hub.authentication
        if hub is not None and has_login
        else _authentication(keys),
        database_storage=keys["jupyterhub.database.storage"],
        home_capacity=keys["jupyterhub.home.capacity"],
        cpu=_bounds(keys, "jupyterhub.servers.cpu"),
        memory=_bounds(keys, "jupyterhub.servers.memory"),
        ephemeral_storage=_bounds(keys, "jupyterhub.servers.ephemeralStorage"),
        servers=_below(keys, "jupyterhub.servers."),
        profiles=hub.profiles if hub is not None and has_profiles else listed(profiles),
        values=parts["jupyterhub"].values,
    )


def _authentication(keys: Keys) -> Authentication | None:
    login = _below(keys, "jupyterhub.authentication.")
    allow = _below(login, "allow.")
    if "provider" not in login:
        return None
    return _made(Authentication, login, allow=_made(Allow, allow))


def _below(keys: Keys, above: str) -> Keys:
    """The keys that begin so, without that beginning."""
    return {key.removeprefix(above): keys[key] for key in keys if key.startswith(above)}


def _bounds(keys: Keys, of: str) -> Bounds:
    return Bounds(guarantee=keys.get(f"{of}.guarantee"), limit=keys.get(f"{of}.limit"))


def _dask(site: Written, parts: Mapping[str, ChartSettings]) -> DaskGateway | None:
    if "daskGateway" not in site:
        return None
    raw, section = _part(site, "daskGateway"), parts["daskGateway"]
    own = {"install_crds": raw.get("installCRDs", True), "values": section.values}
    return _made(DaskGateway, raw, **own, **_of_pods(section.said))


@lru_cache(maxsize=256)  # most environments that override something override the same
def _of_pods(said: bytes) -> Mapping[str, Any]:
    """What a Dask Gateway says of its schedulers and workers."""
    raw = marshal.loads(said)
    limits, worker = _part(raw, "limits"), _part(raw, "worker")
    return {
        "limits": _made(Limits, limits) if limits.keys() >= {*fields(Limits)} else None,
        "worker_cores": _option(_part(worker, "cores")),
        "worker_memory": _option(_part(worker, "memory")),
        "worker_image": worker.get("image"),
        **{f"scheduler_{key}": size for key, size in _part(raw, "scheduler").items()},
        "offers_environment": _part(raw, "options").get("environment", False),
    }


def _option(raw: Written) -> Option | None:
    if "default" not in raw:
        return None
    return _made(Option, {"min": raw["default"], "max": raw["default"], **raw})
