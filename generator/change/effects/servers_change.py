"""User servers change at their next start.

A running server keeps what it was started with. Users get the change when they stop their server
and start it again, or when it is culled.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step

CODE = "E003"

# Below `singleuser`, what has an effect of its own, or takes effect at once.
_ELSEWHERE = (
    ("networkPolicy",),
    ("storage", "capacity"),
    ("storage", "dynamic", "storageClass"),
    ("profileList",),
    ("image",),
)


def check(step: Step) -> Iterator[Effect]:
    """One effect that names what differs."""
    if step.both is None:
        return
    changed = [
        change
        for change in step.changed("jupyterhub", "singleuser")
        if not any(change.under("singleuser", *path) for path in _ELSEWHERE)
    ]
    if changed:
        what = ", ".join(dict.fromkeys(change.path[1] for change in changed))
        yield Effect(
            code=CODE,
            weight=Weight.NEXT_START,
            message=f"user servers change at their next start: {what}",
        )
