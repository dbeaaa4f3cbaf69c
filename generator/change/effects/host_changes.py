"""The address, or where people log in, changes.

The login provider sends people back only to a registered address, and cert-manager gets the
certificate only once the name points at the ingress. Do both first.
"""

from generator.change.prerequisites import address_act
from generator.change.sides import Step
from generator.charts.hub_values import callback_url
from generator.lint.consequences import Consequences, Weight, before
from generator.site.model import Authentication


def check(step: Step) -> Consequences:
    """One effect where the host differs, one where people log in elsewhere."""
    old, new = (side.environment for side in step.sides)
    if old.host != new.host:
        yield Weight.CUT.of(
            f"the address changes from {old.host} to {new.host}: links break, everyone logs in "
            "again",
            address_act(new),
        )
    was, login = old.settings.login, new.settings.login
    if login is None or not login.uses_oauth or (was is not None and _place(was) == _place(login)):
        return
    yield Weight.CUT.of(
        f"people now log in at {_place(login)}: the hub must be registered there, and needs a "
        "client id and secret from it",
        before(f"register {callback_url(new.host)} with that provider"),
        before("seal its client id and secret", f"hubops seal {new.name}"),
    )


def _place(login: Authentication) -> str:
    """Where people log in, without a path, which a provider may change by itself."""
    address = (login.authorize_url or "").partition("://")[2].partition("/")[0]
    return address.rpartition("@")[2] or login.provider
