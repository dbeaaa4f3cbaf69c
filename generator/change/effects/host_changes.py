"""The address, or where people log in, changes.

The login provider sends people back only to a registered address, and cert-manager gets the
certificate only once the name points at the ingress. Do both first. Where the login only asks the
same provider otherwise, a wrong value lets no one log in from the hub's restart on.
"""

from collections.abc import Iterator

from generator.change.effects import access_changes, promises_broken, usernames_change
from generator.change.prerequisites import address_act, login_service
from generator.change.sides import Step
from generator.charts.login_values import callback_url
from generator.lint.consequences import Act, Consequences, Weight, after, before
from generator.names import HUB_SECRET
from generator.secrets.keys import CLIENT_ID, CLIENT_SECRET
from generator.site.hub import Authentication

# Of an authenticator, what no login depends on, and the address that another sentence tells.
_WORDS = ("login_service", "oauth_callback_url")


def check(step: Step) -> Consequences:
    """One effect where the host differs, one where people log in elsewhere."""
    old, new = (side.environment for side in step.sides)
    if old.host != new.host or old.path != new.path:
        servers = "" if old.path == new.path else ", and running servers can't be reached"
        yield Weight.CUT.of(
            f"the address changes from {old.host}{old.path} to {new.host}{new.path}: links break, "
            f"everyone logs in again{servers}",
            *_acts(step),
        )
    was, login = old.settings.login, new.settings.login
    if login is None:
        return
    if login.uses_oauth and (was is None or _place(was) != _place(login)):
        yield Weight.CUT.of(
            f"people now log in at {_place(login)}: the hub must be registered there, and needs a "
            "client id and secret from it",
            before(f"register {callback_url(new)} with {_place(login)}"),
            *_seals(step),
        )
    elif paths := list(_asked(step)):
        yield Weight.RESTART.of(
            f"the login changes: {', '.join(paths)}; with a wrong value no one can log in",
            after("check that you can log in"),
        )


def _asked(step: Step) -> Iterator[str]:
    """What differs in the login, where no effect on names and on access speaks of it."""
    if any((*usernames_change.check(step), *access_changes.check(step))):
        return
    for change in step.changed("jupyterhub", "hub", "config"):
        section, *below = (*change.path[2:], "")
        is_login = section.endswith("Authenticator") and below[0] not in _WORDS
        if is_login and not promises_broken.told(step, *change.path):
            yield change.spelled


def _acts(step: Step) -> Iterator[Act]:
    old, new = (side.environment for side in step.sides)
    if old.host != new.host:
        yield address_act(new, step.after.cluster)
    elif service := login_service(new):
        yield before(f"register {callback_url(new)} with {service}")
    if old.path != new.path:
        yield before("tell the users to save their work and stop their servers")


def _seals(step: Step) -> Iterator[Act]:
    """How the new provider's client id and secret get there: a sealed one is asked for by name."""
    name = step.after.environment.name
    sealed = [key for key in (CLIENT_ID, CLIENT_SECRET) if step.after.sealed.get((HUB_SECRET, key))]
    for key in sealed:
        if (HUB_SECRET, key) not in step.sealed:
            yield before(
                "seal the client id and secret of the new login",
                f"hubops seal {name} --rotate {key}",
            )
    if len(sealed) < len((CLIENT_ID, CLIENT_SECRET)):
        yield before("seal the client id and secret of the new login", f"hubops seal {name}")


def _place(login: Authentication) -> str:
    """Where people log in, without a path, which a provider may change by itself."""
    address = (login.authorize_url or "").partition("://")[2].partition("/")[0]
    return address.rpartition("@")[2] or login.class_ or login.provider
