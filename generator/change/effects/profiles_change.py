"""Users choose from another list of profiles, or get something else for a choice.

A running server keeps what it was started with; the change counts at the next start. Users can't
start a removed profile again. The default is what a user gets who chooses nothing. Where there is
nothing to choose, because there is one profile without options or none, users see no page of
choices, and each start gives the same.
"""

from collections.abc import Mapping
from typing import Any

from generator.change.difference import ABSENT, ValueChange, arrows, members, value_changes
from generator.change.sides import EnvironmentSide, Step
from generator.charts.profile_traits import ADDS, LISTS, TRAITS
from generator.lint.consequences import Consequences, Weight

Item = Mapping[str, Any]


def check(step: Step) -> Consequences:
    """One effect for what is added, removed or described otherwise, and another default."""
    was, now = (side.profile_items for side in step.sides)
    if was and not now:
        image = step.after.images.get("", "")
        yield Weight.NEXT_START.of(
            f"users see no page of choices anymore (it was {', '.join(was)}): every start gives "
            f"the same server, with the image {image or 'of the chart'}"
        )
    elif now and not was:
        yield Weight.NEXT_START.of(
            f"users see a page of choices before a server starts: {', '.join(now)}; who chooses "
            f"nothing gets {_default(step.after)}"
        )
    elif said := _said(step, was, now):
        yield Weight.NEXT_START.of(f"the list of profiles changes: {', '.join(said)}")


def _said(step: Step, was: Mapping[str, Item], now: Mapping[str, Item]) -> list[str]:
    old, new = tuple(was), tuple(now)
    said = members(old, new)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        said.append("in another order")
    said += arrows({"default": (_default(step.before), _default(step.after))})
    for name in (name for name in new if name in was):
        rest = list(dict.fromkeys(_differences(was[name], now[name])))
        said += [f"{name} ({', '.join(rest)})"] if rest else []
    return said


def _default(side: EnvironmentSide) -> str:
    """What a user gets who chooses nothing: the marked profile, or the first."""
    marked = [name for name, profile in side.profile_items.items() if profile.get("default")]
    return next(iter(marked or side.profile_items), "")


def _differences(was: Item, now: Item) -> list[str]:
    """What differs in a profile, in site.yaml's words, without what other effects tell."""
    changes = value_changes(_without_default(was), _without_default(now))
    named = ((_name(change.path), change) for change in changes)
    return [_told(name, change) for name, change in named if name != "image"]


def _without_default(item: Item) -> Item:
    return {key: part for key, part in item.items() if key != "default"}


def _name(path: tuple[str, ...]) -> str:
    """The key of site.yaml for a place in an entry of the list, or the place itself."""
    if path[:1] == ("kubespawner_override",):
        return _trait(path[1:])
    if path[:1] == (ADDS,):
        return LISTS[path[1]][0] if path[1:] and path[1] in LISTS else ADDS
    if path[:1] == ("profile_options",) and path[1:]:
        if path[2:3] == ("choices",) and path[3:]:
            below = _name(path[4:]) if path[4:] else ""
            return " ".join((path[1], path[3], below)).strip()
        return f"option {path[1]}"
    return {"display_name": "name"}.get(path[0], path[0])


def _trait(path: tuple[str, ...]) -> str:
    for trait in TRAITS:
        if path[: len(trait.path)] == trait.path:
            return ".".join((trait.key, *path[len(trait.path) :]))
    if path[:1] == ("extra_resource_limits",):
        return "gpu"
    return ".".join(path) or "kubespawner_override"


def _told(name: str, change: ValueChange) -> str:
    """The name of what differs, with both values where they are short."""
    both = [None if one is ABSENT else one for one in (change.before, change.after)]
    is_short = all(one is None or isinstance(one, int | float | str) for one in both)
    in_override = "kubespawner_override" in change.path and "environment" not in change.path
    if not is_short or not in_override:
        return name
    # KubeSpawner's units are powers of 1024.
    unit = "i" if "memory." in name else ""
    empty = "the profile's" if name.endswith("image") else "none"
    old, new = (
        empty if one in (None, 0) else f"{one}{unit if isinstance(one, str) else ''}"
        for one in both
    )
    return f"{name} {old} -> {new}"
