"""The images and profiles of users' servers as the hub's values say them -> site.yaml."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.adopt.base import Question, at
from generator.adopt.spelling import is_plain_profile
from generator.charts.gateway_config import has_tag
from generator.credentials import shown
from generator.names import is_label
from generator.site.model import Json

# The image that the chart gives to users where the values name none.
_SAMPLE = "quay.io/jupyterhub/k8s-singleuser-sample"
_PROFILES = ("jupyterhub", "servers", "profiles")


def image_of(values: Json) -> str | None:
    """The image of a chart's `name` and `tag`; None where one of them is missing."""
    name, tag = at(values, "name"), at(values, "tag")
    if not isinstance(name, str) or not isinstance(tag, str) or not name or not tag:
        return None
    return f"{name}:{tag}"


def profiles(
    values: Mapping[str, Json], version: str, ask: Callable[[Question], None]
) -> list[dict[str, Any]]:
    """`servers.profiles`, the chart's sample where the values name no image."""
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


def _one_default(listed: list[dict[str, Any]]) -> None:
    marked = [entry for entry in listed if entry.get("default")]
    for entry in marked[1:]:
        entry.pop("default")
    if not marked:
        listed[0]["default"] = True


def says_all(values: Mapping[str, Json]) -> bool:
    """Whether the profiles of site.yaml say all that the profile list says."""
    listed = at(values, "singleuser", "profileList")
    return isinstance(listed, list) and bool(listed) and all(map(is_plain_profile, listed))
