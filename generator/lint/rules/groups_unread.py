"""Groups are allowed in, and nothing says where a user's groups come from.

With `groups` and without `groupsClaim` no user has any group, and nobody gets in that way. Only the
provider `generic-oauth` reads groups from a claim; GitHub's teams are written under
`organizations` as `organisation:team`.

Bad:

    jupyterhub:
      authentication:
        provider: github
        organizations: []
        allow: {groups: [hub-users]}

Good:

    jupyterhub:
      authentication:
        provider: github
        organizations: ["coast-lab:hub-users"]

See https://oauthenticator.readthedocs.io/en/latest/tutorials/provider-specific-setup/providers/generic.html
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, error, relying
from generator.site.model import Settings, Site

CODE = "A503"
SEVERITY = Severity.ERROR

_LOGIN = ("jupyterhub", "authentication")
_GROUPS = (*_LOGIN, "allow", "groups")


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `groups` that can't match anybody."""
    for settings, environments in site.variants():
        login = settings.login
        if login is None or not login.allow.groups:
            continue
        if login.provider != "generic-oauth":
            yield _foreign(settings, login.provider)
        elif login.allow.groups_claim is None:
            found = error(
                code=CODE,
                at=settings.origin.at(*_GROUPS),
                message="'groups' has no 'groupsClaim', so nobody is in a group",
                help="name the field that lists a user's groups, for example  groupsClaim: groups",
            )
            yield from relying(found, environments, (*_LOGIN, "allow", "groupsClaim"))


def _foreign(settings: Settings, provider: str) -> Finding:
    instead = {
        "github": "write teams as  organizations: ['organisation:team']",
        "dummy": "write  users: [...]  or  everyone: true",
    }
    return error(
        code=CODE,
        at=blamed(settings.origin, _GROUPS, (*_LOGIN, "provider")),
        message=f"the provider '{provider}' knows no groups",
        help=f"{instead[provider]}; 'groups' needs generic-oauth",
    )
