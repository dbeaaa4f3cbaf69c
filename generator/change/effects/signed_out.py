"""Everyone is signed out.

The cookie secret signs every login; with a new one no cookie is valid any more. New CryptKeeper
keys make the stored login state unreadable: users sign in anew when it is needed.
"""

from collections.abc import Iterator

from generator.change.difference import Sealing
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.names import HUB_SECRET

CODE = "E006"

_SAID = {
    "hub.config.JupyterHub.cookie_secret": "everyone is signed out: the cookie secret is new",
    "hub.config.CryptKeeper.keys": "stored login state can't be read any more: "
    "users sign in anew when it is needed",
}


def check(step: Step) -> Iterator[Effect]:
    """One effect for each such secret that was sealed anew."""
    for key, message in _SAID.items():
        if step.sealed.get((HUB_SECRET, key)) is Sealing.ANEW:
            yield Effect(code=CODE, weight=Weight.CUT, message=message)
