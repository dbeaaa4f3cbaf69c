"""A new hub names users by `preferred_username`, which is not unique at EGI Check-In.

Check-In passes on the name that an organization, or the user, chose: two people can have one name,
and then they have one home and read each other's files. Before anyone has a home, choose a claim
that is unique: `sub`, with chart 4.0.0 or later (A506). On a hub that is in use leave the claim as
it is: homes are named after users, and another claim gives everyone a new, empty home.

Bad:
    jupyterhub:
      authentication: {provider: egi-check-in, vo: vo.example.eu}
    environments:
      pilot: {cluster: fedcloud, namespace: pilot, host: pilot.example.org}
Good:
    jupyterhub:
      authentication:
        provider: egi-check-in
        vo: vo.example.eu
        usernameClaim: sub

See https://docs.egi.eu/providers/check-in/sp/
"""

from generator.charts.login_values import egi_instance
from generator.lint.rules.base import LOGIN, Findings, Surroundings, blamed, infos, logins, relying
from generator.site.model import Site

finding = infos("A514")

_CLAIM = (*LOGIN, "usernameClaim")
_NOT_UNIQUE = "preferred_username"


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether it is known which environments are new."""
    return around.base is not None or around.is_first


def check(site: Site, around: Surroundings) -> Findings:
    """An info at the claim of environments that the followed branch does not have yet."""
    if not can_judge(site, around):
        return
    known = {one.name for one in around.base.environments} if around.base is not None else ()
    for settings, login, environments in logins(site):
        new = [one for one in environments if one.name not in known]
        if new and login.username_claim == _NOT_UNIQUE and egi_instance(login) is not None:
            shared = finding(
                blamed(settings.origin, _CLAIM, (*LOGIN, "provider")),
                f"'{_NOT_UNIQUE}' is not unique at EGI Check-In: two people can share a home",
                "for a hub that no one uses yet write  usernameClaim: sub,  with jupyterhub 4.0.0 "
                "or later; never change it where homes exist",
            )
            yield from relying(shared, new, _CLAIM)
