"""Users' images and profiles, as the hub's values say them -> site.yaml."""

from collections.abc import Mapping
from typing import Any

from generator.adopt.base import Ask, at
from generator.charts.gateway_config import has_tag
from generator.credentials import harmless, shown
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


def profiles(values: Mapping[str, Json], version: str, ask: Ask) -> list[dict[str, Any]]:
    """`servers.profiles`, the chart's sample where the values name no image."""
    named = image_of(at(values, "singleuser", "image"))
    image = named or f"{_SAMPLE}:{version}"
    listed = at(values, "singleuser", "profileList")
    if not isinstance(listed, list) or not listed:
        if named is None:
            ask(
                "the values name no image, so users get the chart's sample; it follows the chart's "
                "version no more",
                _PROFILES,
            )
        return [{"name": "Default", "image": image}]
    found = [_profile(entry, image) for entry in listed]
    default = next((entry for entry in found if "default" in entry), found[0])
    for entry in found:
        entry.pop("default", None)
    default["default"] = True
    if default["image"] != image and named is not None:
        ask(
            f"the default profile runs {shown(default['image'])} and singleuser.image is "
            f"{shown(image)}; both stay as they are",
            _PROFILES,
        )
    return found


def one_line(text: str) -> str:
    """A text for people as site.yaml takes it; where that is another text, `values` carries it."""
    return text if harmless(text) == text and "\n" not in text else " ".join(text.split())


def _profile(entry: Json, image: str) -> dict[str, Any]:
    """What site.yaml can say of one entry; with the common image where it has none."""
    own = at(entry, "kubespawner_override", "image")
    name, slug, text = (at(entry, key) for key in ("display_name", "slug", "description"))
    found: dict[str, Any] = {
        "name": (isinstance(name, str) and one_line(name)) or "unnamed",
        "slug": isinstance(slug, str) and is_label(slug) and slug,
        "image": own if isinstance(own, str) and has_tag(own) else image,
        "description": isinstance(text, str) and one_line(text),
        "default": at(entry, "default") is True,
    }
    return {key: said for key, said in found.items() if said}
