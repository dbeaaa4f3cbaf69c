"""Users choose from another list of profiles.

A running server keeps its profile. Users can't start a removed profile again; the default is what a
user gets who chooses nothing.
"""

from generator.change.difference import arrows, members
from generator.change.sides import EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect for what is added, what is removed, and another default."""
    old, new = (tuple(side.profiles) for side in step.sides)
    said = members(old, new)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        said.append("in another order")
    said += arrows({"default": (_default(step.before), _default(step.after))})
    if said:
        yield Weight.NEXT_START.of(f"the list of profiles changes: {', '.join(said)}")


def _default(side: EnvironmentSide) -> str:
    hub = side.settings.hub
    default = hub.default_profile if hub is not None else None
    return next((name for name, profile in side.profiles.items() if profile is default), "")
