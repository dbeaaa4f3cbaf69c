"""Which key of site.yaml the values of users' servers come from: the inverse of profile_values."""

from collections.abc import Iterable

from generator.charts.profile_traits import ADDS, LISTS, TRAITS, adds, gpus
from generator.charts.profile_values import UNLISTED
from generator.diagnostics import Pointer
from generator.site.hub import Hub
from generator.site.model import Settings
from generator.site.profiles import PROFILES, Keys, Profile, ProfileOption

_SERVERS = PROFILES[:-1]
_ABOUT = {"display_name": "name", "slug": "slug", "description": "description"}


def origin(settings: Settings, path: Pointer) -> Pointer | None:
    """The key that says a value of the chart, below `singleuser`; None where a row knows it."""
    hub = settings.hub
    if hub is None or path[:1] != ("singleuser",):
        return None
    index = path[2] if path[:2] == ("singleuser", "profileList") and path[2:] else None
    if isinstance(index, int) and index < len(hub.profiles):
        return _of_entry(hub, index, path[3:])
    if path[1:2] == ("profileList",):
        return None
    profile = hub.profiles[0] if hub.profiles and not hub.has_page else Profile()
    mounted = sum(secret.mount is not None for secret in settings.secrets)
    return _of_servers(hub, profile.keys, path[1:], mounted)


def _of_servers(hub: Hub, only: Keys, path: Pointer, mounted: int) -> Pointer | None:
    """Of a value for all servers; `only` is what a profile says that no one has to choose."""
    if path[:1] == ("image",) and not hub.has_page:
        return (*PROFILES, 0, "image") if "image" in only else (*_SERVERS, "image")
    for trait in TRAITS:
        said = trait.key in only and _begins(trait.chart, path)
        if said and (below := _below(only, trait.key, path[len(trait.chart) :])) is not None:
            return (*PROFILES, 0, *below)
    if path[:2] == ("extraResource", "limits") and path[2:]:
        if path[2] in gpus(only, hub.servers):
            return (*PROFILES, 0, "gpu")
        return (*_SERVERS, "gpu") if path[2] in gpus(hub.servers, {}) else None
    for name, (key, place) in LISTS.items():
        if _begins(place, path) and path[len(place) :]:
            index, common = path[len(place)], len(adds(hub.servers).get(name, ()))
            first = 0 if name == "tolerations" else mounted
            if isinstance(index, int) and index >= first:
                at = index - first
                own = (key, at) if at < common else ("profiles", 0, key, at - common)
                return (*_SERVERS, *own)
    return None


def _of_entry(hub: Hub, index: int, path: Pointer) -> Pointer:
    """Of a value of an entry of the list."""
    profile, at = hub.profiles[index], (*PROFILES, index)
    if path[:2] == ("kubespawner_override", "image") and "image" not in profile.keys:
        return (*_SERVERS, "image")
    options = {option.slug: number for number, option in enumerate(profile.options)}
    if path[:1] != ("profile_options",) or not path[1:]:
        return (*at, *_of_own(profile.keys, path))
    if path[1] not in options:
        return (*at, "ownImage")
    number = options[str(path[1])]
    return (*at, "options", number, *_of_option(profile.options[number], path[2:]))


def _of_option(option: ProfileOption, path: Pointer) -> Pointer:
    if path[:1] == (UNLISTED,):
        return ("ownImage",)
    slugs = [choice.slug for choice in option.choices]
    if path[:1] == ("choices",) and path[1:] and path[1] in slugs:
        number = slugs.index(str(path[1]))
        return ("choices", number, *_of_own(option.choices[number].keys, path[2:]))
    return ("name",) if path[:1] == ("display_name",) else path[:1]


def _of_own(keys: Keys, path: Pointer) -> Pointer:
    """Of what a profile or a choice says itself: the key, below its own place."""
    if path[:1] == ("kubespawner_override",):
        for trait in TRAITS:
            if _begins(trait.path, path[1:]):
                below = _below(keys, trait.key, path[1 + len(trait.path) :])
                return below if below is not None else ()
        return ("gpu",) if path[1:2] == ("extra_resource_limits",) and path[2:] else ()
    if path[:1] == (ADDS,):
        key = LISTS[str(path[1])][0] if path[1:] else ""
        return (key, *path[2:3]) if key else ()
    if path[:1] == ("profile_options",):
        return ("options",)
    return (_ABOUT.get(str(path[0]), path[0]), *path[1:]) if path else ()


def _below(keys: Keys, key: str, rest: Pointer) -> Pointer | None:
    """The steps to a key and to what is below it in a map; None where the map lacks that."""
    return (*key.split("."), *rest) if ".".join((key, *map(str, rest))) in keys else None


def _begins(pattern: Iterable[str], path: Pointer) -> bool:
    steps = tuple(pattern)
    return path[: len(steps)] == steps
