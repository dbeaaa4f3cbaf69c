"""Home volumes, the database and users' servers as the hub's values say them -> site.yaml."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.adopt.base import Question, at
from generator.adopt.spelling import is_plain_profile
from generator.charts.gateway_config import has_tag
from generator.charts.spellings import is_quantity, quantity, spawner_bytes
from generator.credentials import shown
from generator.names import is_label
from generator.site.model import Json

# The image that the chart gives to users where the values name none.
_SAMPLE = "quay.io/jupyterhub/k8s-singleuser-sample"
_PROFILES = ("jupyterhub", "servers", "profiles")


def settings(
    values: Mapping[str, Json], version: str, ask: Callable[[Question], None]
) -> dict[str, Any]:
    """`database`, `home` and `servers`, as far as site.yaml has words for what is there."""
    found: dict[str, Any] = {}
    storage = at(values, "hub", "db", "pvc", "storage")
    if is_quantity(storage):
        found["database"] = {"storage": storage}
    capacity = at(values, "singleuser", "storage", "capacity")
    if is_quantity(capacity):
        found["home"] = {"capacity": capacity}
    servers: dict[str, Any] = {}
    if cpu := _bounds(values, _cores, "singleuser", "cpu"):
        servers["cpu"] = cpu
    if memory := _bounds(values, _memory, "singleuser", "memory"):
        servers["memory"] = memory
    ephemeral = {
        bound: size
        for bound, plural in (("guarantee", "guarantees"), ("limit", "limits"))
        if is_quantity(
            size := at(values, "singleuser", "extraResource", plural, "ephemeral-storage")
        )
    }
    if ephemeral:
        servers["ephemeralStorage"] = ephemeral
    servers["profiles"] = _profiles(values, version, ask)
    return {**found, "servers": servers}


def _bounds(values: Mapping[str, Json], spell: Callable[[Json], Any], *path: str) -> dict[str, Any]:
    found = {bound: spell(at(values, *path, bound)) for bound in ("guarantee", "limit")}
    return {bound: size for bound, size in found.items() if size is not None}


def _cores(value: Json) -> int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 < value <= 100_000 else None


def _memory(value: Json) -> str | None:
    size = spawner_bytes(value)
    return quantity(size) if size else None


def image_of(values: Json) -> str | None:
    """The image of a chart's `name` and `tag`; None where one of them is missing."""
    name, tag = at(values, "name"), at(values, "tag")
    if not isinstance(name, str) or not isinstance(tag, str) or not name or not tag:
        return None
    return f"{name}:{tag}"


def _profiles(
    values: Mapping[str, Json], version: str, ask: Callable[[Question], None]
) -> list[dict[str, Any]]:
    image = image_of(at(values, "singleuser", "image"))
    listed = at(values, "singleuser", "profileList")
    if not isinstance(listed, list) or not listed:
        if image is None:
            image = f"{_SAMPLE}:{version}"
            ask(
                Question(
                    text="the values name no image, so users get the chart's sample; it follows "
                    "the chart's version no more",
                    at=_PROFILES,
                )
            )
        return [{"name": "Default", "image": image}]
    found = [_profile(entry, image or f"{_SAMPLE}:{version}") for entry in listed]
    _one_default(found)
    default = next((entry for entry in found if entry.get("default")), found[0])
    if image is not None and default["image"] != image:
        ask(
            Question(
                text=f"the default profile runs {shown(default['image'])} and singleuser.image is "
                f"{shown(image)}; both stay as they are",
                at=_PROFILES,
            )
        )
    return found


def _profile(entry: Json, image: str) -> dict[str, Any]:
    """What site.yaml can say of one entry; with the common image where it has none."""
    own = at(entry, "kubespawner_override", "image")
    name, slug = at(entry, "display_name"), at(entry, "slug")
    text, is_default = at(entry, "description"), at(entry, "default")
    found: dict[str, Any] = {"name": name if isinstance(name, str) and name else "unnamed"}
    if isinstance(slug, str) and is_label(slug):
        found["slug"] = slug
    found["image"] = own if isinstance(own, str) and has_tag(own) else image
    if isinstance(text, str) and text:
        found["description"] = text
    if is_default is True:
        found["default"] = True
    return found


def _one_default(profiles: list[dict[str, Any]]) -> None:
    marked = [entry for entry in profiles if entry.get("default")]
    for entry in marked[1:]:
        entry.pop("default")
    if not marked:
        profiles[0]["default"] = True


def says_all(values: Mapping[str, Json]) -> bool:
    """Whether the profiles of site.yaml say all that the profile list says."""
    listed = at(values, "singleuser", "profileList")
    return isinstance(listed, list) and bool(listed) and all(map(is_plain_profile, listed))
