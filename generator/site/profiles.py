"""What users choose from: the model of a profile, and a site's list with an environment's changes.

A list replaces the shared one. A map changes it: by slug, each entry is merged, added, or removed.
"""

from collections.abc import Mapping
from typing import Any

from generator import names
from generator.diagnostics import Pointer
from generator.merge import holds, merge
from generator.records import field, record

Json = Any
# What a server gets, by dotted keys such as `memory.limit`, as in `servers`.
Keys = Mapping[str, Json]

PROFILES = ("jupyterhub", "servers", "profiles")
# What a profile or a choice says of itself; its other keys are what its servers get.
_ABOUT_ITSELF = (
    *("name", "slug", "description", "default", "jupyterhub", "groups", "options", "ownImage"),
    "choices",
)


@record
class OwnImage:
    """That a user may name an image, and what the form says of it."""

    name: str = "Image of your own"
    pattern: str = r"^[^\s]+[:@][^\s/]+$"
    message: str = "Write the image with its tag: registry/name:tag"


@record
class ProfileChoice:
    """One entry of an option; `keys` are what its servers get over the profile's."""

    name: str = ""
    slug: str = ""
    has_slug: bool = False  # of its own, or else made from the name
    default: bool = False
    keys: Keys = field(factory=dict)

    @property
    def image(self) -> str:
        """Its image; empty where the profile's stays."""
        return str(self.keys.get("image", ""))


@record
class ProfileOption:
    """An option of a profile: a list from which the user chooses one thing."""

    name: str = ""
    slug: str = ""
    has_slug: bool = False  # of its own, or else made from the name
    choices: tuple[ProfileChoice, ...] = ()
    own_image: OwnImage | None = None

    @property
    def default(self) -> ProfileChoice | None:
        """The choice of a user who chooses nothing."""
        marked = [choice for choice in self.choices if choice.default]
        return next(iter(marked or self.choices), None)


@record
class Profile:
    """One entry of the list a user chooses from; `keys` are what its servers get."""

    name: str = ""
    slug: str | None = None
    description: str | None = None
    default: bool = False
    jupyterhub: str | None = None
    groups: tuple[str, ...] = ()
    options: tuple[ProfileOption, ...] = ()
    own_image: OwnImage | None = None
    keys: Keys = field(factory=dict)

    @property
    def image(self) -> str:
        """Its own image; empty where it has that of all servers."""
        return str(self.keys.get("image", ""))

    @property
    def id(self) -> str:
        """Its slug, made from the name where it has none."""
        return self.slug or names.profile_slug(self.name)

    @property
    def has_choices(self) -> bool:
        """Whether there is more to choose than the profile itself, or not for everyone."""
        return bool(self.options or self.own_image or self.groups)


def listed(raw: Json) -> tuple[Profile, ...]:
    """The profiles of a list; an entry that was refused is an empty one, to keep the places."""
    return tuple(map(_profile, raw)) if isinstance(raw, list) else ()


def _profile(raw: Json) -> Profile:
    said = raw if isinstance(raw, Mapping) else {}
    return Profile(
        name=said.get("name", ""),
        slug=said.get("slug"),
        description=said.get("description"),
        default=said.get("default", False),
        jupyterhub=said.get("jupyterhub"),
        groups=tuple(group for group in said.get("groups", ()) if group is not None),
        options=tuple(map(_option, said.get("options", ()))),
        own_image=_own_image(said.get("ownImage")),
        keys=_keys(said),
    )


def _option(raw: Json) -> ProfileOption:
    said = raw if isinstance(raw, Mapping) else {}
    return ProfileOption(
        name=said.get("name", ""),
        slug=_slug(said),
        has_slug="slug" in said,
        choices=tuple(map(_choice, said.get("choices", ()))),
        own_image=_own_image(said.get("ownImage")),
    )


def _choice(raw: Json) -> ProfileChoice:
    said = raw if isinstance(raw, Mapping) else {}
    return ProfileChoice(
        name=said.get("name", ""),
        slug=_slug(said),
        has_slug="slug" in said,
        default=said.get("default", False),
        keys=_keys(said),
    )


def _slug(said: Mapping[str, Json]) -> str:
    return said.get("slug") or names.profile_slug(said.get("name", ""))


def _own_image(raw: Json) -> OwnImage | None:
    if isinstance(raw, Mapping):
        known = {key: raw[key] for key in ("name", "pattern", "message") if key in raw}
        return OwnImage(**known)
    return OwnImage() if raw is True else None


def _keys(said: Mapping[str, Json]) -> Keys:
    of_servers = {key: value for key, value in said.items() if key not in _ABOUT_ITSELF}
    return plain(of_servers)


def plain(raw: Mapping[str, Json], above: str = "") -> dict[str, Json]:
    """Every setting by its dotted key; maps both whole and by what is in them."""
    found: dict[str, Json] = {}
    for key, value in raw.items():
        if isinstance(value, list):
            value = tuple([entry for entry in value if entry is not None])
        found[above + key] = value
        if isinstance(value, dict):
            found |= plain(value, f"{above}{key}.")
    return found


def patched(shared: Json, changes: Mapping[str, Json]) -> list[Json]:
    """The shared list with the changes of an environment, by slug."""
    return [
        merge(
            shared[index] if index is not None else {"slug": slug},
            changes.get(slug, {}),
        )
        for slug, index in _order(shared, changes)
    ]


def place(shared: Json, changes: Mapping[str, Json], index: int, rest: Pointer) -> Pointer | None:
    """Where the map of an environment says something of an entry of the patched list.

    Below PROFILES; None where it says nothing of it, so that the shared list does.
    """
    ordered = _order(shared, changes)
    slug, at = ordered[index] if index < len(ordered) else ("", None)
    says = bool(rest) and holds(changes.get(slug), rest)
    if at is not None and not says:
        return None
    return (slug, *rest)


def shared_index(shared: Json, changes: Mapping[str, Json], index: int) -> int:
    """Which entry of the shared list an entry of the patched one is."""
    ordered = _order(shared, changes)
    at = ordered[index][1] if index < len(ordered) else None
    return index if at is None else at


def _order(shared: Json, changes: Mapping[str, Json]) -> list[tuple[str, int | None]]:
    """The slugs of the patched list, each with the shared entry that it was."""
    entries = shared if isinstance(shared, list) else []
    slugs = [_slug(entry) if isinstance(entry, Mapping) else "" for entry in entries]
    kept = [(slug, index) for index, slug in enumerate(slugs) if changes.get(slug, {}) is not None]
    new = [slug for slug, change in changes.items() if slug not in slugs and change is not None]
    return [*kept, *((slug, None) for slug in new)]
