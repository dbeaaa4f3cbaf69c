"""Groups may log in, and nothing says where a user's groups come from.

With `groups` and without `groupsClaim` no user has any group, so the rule lets no one in. Only the
provider `generic-oauth` reads groups from a claim; write GitHub's teams under `organizations` as
`organization:team`.

Bad:
    jupyterhub:
      authentication: {provider: github, organizations: [], allow: {groups: [hub-users]}}
Good:
    jupyterhub:
      authentication: {provider: github, organizations: ["coast-lab:hub-users"]}

See https://oauthenticator.readthedocs.io/en/latest/tutorials/provider-specific-setup/providers/generic.html
"""

from generator.lint.rules.base import LOGIN, Findings, blamed, errors, logins, relying
from generator.site.model import Site

finding = errors("A503")

_GROUPS = (*LOGIN, "allow", "groups")
_ADMIN_GROUPS = (*LOGIN, "adminGroups")
_INSTEAD = {
    "github": "write teams as  organizations: ['organisation:team']",
    "google": "write them by domain under  googleGroups",
    "other": "write the class's own trait under  config",
}
_OTHERWISE = "write  users: [...]  or  everyone: true"


def check(site: Site) -> Findings:
    """A finding at each list of groups that can't match any user."""
    for settings, login, environments in logins(site):
        if login.allow.groups and not login.is_openid:
            yield finding(
                blamed(settings.origin, _GROUPS, (*LOGIN, "provider")),
                f"the provider '{login.provider}' knows no groups",
                f"{_INSTEAD.get(login.provider, _OTHERWISE)}; 'groups' needs generic-oauth",
            )
            continue
        listed = {_GROUPS: login.allow.groups, _ADMIN_GROUPS: login.admin_groups}
        for path in (path for path, groups in listed.items() if groups):
            if login.allow.groups_claim is not None:
                continue
            unread = finding(
                settings.origin.at(*path),
                f"'{path[-1]}' has no 'groupsClaim', so no user is in a group",
                "name the field that lists a user's groups:  allow: {groupsClaim: groups}",
            )
            yield from relying(unread, environments, (*LOGIN, "allow", "groupsClaim"))
