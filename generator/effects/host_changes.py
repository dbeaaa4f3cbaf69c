"""The address changes.

The login provider sends people back only to an address that was registered with it, and the
certificate is issued only once the name leads to the ingress. Both come first.
"""

from collections.abc import Iterator

from generator.charts.jupyterhub import callback_url
from generator.effects.base import Effect, Weight
from generator.situation import Step

CODE = "E007"


def check(step: Step) -> Iterator[Effect]:
    """One effect where the host differs."""
    if step.both is None:
        return
    before, after = step.both
    old, new = before.environment.host, after.environment.host
    if old != new:
        hub = after.environment.settings.hub
        login = hub.authentication if hub is not None else None
        register = f"register {callback_url(new)} with the login provider and "
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"the address changes from {old} to {new}: links break, everyone signs in anew",
            act=f"{register if login and login.uses_oauth else ''}point {new} at the ingress",
            before_merge=True,
        )
