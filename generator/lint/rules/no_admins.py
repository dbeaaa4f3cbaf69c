"""Nobody administers the hub.

An admin sees who is logged in, starts and stops other people's servers, and adds users, all in the
hub's admin panel. Without one the panel is closed to everybody, and a server that hangs is stopped
with kubectl. Name the people who run the hub; admins may always log in. An admin can open every
user's files, so name few.

Bad:

    jupyterhub:
      authentication:
        admins: []

Good:

    jupyterhub:
      authentication:
        admins: [ada]
"""

from collections.abc import Iterator, Mapping

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import config_keys, info, lets_somebody_in, relying
from generator.site.model import Hub, Site

CODE = "A509"
SEVERITY = Severity.INFO

_LOGIN = ("jupyterhub", "authentication")
_ADMINS = (*_LOGIN, "admins")


def check(site: Site) -> Iterator[Finding]:
    """An info at `admins`, or at the login where it has none; A501 is for a hub without users."""
    for settings, environments in site.variants():
        hub = settings.hub
        if hub is None or hub.authentication is None or hub.authentication.admins:
            continue
        if lets_somebody_in(hub) and not _has_admins_by_values(hub):
            found = info(
                code=CODE,
                at=settings.origin.at(*_ADMINS),
                message="the hub has no admin: nobody sees who is there, or stops another's server",
                help="name who runs the hub, as the provider names them:  admins: [ada]",
            )
            yield from relying(found, environments, _ADMINS)


def _has_admins_by_values(hub: Hub) -> bool:
    """Whether raw values name admins, or give roles that may make somebody one."""
    values = hub.values.get("hub")
    if isinstance(values, Mapping) and values.get("loadRoles"):
        return True
    return any(key.startswith("admin_") and key != "admin_access" for key in config_keys(hub))
