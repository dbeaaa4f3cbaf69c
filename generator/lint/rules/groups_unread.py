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
_INSTEAD = {
    "github": "write teams as  organizations: ['organisation:team']",
    "dummy": "write  users: [...]  or  everyone: true",
}


def check(site: Site) -> Findings:
    """A finding at each `groups` that can't match any user."""
    for settings, login, environments in logins(site):
        if not login.allow.groups:
            continue
        if login.provider != "generic-oauth":
            yield finding(
                blamed(settings.origin, _GROUPS, (*LOGIN, "provider")),
                f"the provider '{login.provider}' knows no groups",
                f"{_INSTEAD[login.provider]}; 'groups' needs generic-oauth",
            )
        elif login.allow.groups_claim is None:
            unread = finding(
                settings.origin.at(*_GROUPS),
                "'groups' has no 'groupsClaim', so no user is in a group",
                "name the field that lists a user's groups, for example  groupsClaim: groups",
            )
            yield from relying(unread, environments, (*LOGIN, "allow", "groupsClaim"))
