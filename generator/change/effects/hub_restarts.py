"""The hub restarts once.

A changed value, or a changed secret, gives the hub's pod a new hash. No one can log in or start a
server for about a minute; running servers continue, because the proxy keeps their routes.
"""

from generator.change.sides import EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight
from generator.names import CONTENT_ANNOTATION


def check(step: Step) -> Consequences:
    """One effect where the hub's hash or its chart differs."""
    if _hash(step.before) != _hash(step.after) or step.upgrades("jupyterhub"):
        yield Weight.RESTART.of(
            "the hub restarts: no logins and no new servers for about a minute; running servers "
            "continue",
        )


def _hash(side: EnvironmentSide) -> object:
    hub = side.values.get("jupyterhub", {}).get("hub", {})
    return hub.get("annotations", {}).get(CONTENT_ANNOTATION)
