"""The image of a profile changes.

Users get it at their next start; a running server keeps its image. Change the worker image of Dask
with it, because the versions on both sides must fit.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, consequence

CODE = "E018"


def check(step: Step) -> Iterator[Consequence]:
    """One effect for each profile whose image differs."""
    old = step.before.profiles
    for name, profile in step.after.profiles.items():
        if name in old and old[name].image != profile.image:
            yield consequence(
                Weight.NEXT_START,
                f"profile {name}: image {_shown(old[name].image, profile.image)}, at the next "
                "start of a server",
            )


def _shown(old: str, new: str) -> str:
    """Both images; of the same repository only the tags."""
    name, _, tag = new.rpartition(":")
    was, _, before = old.rpartition(":")
    return f"{name}: {before} -> {tag}" if name == was and "/" not in tag else f"{old} -> {new}"
