"""The image of a profile changes.

Users get it at their next start; a server that runs keeps its image. The worker image of Dask
should change with it, for the versions on both sides must fit.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.site.model import Profile, Settings

CODE = "E018"


def check(step: Step) -> Iterator[Effect]:
    """One effect for each profile whose image differs."""
    if step.both is None:
        return
    old, new = (_profiles(side.environment.settings) for side in step.both)
    for name, profile in new.items():
        if name in old and old[name].image != profile.image:
            yield Effect(
                code=CODE,
                weight=Weight.NEXT_START,
                message=f"profile {name}: image {_shown(old[name].image, profile.image)}, "
                "at the next start of a server",
            )


def _profiles(settings: Settings) -> dict[str, Profile]:
    profiles = settings.hub.profiles if settings.hub is not None else ()
    return {profile.slug or profile.name: profile for profile in profiles}


def _shown(old: str, new: str) -> str:
    """Both images; of the same repository only the tags."""
    name, _, tag = new.rpartition(":")
    was, _, before = old.rpartition(":")
    return f"{name}: {before} -> {tag}" if name == was and "/" not in tag else f"{old} -> {new}"
