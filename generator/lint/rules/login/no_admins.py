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

from generator.charts.overrides import reached
from generator.lint.rules.base import (
    LOGIN,
    Findings,
    config_keys,
    hubs,
    infos,
    lets_someone_in,
    relying,
)
from generator.site.model import Json, Site

finding = infos("A509")

_ADMINS = (*LOGIN, "admins")


def check(site: Site) -> Findings:
    """An info at `admins`, or at the login where it has none; A501 is for a hub without users."""
    for settings, hub, environments in hubs(site):
        login = hub.authentication
        if login is None or login.admins or login.admin_groups:
            continue
        config = {"hub": {"config": login.config}}
        by_groups = any(one.get("admins") for one in login.google_groups.values())
        if by_groups or not lets_someone_in(hub):
            continue
        if not (_names_admins(hub.values) or _names_admins(config)):
            missing = finding(
                settings.origin.at(*_ADMINS),
                "the hub has no admin: no one can see who is logged in, or stop a user's server",
                "name the people who run the hub, as the provider names them:  admins: [ada]",
            )
            yield from relying(missing, environments, _ADMINS)


def _names_admins(values: Mapping[str, Json]) -> bool:
    """Whether raw values name admins, or give roles that may make a user one."""
    roles = reached(values, ("hub", "loadRoles"))
    keys = (key for key in config_keys(values) if key.startswith("admin_"))
    return (roles[0] == 2 and bool(roles[1])) or any(key != "admin_access" for key in keys)
