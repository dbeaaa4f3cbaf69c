"""The address, or where people log in, changes.

The login provider sends people back only to an address that was registered with it, and the
certificate is issued only once the name leads to the ingress. Both come first.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.charts.hub_values import callback_url

CODE = "E007"


def check(step: Step) -> Iterator[Effect]:
    """One effect where the host differs, one where people log in elsewhere."""
    if step.both is None:
        return
    before, after = step.both
    old, new = before.environment.host, after.environment.host
    login = after.environment.settings.login
    if old != new:
        register = f"register {callback_url(new)} with the login provider and "
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"the address changes from {old} to {new}: links break, everyone signs in anew",
            acts=(f"{register if login and login.uses_oauth else ''}point {new} at the ingress",),
            before_merge=True,
        )
    if login and login.uses_oauth and _provider(before) != _provider(after):
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"people log in at {_provider(after)} from now on: it must know this hub, and "
            "the hub needs a client id and secret from it",
            acts=(
                f"register {callback_url(new)} with that provider",
                f"seal its client id and secret: hubops seal {step.name}",
            ),
            before_merge=True,
        )


def _provider(place: Place) -> str | None:
    """Where people log in, without a path: a provider may move that within itself."""
    login = place.environment.settings.login
    if login is None:
        return None
    if login.authorize_url is None:
        return login.provider
    return urlsplit(login.authorize_url).netloc
