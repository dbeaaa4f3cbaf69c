"""Everyone may log in, and the narrower rules beside it change nothing.

`everyone: true` becomes `allow_all`, which wins over users, groups and organisations. Remove one of
the two, so that the file says who really gets in.

Bad:

    jupyterhub:
      authentication:
        provider: github
        organizations: [coast-lab]
        allow: {everyone: true}

Good:

    jupyterhub:
      authentication:
        provider: github
        organizations: [coast-lab]

See https://oauthenticator.readthedocs.io/en/latest/topic/allowing.html
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, relying, warning
from generator.site.model import Authentication, Site

CODE = "A504"
SEVERITY = Severity.WARNING

_LOGIN = ("jupyterhub", "authentication")


def check(site: Site) -> Iterator[Finding]:
    """A warning at `everyone`."""
    for settings, environments in site.variants():
        login = settings.login
        narrower = _narrower(login) if login is not None and login.allow.everyone else ()
        if narrower:
            listed = " and ".join(f"'{rule[-1]}'" for rule in narrower)
            found = warning(
                code=CODE,
                at=blamed(settings.origin, (*_LOGIN, "allow", "everyone"), *narrower),
                message=f"'everyone: true' wins over {listed}",
                help="remove 'everyone' to let in only those, or remove the narrower rules",
            )
            yield from relying(found, environments, (*_LOGIN, "provider"))


def _narrower(login: Authentication) -> tuple[tuple[str, ...], ...]:
    rules = {
        (*_LOGIN, "allow", "users"): login.allow.users,
        (*_LOGIN, "allow", "groups"): login.allow.groups,
        (*_LOGIN, "organizations"): login.organizations,
    }
    return tuple(rule for rule, listed in rules.items() if listed)
