"""User servers change at their next start.

A running server keeps the settings that it was started with. Users get the change when they stop
their server and start it again, or when it is culled.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight

# Below `singleuser`, what another effect tells, or takes effect at once.
_ELSEWHERE = (
    ("networkPolicy",),
    ("storage", "capacity"),
    ("storage", "dynamic", "storageClass"),
    ("profileList",),
    ("image",),
)


def check(step: Step) -> Consequences:
    """One effect that names what differs."""
    changed = step.changed("jupyterhub", "singleuser", but=_ELSEWHERE)
    if changed:
        # Where a text replaces the whole map, there is no key to name.
        keys = dict.fromkeys(
            change.path[1] if change.path[1:] else "everything" for change in changed
        )
        what = ", ".join(keys)
        yield Weight.NEXT_START.of(f"user servers change at their next start: {what}")
