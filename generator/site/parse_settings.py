"""The merged sections of an environment -> Settings."""

import marshal
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.records import fields
from generator.site import check_in, providers
from generator.site.app import ChartPin
from generator.site.hub import Allow, Authentication, Bounds, Hub
from generator.site.model import (
    ChartSettings,
    DaskGateway,
    ExtraSecret,
    Json,
    Limits,
    Option,
    Settings,
    Sync,
)
from generator.site.origin import Origin
from generator.site.profiles import Keys, listed, plain
from generator.site.written import Written, made, part
from generator.versions import Version

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
_PRERELEASE = r"[0-9A-Za-z-]{1,50}(\.[0-9A-Za-z-]{1,50})*"


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

    def held(name: str) -> Settings | None:
        return shared if shared is not None and raw.get(name) is shared_raw.get(name) else None

    parts = {
        name: one.sections[name] if (one := held(name)) else _section(name, part(raw, name))
        for name in raw
        if name not in ("charts", "sync")
    }
    hub = part(shared_raw, "jupyterhub"), shared.hub if shared is not None else None
    keys: dict[str, Json] = {}
    for chart in parts.values():
        keys |= chart.keys
    return Settings(
        charts=one.charts if (one := held("charts")) else _charts(raw),
        sync=one.sync if (one := held("sync")) else made(Sync, part(raw, "sync")),
        hub=one.hub if (one := held("jupyterhub")) else _hub(raw, parts, hub),
        dask=one.dask if (one := held("daskGateway")) else _dask(raw, parts),
        origin=origin,
        secrets=secrets,
        sections=parts,
        keys=keys,
    )


def _section(name: str, raw: Written) -> ChartSettings:
    said = marshal.dumps({key: raw[key] for key in raw if key not in _OF_THE_RELEASE}, 2)
    own = {f"{name}.{key}": raw[key] for key in _OF_THE_RELEASE if key in raw}
    return ChartSettings(keys={**_keys(name, said), **own}, values=part(raw, "values"), said=said)


@lru_cache(maxsize=256)  # most environments that override something override the same
def _keys(name: str, said: bytes) -> Keys:
    raw = marshal.loads(said)
    own = {key: below for key, below in raw.items() if key != "values"}
    keys = {**_DEFAULTS.get(name, {}), **plain(own)}
    provider = keys.get("authentication.provider")
    if scopes := keys.get("authentication.scopes") or providers.of(provider).scopes:
        keys["authentication.scopes"] = scopes
    keys = check_in.completed(keys) if provider == check_in.PROVIDER else keys
    return {f"{name}.{key}": value for key, value in keys.items()}


def _charts(raw: Written) -> Mapping[str, ChartPin]:
    pins = part(raw, "charts")
    written = {name: part(pins, name) for name in pins}
    return {name: _pin(name, pin) for name, pin in written.items() if "version" in pin}


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
    raw, keys = part(site, "jupyterhub"), parts["jupyterhub"].keys
    known_raw, hub = known
    login, profiles = raw.get("authentication"), part(raw, "servers").get("profiles")
    has_login = hub is not None and login is known_raw.get("authentication")
    has_profiles = hub is not None and profiles is part(known_raw, "servers").get("profiles")
    return Hub(
        authentication=hub.authentication
        if hub is not None and has_login
        else _authentication(keys),
        database_storage=keys["jupyterhub.database.storage"],
        home_capacity=keys["jupyterhub.home.capacity"],
        **_of_servers(parts["jupyterhub"].said),
        profiles=hub.profiles if hub is not None and has_profiles else listed(profiles),
        values=parts["jupyterhub"].values,
    )


@lru_cache(maxsize=256)  # most environments that override something override the same
def _of_servers(said: bytes) -> Mapping[str, Any]:
    """What a hub says of all servers."""
    servers = _below(_keys("jupyterhub", said), "jupyterhub.servers.")
    bounds = {"cpu": "cpu", "memory": "memory", "ephemeral_storage": "ephemeralStorage"}
    return {"servers": servers} | {name: _bounds(servers, key) for name, key in bounds.items()}


def _authentication(keys: Keys) -> Authentication | None:
    login = _below(keys, "jupyterhub.authentication.")
    allow = _below(login, "allow.")
    if "provider" not in login:
        return None
    return made(Authentication, login, allow=made(Allow, allow))


def _below(keys: Keys, above: str) -> Keys:
    """The keys that begin so, without that beginning."""
    return {key.removeprefix(above): keys[key] for key in keys if key.startswith(above)}


def _bounds(keys: Keys, of: str) -> Bounds:
    return Bounds(guarantee=keys.get(f"{of}.guarantee"), limit=keys.get(f"{of}.limit"))


def _dask(site: Written, parts: Mapping[str, ChartSettings]) -> DaskGateway | None:
    if "daskGateway" not in site:
        return None
    raw, section = part(site, "daskGateway"), parts["daskGateway"]
    own = {"install_crds": raw.get("installCRDs", True), "values": section.values}
    return made(DaskGateway, raw, **own, **_of_pods(section.said))


@lru_cache(maxsize=256)  # most environments that override something override the same
def _of_pods(said: bytes) -> Mapping[str, Any]:
    """What a Dask Gateway says of its schedulers and workers."""
    raw = marshal.loads(said)
    limits, worker = part(raw, "limits"), part(raw, "worker")
    return {
        "limits": made(Limits, limits) if limits.keys() >= {*fields(Limits)} else None,
        "worker_cores": _option(part(worker, "cores")),
        "worker_memory": _option(part(worker, "memory")),
        "worker_image": worker.get("image"),
        **{f"scheduler_{key}": size for key, size in part(raw, "scheduler").items()},
        "offers_environment": part(raw, "options").get("environment", False),
    }


def _option(raw: Written) -> Option | None:
    if "default" not in raw:
        return None
    return made(Option, {"min": raw["default"], "max": raw["default"], **raw})
