"""The hub has no admin.

An admin sees who is logged in, starts and stops other people's servers, and adds users, all in the
hub's admin panel. Without an admin no one can open the panel, and you stop a server that hangs with
kubectl. Name the people who run the hub; admins may always log in. An admin can open every user's
files, so name few.

Bad:
    jupyterhub:
      authentication:
        admins: []
Good:
    jupyterhub:
      authentication:
        admins: [ada]
"""

from collections.abc import Mapping

from generator.lint.rules.base import (
    LOGIN,
    Findings,
    config_keys,
    hubs,
    infos,
    lets_someone_in,
    relying,
)
from generator.site.model import Hub, Site

finding = infos(code="A509")

_ADMINS = (*LOGIN, "admins")


def check(site: Site) -> Findings:
    """An info at `admins`, or at the login where it has none; A501 is for a hub without users."""
    for settings, hub, environments in hubs(site):
        if hub.authentication is None or hub.authentication.admins:
            continue
        if lets_someone_in(hub) and not _has_admins_by_values(hub):
            missing = finding(
                settings.origin.at(*_ADMINS),
                "the hub has no admin: no one can see who is logged in, or stop a user's server",
                "name the people who run the hub, as the provider names them:  admins: [ada]",
            )
            yield from relying(missing, environments, _ADMINS)


def _has_admins_by_values(hub: Hub) -> bool:
    """Whether raw values name admins, or give roles that may make a user one."""
    values = hub.values.get("hub")
    if isinstance(values, Mapping) and values.get("loadRoles"):
        return True
    return any(key.startswith("admin_") and key != "admin_access" for key in config_keys(hub))
