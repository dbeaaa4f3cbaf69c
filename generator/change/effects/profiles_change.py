"""Users choose from another list of profiles.

A server that runs keeps its profile. A profile that is gone can't be started again; the default is
what a user gets who chooses nothing.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.site.model import Settings

CODE = "E022"


def check(step: Step) -> Iterator[Effect]:
    """One effect for what came, what went, and another default."""
    if step.both is None:
        return
    old, new = (_slugs(side.environment.settings) for side in step.both)
    said = [f"+{name}" for name in new if name not in old]
    said += [f"-{name}" for name in old if name not in new]
    if [name for name in old if name in new] != [name for name in new if name in old]:
        said.append("in another order")
    defaults = [next((name for name, on in slugs.items() if on), "") for slugs in (old, new)]
    if defaults[0] != defaults[1]:
        said.append(f"default {defaults[0]} -> {defaults[1]}")
    if said:
        yield Effect(
            code=CODE,
            weight=Weight.NEXT_START,
            message=f"the list of profiles changes: {', '.join(said)}",
        )


def _slugs(settings: Settings) -> dict[str, bool]:
    hub = settings.hub
    if hub is None:
        return {}
    return {
        profile.slug or profile.name: profile is hub.default_profile for profile in hub.profiles
    }
