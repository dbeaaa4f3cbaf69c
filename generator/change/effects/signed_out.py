"""Everyone is signed out.

The cookie secret signs every login: with a new one, no cookie is valid. With new CryptKeeper keys
the hub can't read the stored login state: users log in again when it is needed.
"""

from generator.change.difference import Sealing
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight
from generator.names import HUB_SECRET

_SAID = {
    "hub.config.JupyterHub.cookie_secret": "everyone is signed out: the cookie secret is new",
    "hub.config.CryptKeeper.keys": "the hub can't read the stored login state any more: users log "
    "in again when it is needed",
}


def check(step: Step) -> Consequences:
    """One effect for each such secret that was sealed again."""
    for key, sentence in _SAID.items():
        if step.sealed.get((HUB_SECRET, key)) is Sealing.AGAIN:
            yield Weight.CUT.of(sentence)
