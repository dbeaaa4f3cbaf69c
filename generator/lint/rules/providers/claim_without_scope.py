"""EGI Check-In is not asked for the claim that names a user's groups.

Check-In releases a claim only to a client that asks for its scope. Without it no user has a group:
nobody gets in by a group, and the hub's log says only that the claim does not exist. Add the scope
of the same name.

Bad:
    jupyterhub:
      authentication:
        provider: egi-check-in
        scopes: [openid, profile]
        vo: vo.example.eu
Good:
    jupyterhub:
      authentication:
        provider: egi-check-in
        scopes: [openid, profile, entitlements]
        vo: vo.example.eu

See https://docs.egi.eu/providers/check-in/sp/
"""

from generator.charts.login_values import egi_instance
from generator.lint.rules.base import LOGIN, Findings, blamed, errors, logins, relying
from generator.site.check_in import CLAIM, OLD_CLAIM
from generator.site.model import Site

finding = errors("A512")

_SCOPES, _CLAIM = (*LOGIN, "scopes"), (*LOGIN, "allow", "groupsClaim")
# Claims of Check-In whose scope has the same name.
_OWN_SCOPE = (CLAIM, OLD_CLAIM, "eduperson_scoped_affiliation", "voperson_id")


def check(site: Site) -> Findings:
    """A finding at `scopes`, or at the claim."""
    for settings, login, environments in logins(site):
        claim = login.allow.groups_claim
        if claim not in _OWN_SCOPE or claim in login.scopes or egi_instance(login) is None:
            continue
        unasked = finding(
            blamed(settings.origin, _SCOPES, _CLAIM, (*LOGIN, "provider")),
            f"EGI Check-In releases '{claim}' only with the scope '{claim}', and 'scopes' lacks it",
            f"add  {claim}  to 'scopes'",
        )
        yield from relying(unasked, environments, _SCOPES, _CLAIM)
