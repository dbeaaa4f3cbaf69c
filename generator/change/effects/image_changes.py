"""The image of a profile changes.

Users get it at their next start; a running server keeps its image. Change the worker image of Dask
with it, because the versions on both sides must fit.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect for each profile whose image differs; of the same repository only the tags."""
    for name, profile in step.after.profiles.items():
        before = step.before.profiles.get(name)
        if before is None or before.image == profile.image:
            continue
        repository, _, tag = profile.image.rpartition(":")
        was, _, old = before.image.rpartition(":")
        shown = f"{before.image} -> {profile.image}"
        if was == repository and "/" not in tag:
            shown = f"{was}: {old} -> {tag}"
        yield Weight.NEXT_START.of(
            f"profile {name}: image {shown}, at the next start of a server",
        )
