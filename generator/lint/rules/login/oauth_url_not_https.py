"""An address of the login provider is not https.

The hub sends its client secret to `tokenUrl` and each user's token to `userdataUrl`; `authorizeUrl`
leads the browser to the page that asks for a password. Over http anyone on the way can read and
change all of it. An environment that says `testing: true` may use http, for a provider that runs
beside it.

Bad:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.example.org/authorize
        tokenUrl: http://aai.example.org/token
        userdataUrl: https://aai.example.org/userinfo
        allow: {everyone: true}
Good:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.example.org/authorize
        tokenUrl: https://aai.example.org/token
        userdataUrl: https://aai.example.org/userinfo
        allow: {everyone: true}

See https://datatracker.ietf.org/doc/html/rfc6749#section-3.2
"""

from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, oauth_urls, relying, sharing
from generator.site.model import Site

finding = errors("A507")

_LOST = {
    "authorizeUrl": "anyone on the way can show people a login page of their own",
    "tokenUrl": "the hub's client secret travels unencrypted",
    "userdataUrl": "the users' tokens travel unencrypted",
}


def check(site: Site) -> Findings:
    """A finding at each URL that is not https; http is allowed where all is for testing."""
    for settings, environments in sharing(site, lambda settings: settings.login):
        serious = [environment for environment in environments if not environment.testing]
        for path, url in oauth_urls(settings).items():
            scheme, key = url.partition("://")[0], str(path[-1])
            if scheme == "https" or (scheme == "http" and environments and not serious):
                continue
            unsafe = finding(
                settings.origin.at(*path),
                f"'{key}' is {shown(scheme)}, not https: {_LOST[key]}",
                "write  https://;  http is only for environments that say  testing: true",
            )
            yield from relying(unsafe, serious or environments, ("testing",))
