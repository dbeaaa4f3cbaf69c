"""No rule says who may log in.

From oauthenticator 16 on (z2jh 3), a login with no allow rule lets no one in; the dummy login of
JupyterHub 4 lets everyone in. Say who may log in: everyone that the provider knows, users by name,
groups, or GitHub organizations; admins may always log in.

Bad:
    jupyterhub:
      authentication: {provider: github, organizations: [], admins: []}
Good:
    jupyterhub:
      authentication: {provider: github, organizations: [coast-lab], admins: [ada]}

See https://github.com/jupyterhub/oauthenticator/pull/625
and https://oauthenticator.readthedocs.io/en/latest/topic/allowing.html
"""

from generator.lint.rules.base import LOGIN, Findings, errors, hubs, lets_someone_in, relying
from generator.site.model import Site

finding = errors("A501")

_RULES = tuple(
    (*LOGIN, rule)
    for rule in (
        *("allow", "admins", "organizations", "adminGroups", "googleGroups", "identityProviders"),
        *("vo", "entitlements", "class", "config"),
    )
)
_HELP = {
    "generic-oauth": "write  allow: {everyone: true},  or users, or groups with their groupsClaim",
    "egi-check-in": "write the VO whose members may log in:  vo: vo.example.eu",
    "github": "write  organizations: [...]  or  allow: {users: [...]}",
    "cilogon": "write  allow: {everyone: true},  or domains, at an identity provider",
    "google": "write  allow: {everyone: true}  for all of 'domains', or users, or googleGroups",
}
_OTHERWISE = "write  allow: {everyone: true}  or  allow: {users: [...]}"
# Classes that let no one in, for hubs that only a service starts servers on.
_NO_LOGIN = ("null", "nullauthenticator.NullAuthenticator", "jupyterhub.auth.NullAuthenticator")


def check(site: Site) -> Findings:
    """A finding at `allow`, or at the login where it has none."""
    for settings, hub, environments in hubs(site):
        login = hub.authentication
        if login is not None and login.class_ not in _NO_LOGIN and not lets_someone_in(hub):
            at = settings.origin.at(*LOGIN, "allow")
            help = _HELP.get(login.provider, _OTHERWISE)
            missing = finding(at, "no rule says who may log in", help)
            yield from relying(missing, environments, *_RULES)
