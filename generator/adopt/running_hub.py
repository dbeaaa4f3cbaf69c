"""What rows read back of a hub that holds only where another value says so."""

from collections.abc import Mapping
from typing import Any

from generator.adopt import secrets
from generator.adopt.base import JUPYTERHUB, Foreign, at
from generator.lint.rules.secret_variable import is_variable
from generator.site.model import Json

# By section and key: the chart's value that it is for.
_ONLY_WITH = {
    ("database", "storage"): (("hub", "db", "type"), "sqlite-pvc"),
    ("database", "postgres"): (("hub", "db", "type"), "postgres"),
    ("home", "capacity"): (("singleuser", "storage", "type"), "dynamic"),
    ("home", "shared"): (("singleuser", "storage", "type"), "static"),
}
_DEFAULTS = ("sqlite-pvc", "dynamic")


def settle(said: dict[str, Any], foreign: Foreign, values: Mapping[str, Json]) -> None:
    """Takes what has no effect today, and variables that are secrets, out of the settings."""
    for (section, key), (path, wanted) in _ONLY_WITH.items():
        kind = at(values, *path)
        is_so = kind == wanted or (kind is None and wanted in _DEFAULTS)
        if not is_so:
            _drop(said, section, key)
    if at(said, "home", "shared") is not None and at(said, "home", "shared", "claim") is None:
        _drop(said, "home", "shared")
    if at(values, "singleuser", "storage", "type") == "none":
        said["home"] = {"none": True}
    variables = at(said, "hub", "environment")
    if variables:
        found = secrets.of_all([foreign], {JUPYTERHUB: {}})
        hidden = {one.path[2] for one in found if one.path[:2] == ("hub", "extraEnv")}
        kept = {
            name: text
            for name, text in variables.items()
            if name not in hidden and is_variable("hub", name)
        }
        _drop(said, "hub", "environment")
        if kept:
            said.setdefault("hub", {})["environment"] = kept


def _drop(said: dict[str, Any], section: str, key: str) -> None:
    """Without the section, where nothing is left of it."""
    part = said.get(section, {})
    part.pop(key, None)
    if not part:
        said.pop(section, None)
