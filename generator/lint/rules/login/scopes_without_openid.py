"""The hub asks the login provider for scopes, and `openid` is not one of them.

`openid` makes a login an OpenID Connect login. Without it EGI Check-In, like every Keycloak,
answers "403 Missing openid scope" when the hub asks who logged in, and users return from the login
page to an error 500. Add it; where `scopes` is left out, the hub asks for openid, profile and
email. If the provider supports OAuth 2 only, and not OpenID Connect, say so on the line: `# hubops:
ignore[A505] reason`.

Bad:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        scopes: [profile, email]
        allow: {users: [ada]}
Good:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        scopes: [openid, profile, email]
        allow: {users: [ada]}

See https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
"""

from generator.lint.rules.base import LOGIN, Findings, blamed, errors, logins, relying
from generator.site.model import Site

finding = errors("A505")

_SCOPES = (*LOGIN, "scopes")


def check(site: Site) -> Findings:
    """A finding at each such `scopes`."""
    for settings, login, environments in logins(site):
        if login.is_openid and "openid" not in login.scopes:
            missing = finding(
                blamed(settings.origin, _SCOPES, (*LOGIN, "provider")),
                "without the scope 'openid' the provider does not tell the hub who logged in",
                "add  openid  to the list; without 'scopes' it is [openid, profile, email]",
            )
            yield from relying(missing, environments, _SCOPES)
