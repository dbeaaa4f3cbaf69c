"""What rows read back of a hub that holds only where another value says so."""

import re
from collections.abc import Mapping
from typing import Any

from generator.adopt.base import at
from generator.charts.page_rows import templates_back
from generator.charts.profile_traits import gpu, volumes_back
from generator.charts.spellings import UNLIMITED
from generator.lint.rules.secrets.secret_variable import is_variable
from generator.site.model import Json

# By section and key: the chart's value that it is for.
_ONLY_WITH = {
    ("database", "storage"): (("hub", "db", "type"), "sqlite-pvc"),
    ("database", "postgres"): (("hub", "db", "type"), "postgres"),
    ("home", "capacity"): (("singleuser", "storage", "type"), "dynamic"),
    ("home", "shared"): (("singleuser", "storage", "type"), "static"),
}
_DEFAULTS = ("sqlite-pvc", "dynamic")
# The names in braces that every KubeSpawner replaces; with another one no server starts.
_BRACES = frozenset(
    ("username", "userid", "unescaped_username", "servername", "unescaped_servername")
)


def settle(said: dict[str, Any], values: Mapping[str, Json]) -> None:
    """Takes what has no effect today, and variables of others, out of the settings."""
    for (section, key), (path, wanted) in _ONLY_WITH.items():
        kind = at(values, *path)
        is_so = kind == wanted or (kind is None and wanted in _DEFAULTS)
        if not is_so:
            _drop(said, section, key)
    if at(said, "home", "shared") is not None and at(said, "home", "shared", "claim") is None:
        _drop(said, "home", "shared")
    if at(values, "singleuser", "storage", "type") == "none":
        said["home"] = {"none": True}
    limits = said.get("limits", {})
    if at(values, "hub", "allowNamedServers") is not True:
        _drop(said, "limits", "namedServersPerUser")
    elif at(values, "hub", "namedServerLimitPerUser") in (None, 0):
        said["limits"] = {**limits, "namedServersPerUser": UNLIMITED}
    for section in ("hub", "servers"):
        variables = at(said, section, "environment", default={})
        kept = {
            name: text
            for name, text in variables.items()
            if is_variable(section, name) and _BRACES.issuperset(re.findall(r"\{([^{}]*)\}", text))
        }
        _drop(said, section, "environment")
        if kept:
            said.setdefault(section, {})["environment"] = kept
    paths = at(values, "hub", "config", "JupyterHub", "template_paths")
    if templates := templates_back(at(values, "hub", "initContainers"), paths):
        said["page"] = {**said.get("page", {}), "templates": templates}
    servers = said.setdefault("servers", {})
    storage = at(values, "singleuser", "storage")
    volumes = volumes_back(at(storage, "extraVolumes"), at(storage, "extraVolumeMounts"))
    servers |= {"volumes": volumes} if volumes else {}
    limits = at(values, "singleuser", "extraResource", "limits", default={})
    for name, count in limits.items() if isinstance(limits, Mapping) else ():
        if found := gpu(name, count):
            servers["gpu"] = found


def _drop(said: dict[str, Any], section: str, key: str) -> None:
    """Without the section, where nothing is left of it."""
    part = said.get(section, {})
    part.pop(key, None)
    if not part:
        said.pop(section, None)
