"""Users' images and profiles, as the hub's values say them -> site.yaml."""

from collections.abc import Mapping
from typing import Any

from generator.adopt import profile_choices
from generator.adopt.base import Ask, at
from generator.charts.gateway_config import has_tag
from generator.credentials import harmless, shown
from generator.names import is_label
from generator.site.model import Json

# The image that the chart gives to users where the values name none.
_SAMPLE = "quay.io/jupyterhub/k8s-singleuser-sample"
_SERVERS = ("jupyterhub", "servers")
_PROFILES = (*_SERVERS, "profiles")
_SAMPLED = (
    "the values name no image, so users get the chart's sample; it follows the chart's version no "
    "more"
)


def image_of(values: Json) -> str | None:
    """The image of a chart's `name` and `tag`; None where one of them is missing."""
    name, tag = at(values, "name"), at(values, "tag")
    if not isinstance(name, str) or not isinstance(tag, str) or not name or not tag:
        return None
    return f"{name}:{tag}"


def profiles(values: Mapping[str, Json], version: str, ask: Ask) -> tuple[dict[str, Any], bool]:
    """The image and profiles of `servers`, and whether they say all of today's list.

    The image is the chart's sample where the values name none.
    """
    named = image_of(at(values, "singleuser", "image"))
    image = named or f"{_SAMPLE}:{version}"
    listed = at(values, "singleuser", "profileList")
    # Where users choose nothing today, there is nothing to choose either.
    if not isinstance(listed, list) or not listed:
        if named is None:
            ask(_SAMPLED, _SERVERS)
        return {"image": image}, True
    whole = profile_choices.profiles(listed, at(values, "singleuser", "image", "pullPolicy"))
    found = whole or _partly(listed)
    lacking = [one for one in found if "image" not in one]
    if named is None and lacking:
        ask(_SAMPLED, _PROFILES)
    said = {"profiles": found, **({"image": image} if lacking else {})}
    default = default_image(said)
    if default != image and named is not None:
        ask(
            f"the default profile runs {shown(default)} and singleuser.image is "
            f"{shown(image)}; both stay as they are",
            _PROFILES,
        )
    return said, whole is not None


def default_image(said: Mapping[str, Any]) -> str:
    """The image of a user who chooses nothing."""
    listed = said.get("profiles", ())
    default: Mapping[str, Any] = next((one for one in listed if one.get("default")), {})
    chosen = [
        choice["image"]
        for option in reversed(default.get("options", ()))
        for choice in option["choices"]
        if choice.get("default") and "image" in choice
    ]
    return str(next(iter(chosen), default.get("image") or said["image"]))


def _partly(listed: list[Json]) -> list[dict[str, Any]]:
    """Names and images of profiles, where `values` has the whole list."""
    found = [_profile(entry) for entry in listed]
    default = next((entry for entry in found if "default" in entry), found[0])
    return [
        {**{key: one for key, one in entry.items() if key != "default"}}
        | ({"default": True} if entry is default else {})
        for entry in found
    ]


def one_line(text: str) -> str:
    """A text for people as site.yaml takes it; where that is another text, `values` carries it."""
    return text if harmless(text) == text and "\n" not in text else " ".join(text.split())


def _profile(entry: Json) -> dict[str, Any]:
    """What site.yaml can say of one entry."""
    own = at(entry, "kubespawner_override", "image")
    name, slug, text = (at(entry, key) for key in ("display_name", "slug", "description"))
    found: dict[str, Any] = {
        "name": (isinstance(name, str) and one_line(name)) or "unnamed",
        "slug": isinstance(slug, str) and is_label(slug) and slug,
        "image": isinstance(own, str) and has_tag(own) and own,
        "description": isinstance(text, str) and one_line(text),
        "default": at(entry, "default") is True,
    }
    return {key: said for key, said in found.items() if said}
