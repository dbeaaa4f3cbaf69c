"""The hub restarts once.

A changed value, or a changed secret, gives the hub's pod a new hash. Nobody can log in or start a
server for about a minute; running servers go on, for the proxy keeps their routes.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.names import CONTENT_ANNOTATION

CODE = "E001"


def check(step: Step) -> Iterator[Effect]:
    """One effect where the hub's hash or its chart differs."""
    if step.both is None:
        return
    before, after = step.both
    if _hash(before) != _hash(after) or before.version("jupyterhub") != after.version("jupyterhub"):
        yield Effect(
            code=CODE,
            weight=Weight.RESTART,
            message="the hub restarts: no logins and no new servers for about a minute; "
            "running servers go on",
        )


def _hash(place: Place) -> object:
    hub = place.values.get("jupyterhub", {}).get("hub", {})
    return hub.get("annotations", {}).get(CONTENT_ANNOTATION)
