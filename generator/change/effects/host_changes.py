"""The address, or where people log in, changes.

The login provider sends people back only to a registered address, and cert-manager gets the
certificate only once the name points at the ingress. Do both first.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.change.prerequisites import address_act
from generator.change.sides import EnvironmentSide, Step
from generator.charts.hub_values import callback_url
from generator.lint.consequences import Consequence, Weight, before, consequence

CODE = "E007"


def check(step: Step) -> Iterator[Consequence]:
    """One effect where the host differs, one where people log in elsewhere."""
    old, new = (side.environment for side in step.sides)
    if old.host != new.host:
        yield consequence(
            Weight.CUT,
            f"the address changes from {old.host} to {new.host}: links break, everyone logs in "
            "again",
            address_act(new),
        )
    login, provider = new.settings.login, _provider(step.after)
    if login and login.uses_oauth and _provider(step.before) != provider:
        yield consequence(
            Weight.CUT,
            f"people now log in at {provider}: the hub must be registered there, and needs a "
            "client id and secret from it",
            before(f"register {callback_url(new.host)} with that provider"),
            before("seal its client id and secret", f"hubops seal {new.name}"),
        )


def _provider(side: EnvironmentSide) -> str | None:
    """Where people log in, without a path, which a provider may change by itself."""
    login = side.settings.login
    if login is None:
        return None
    if login.authorize_url is None:
        return login.provider
    return urlsplit(login.authorize_url).netloc
