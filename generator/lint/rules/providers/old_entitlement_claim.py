"""Groups are read from a claim that EGI Check-In replaces by `entitlements`.

`eduperson_entitlement` and `entitlements` hold the same values; the new name follows the newer AARC
profile. When Check-In stops sending the old claim, nobody gets in by a group any more. Read
`entitlements`, and ask for the scope of that name; members of the same groups get in, and user
names stay.

Bad:
    jupyterhub:
      authentication:
        provider: generic-oauth
        authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
        tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
        userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
        scopes: [openid, profile, eduperson_entitlement]
        allow:
          groupsClaim: eduperson_entitlement
          groups: ["urn:mace:egi.eu:group:vo.example.eu:role=member#aai.egi.eu"]
Good:
    jupyterhub:
      authentication:
        provider: egi-check-in
        vo: vo.example.eu

See https://docs.egi.eu/providers/check-in/sp/
"""

from generator.charts.login_values import egi_instance
from generator.lint.rules.base import LOGIN, Findings, logins, relying, warnings
from generator.site.check_in import CLAIM, OLD_CLAIM
from generator.site.model import Site

finding = warnings("A513")

_CLAIM = (*LOGIN, "allow", "groupsClaim")


def check(site: Site) -> Findings:
    """A warning at each such `groupsClaim`."""
    for settings, login, environments in logins(site):
        if login.allow.groups_claim == OLD_CLAIM and egi_instance(login) is not None:
            old = finding(
                settings.origin.at(*_CLAIM),
                f"EGI Check-In replaces the claim '{OLD_CLAIM}' by '{CLAIM}'",
                f"write  groupsClaim: {CLAIM},  and add  {CLAIM}  to 'scopes'",
            )
            yield from relying(old, environments, _CLAIM)
