"""Users choose from another list of profiles.

A running server keeps its profile. Users can't start a removed profile again; the default is what a
user gets who chooses nothing.
"""

from collections.abc import Mapping
from typing import Any

from generator.change.difference import arrows, members
from generator.change.sides import EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect for what is added, removed or described otherwise, and another default."""
    was, now = (side.profile_items for side in step.sides)
    old, new = tuple(was), tuple(now)
    said = members(old, new)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        said.append("in another order")
    said += arrows({"default": (_default(step.before), _default(step.after))})
    for name in (name for name in new if name in was):
        keys = [key for key in {**was[name], **now[name]} if key != "default"]
        rest = [key for key in keys if _rest(was[name].get(key)) != _rest(now[name].get(key))]
        said += [f"{name} ({', '.join(rest)})"] if rest else []
    if said:
        yield Weight.NEXT_START.of(f"the list of profiles changes: {', '.join(said)}")


def _default(side: EnvironmentSide) -> str:
    """What a user gets who chooses nothing: the marked profile, or the first."""
    marked = [name for name, profile in side.profile_items.items() if profile.get("default")]
    return next(iter(marked or side.profile_items), "")


def _rest(value: Any) -> Any:
    """A part of a profile without the image, which another effect tells."""
    if isinstance(value, Mapping):
        return {key: part for key, part in value.items() if key != "image"}
    return value
