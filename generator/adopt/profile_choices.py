"""The list that users choose from -> `servers.profiles`, where site.yaml can say all of it."""

import re
from collections.abc import Mapping
from typing import Any

from generator.adopt.base import removed
from generator.charts.profile_traits import read_back
from generator.charts.profile_values import UNLISTED
from generator.credentials import harmless
from generator.names import is_label, profile_slug
from generator.site.model import Json

_OVERRIDE = "kubespawner_override"
_PROFILE = {"display_name", "slug", "description", "default", _OVERRIDE, "profile_options"}
_CHOICE = {"display_name", "default", _OVERRIDE}
_OWN = {"enabled", "display_name", "validation_regex", "validation_message", _OVERRIDE}
# A key of an option or a choice that site.yaml takes as its slug.
_SLUG = r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"
# In an override these take the place of the common ones, and a profile of site.yaml adds to them.
_LISTS = {"tolerations", "volumes"}


def profiles(listed: list[Json], pulls: Json) -> list[dict[str, Any]] | None:
    """All the profiles, the default one marked; None where site.yaml can't say all of them.

    `pulls` is the policy that all images are pulled by.
    """
    found = [_profile(entry, pulls) for entry in listed]
    said = [one for one in found if one is not None]
    return _with_default(said) if len(said) == len(listed) else None


def _profile(entry: Json, pulls: Json) -> dict[str, Any] | None:
    if not isinstance(entry, Mapping) or not entry.keys() <= _PROFILE:
        return None
    keys, options = _keys(entry.get(_OVERRIDE), pulls), _options(entry, pulls)
    texts = [entry.get(key) for key in ("display_name", "slug", "description")]
    name, slug, text = texts
    if (
        keys is None
        or options is None
        or not _is_line(name)
        or entry.get("default", True) not in (True, False)
    ):
        return None
    if (slug is not None and not is_label(slug)) or (text is not None and not _is_line(text)):
        return None
    said = {"name": name, "slug": slug, "description": text, "default": entry.get("default")}
    return (
        {key: one for key, one in said.items() if one}
        | keys
        | ({"options": options} if options else {})
    )


def _keys(override: Json, pulls: Json) -> dict[str, Any] | None:
    """What an override says of servers; None where site.yaml can't say all of it."""
    if override is None:
        return {}
    if not isinstance(override, Mapping):
        return None
    if override.get("image_pull_policy") == (pulls or "Always"):
        override = removed(override, ("image_pull_policy",))
    said, left = read_back(override)
    return None if left or _LISTS & said.keys() else said


def _options(entry: Mapping[str, Json], pulls: Json) -> list[dict[str, Any]] | None:
    """The options, in the order that Helm gives them."""
    options = entry.get("profile_options") or {}
    if not isinstance(options, Mapping):
        return None
    found = [_option(slug, options[slug], pulls) for slug in sorted(options)]
    said = [one for one in found if one is not None]
    return said if len(said) == len(options) else None


def _option(slug: str, option: Json, pulls: Json) -> dict[str, Any] | None:
    if not isinstance(option, Mapping) or not option.keys() <= {
        "display_name",
        "choices",
        UNLISTED,
    }:
        return None
    choices, own = option.get("choices"), option.get(UNLISTED) or {}
    if not isinstance(choices, Mapping) or not choices or not isinstance(own, Mapping):
        return None
    found = [_choice(key, choices[key], pulls) for key in sorted(choices)]
    listed = [one for one in found if one is not None]
    free = _own_image(own)
    named = _named(slug, option)
    if named is None or free is None or len(listed) != len(choices):
        return None
    defaulted = _with_default(listed)
    if defaulted is None:
        return None
    return named | {"choices": defaulted} | ({"ownImage": free} if free else {})


def _choice(slug: str, choice: Json, pulls: Json) -> dict[str, Any] | None:
    if not isinstance(choice, Mapping) or not choice.keys() <= _CHOICE:
        return None
    named, keys = _named(slug, choice), _keys(choice.get(_OVERRIDE), pulls)
    if named is None or keys is None:
        return None
    return named | ({"default": True} if choice.get("default") is True else {}) | keys


def _named(slug: str, said: Mapping[str, Json]) -> dict[str, Any] | None:
    """Its name, and its slug where that is not made from the name."""
    name = said.get("display_name")
    if not _is_line(name) or not re.fullmatch(_SLUG, slug):
        return None
    return {"name": name} | ({} if profile_slug(str(name)) == slug else {"slug": slug})


def _own_image(own: Mapping[str, Json]) -> dict[str, Any] | None:
    """What the form for an image of one's own says; empty without one."""
    if own.get("enabled") is not True:
        return {}
    if not own.keys() <= _OWN or own.get(_OVERRIDE) != {"image": "{value}"}:
        return None
    words = {"name": "display_name", "pattern": "validation_regex", "message": "validation_message"}
    said = {key: own[word] for key, word in words.items() if word in own}
    return said if len(said) == len(words) and all(map(_is_line, said.values())) else None


def _with_default(entries: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The entries with one default, which is the first where none is marked."""
    marked = [one for one in entries if one.get("default")]
    if len(marked) > 1:
        return None
    default = next(iter(marked or entries), None)
    return [{**one, **({"default": True} if one is default else {})} for one in entries]


def _is_line(text: Json) -> bool:
    return isinstance(text, str) and bool(text) and "\n" not in text and harmless(text) == text
