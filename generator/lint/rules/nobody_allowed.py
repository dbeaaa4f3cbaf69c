"""No rule says who may log in.

From oauthenticator 16 on (z2jh 3) a login with no allow rule lets nobody in; the dummy login of
JupyterHub 4 lets everybody in. Neither is meant. Say who may log in: everyone that the provider
knows, users by name, groups, or GitHub organisations; admins may always log in.

Bad:

    jupyterhub:
      authentication:
        provider: github
        organizations: []
        admins: []

Good:

    jupyterhub:
      authentication:
        provider: github
        organizations: [coast-lab]
        admins: [ada]

See https://github.com/jupyterhub/oauthenticator/pull/625
and https://oauthenticator.readthedocs.io/en/latest/topic/allowing.html
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, lets_somebody_in, relying
from generator.site.model import Site

CODE = "A501"
SEVERITY = Severity.ERROR

_LOGIN = ("jupyterhub", "authentication")


def check(site: Site) -> Iterator[Finding]:
    """A finding at `allow`, or at the login where it has none."""
    for settings, environments in site.variants():
        hub = settings.hub
        login = hub.authentication if hub is not None else None
        if hub is None or login is None or lets_somebody_in(hub):
            continue
        found = error(
            code=CODE,
            at=settings.origin.at(*_LOGIN, "allow"),
            message="no rule says who may log in",
            help=_HELP[login.provider],
        )
        rules = ("allow", "admins", "organizations")
        yield from relying(found, environments, *((*_LOGIN, rule) for rule in rules))


_HELP = {
    "generic-oauth": "write  allow: {everyone: true},  or users, or groups with their groupsClaim",
    "github": "write  organizations: [...]  or  allow: {users: [...]}",
    "dummy": "write  allow: {everyone: true}  or  allow: {users: [...]}",
}
