"""Everyone may log in, so the narrower rules have no effect.

`everyone: true` becomes `allow_all`, which wins over users, groups and organizations. Remove one of
the two, so that the file says who can log in.

Bad:
    jupyterhub:
      authentication: {provider: github, organizations: [coast-lab], allow: {everyone: true}}
Good:
    jupyterhub:
      authentication: {provider: github, organizations: [coast-lab]}

See https://oauthenticator.readthedocs.io/en/latest/topic/allowing.html
"""

from generator.lint.rules.base import (
    LOGIN,
    Findings,
    blamed,
    narrower_groups,
    relying,
    sharing,
    warnings,
)
from generator.site.model import Site

finding = warnings("A504")


def check(site: Site) -> Findings:
    """A warning at `everyone`."""
    for settings, environments in sharing(site, lambda settings: settings.login):
        login = settings.login
        if login is None or not login.allow.everyone:
            continue
        rules = {
            (*LOGIN, "allow", "users"): login.allow.users,
            (*LOGIN, "vo"): login.vo,
            (*LOGIN, "entitlements"): login.entitlements,
            (*LOGIN, "allow", "groups"): not login.vo and login.allow.groups,
            (*LOGIN, "organizations"): login.organizations,
            **narrower_groups(login),
        }
        narrower = [rule for rule, listed in rules.items() if listed]
        if narrower:
            listed = " and ".join(f"'{rule[-1]}'" for rule in narrower)
            wins = finding(
                blamed(settings.origin, (*LOGIN, "allow", "everyone"), *narrower),
                f"'everyone: true' wins over {listed}",
                "remove 'everyone' to let in only those, or remove the narrower rules",
            )
            yield from relying(wins, environments, (*LOGIN, "provider"))
