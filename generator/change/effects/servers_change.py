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
    ("image", "name"),
    ("image", "tag"),
)
# Beside `singleuser`, what KubeSpawner makes servers of.
_SERVERS_TOO = (
    ("hub", "config", "KubeSpawner"),
    ("hub", "config", "Spawner"),
    ("scheduling", "userPods"),
    ("scheduling", "userScheduler", "enabled"),
    ("scheduling", "podPriority", "enabled"),
    ("imagePullSecrets",),
)


def check(step: Step) -> Consequences:
    """One effect that names what differs."""
    changed = step.changed("jupyterhub", "singleuser", but=_ELSEWHERE)
    # Where a text replaces the whole map, there is no key to name.
    named = [change.path[1] if change.path[1:] else "everything" for change in changed]
    named += (one.spelled for path in _SERVERS_TOO for one in step.changed("jupyterhub", *path))
    named += (one.spelled for one in step.pull_secrets)
    if named:
        what = ", ".join(dict.fromkeys(named))
        yield Weight.NEXT_START.of(f"user servers change at their next start: {what}")
