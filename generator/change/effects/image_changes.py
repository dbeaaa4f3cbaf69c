"""The image of a profile, of servers without profiles, or of Dask workers changes.

Users get it at their next start; a running server or Dask cluster keeps its image. Change the
worker image of Dask with that of the profile, because the versions on both sides must fit.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight

_WORKERS = ("gateway", "backend", "image")
_SERVERS = ("singleuser", "image")
_OWN = "the chart's own"


def check(step: Step) -> Consequences:
    """One effect for each image that differs; of the same repository only the tags."""
    said: set[str] = set()
    for name, image in step.after.images.items():
        before = step.before.images.get(name, image)
        if before != image:
            said.add(_shown(before, image))
            yield Weight.NEXT_START.of(
                f"{f'profile {name}' if name else 'servers'}: image {_shown(before, image)}, at "
                "the next start of a server",
            )
    old, new = (side.image("dask-gateway", *_WORKERS) for side in step.sides)
    if step.has("dask-gateway") and old != new and (workers := _shown(old, new)) not in said:
        yield Weight.NEXT_START.of(f"Dask workers: image {workers}, for new clusters")
    by_values = [one.spelled for one in step.written if one.under(*_SERVERS)]
    old, new = (side.image("jupyterhub", *_SERVERS) for side in step.sides)
    if by_values and old != new and not said:
        yield Weight.NOTE.of(
            f"{', '.join(by_values)}: every profile has its own image, so only image pullers use it"
        )


def _shown(before: str, image: str) -> str:
    repository, _, tag = image.rpartition(":")
    was, _, old = before.rpartition(":")
    if was == repository and "/" not in tag:
        return f"{was}: {old} -> {tag}"
    return f"{before or _OWN} -> {image or _OWN}"
