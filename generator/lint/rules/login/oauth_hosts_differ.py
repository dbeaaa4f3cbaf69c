"""One address of the login provider is on another host than the others.

The three belong to one provider: a code from one is worth nothing at another, and the hub would
send its client secret, or a user's token, to a host that should not have it. Most often one address
was forgotten when the others changed, for example from a provider's demo to its production service.
If the provider does serve them from several hosts, say so on the line: `# hubops: ignore[A508]
reason`. hubops knows Google's and Microsoft's hosts.

Bad:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        allow: {users: [ada]}
Good:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        allow: {users: [ada]}
"""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from generator.credentials import shown
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, blamed, oauth_urls, relying, sharing, warnings
from generator.site.model import Site

finding = warnings("A508")

# Hosts that serve one login together.
_TOGETHER = {
    "oauth2.googleapis.com": "accounts.google.com",
    "openidconnect.googleapis.com": "accounts.google.com",
    "www.googleapis.com": "accounts.google.com",
    "graph.microsoft.com": "login.microsoftonline.com",
}


def check(site: Site) -> Findings:
    """A warning at the URL that is alone, or at the second where each is."""
    for settings, environments in sharing(site, lambda settings: settings.login):
        urls = oauth_urls(settings).items()
        hosts = {path: host for path, url in urls if (host := _host(url))}
        if len({_TOGETHER.get(host, host) for host in hosts.values()}) > 1:
            odd = _odd(hosts)
            others = [path for path in hosts if hosts[path] != hosts[odd]]
            differ = finding(
                blamed(settings.origin, odd, *others),
                f"'{odd[-1]}' is on {shown(hosts[odd])}, and '{others[0][-1]}' on "
                f"{shown(hosts[others[0]])}: the addresses of one provider share a host",
                "compare them with the provider's page  /.well-known/openid-configuration",
            )
            yield from relying(differ, environments, *hosts)


@lru_cache(maxsize=256)  # the environments of a fleet have few providers
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _odd(hosts: Mapping[Pointer, str]) -> Pointer:
    """The one whose host no other has, where the others agree; else the second."""
    listed = list(hosts.values())
    alone = [path for path, host in hosts.items() if listed.count(host) == 1]
    return alone[0] if len(alone) == 1 else list(hosts)[1]
