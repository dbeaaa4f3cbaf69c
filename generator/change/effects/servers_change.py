"""User servers change at their next start.

A running server keeps the settings that it was started with. Users get the change when they stop
their server and start it again, or when it is culled.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, consequence

CODE = "E003"

# Below `singleuser`, what another effect tells, or takes effect at once.
_ELSEWHERE = (
    ("networkPolicy",),
    ("storage", "capacity"),
    ("storage", "dynamic", "storageClass"),
    ("profileList",),
    ("image",),
)


def check(step: Step) -> Iterator[Consequence]:
    """One effect that names what differs."""
    changed = [
        change
        for change in step.changed("jupyterhub", "singleuser")
        if not any(change.under("singleuser", *path) for path in _ELSEWHERE)
    ]
    if changed:
        what = ", ".join(dict.fromkeys(change.path[1] for change in changed))
        yield consequence(Weight.NEXT_START, f"user servers change at their next start: {what}")
