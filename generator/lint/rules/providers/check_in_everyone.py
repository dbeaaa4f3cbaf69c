"""Everyone with an EGI Check-In account may log in.

Check-In knows people of thousands of organizations, and anyone with a social or an ORCID account. A
service that authorizes all of them invites abuse: a notebook is a computer that mines coins or
sends mail. EGI asks services to authorize by the membership of a virtual organization. Write the VO
whose members may log in; whoever joins it then gets in without a change here. Of a login that has
Check-In's addresses under the provider `generic-oauth` this is an info.

Bad:
    jupyterhub:
      authentication: {provider: egi-check-in, allow: {everyone: true}}
Good:
    jupyterhub:
      authentication: {provider: egi-check-in, vo: vo.example.eu}

See https://docs.egi.eu/providers/check-in/sp/
"""

from generator.charts.login_values import egi_instance
from generator.diagnostics import Severity
from generator.lint.rules.base import LOGIN, Findings, blamed, relying, sharing, warnings
from generator.records import replace
from generator.site.check_in import PROVIDER, entitlements
from generator.site.model import Site

finding = warnings("A510")

_EVERYONE = (*LOGIN, "allow", "everyone")


def check(site: Site) -> Findings:
    """A warning at `everyone`."""
    for settings, environments in sharing(site, lambda settings: settings.login):
        login = settings.login
        if login is None or not login.allow.everyone or egi_instance(login) is None:
            continue
        serious = [environment for environment in environments if not environment.testing]
        if environments and not serious:
            continue
        (member,) = entitlements("vo.example.eu", ())
        help = (
            "write the VO whose members may log in instead:  vo: vo.example.eu"
            if login.provider == PROVIDER
            else f"write  groupsClaim: entitlements  and  groups: ['{member}'],  or choose the "
            f"provider {PROVIDER} and write  vo: vo.example.eu"
        )
        open_ = finding(
            blamed(settings.origin, _EVERYONE, (*LOGIN, "provider")),
            "everyone with an EGI Check-In account may log in, whatever project they belong to",
            help,
        )
        told = open_ if login.provider == PROVIDER else replace(open_, severity=Severity.INFO)
        yield from relying(told, serious or environments, _EVERYONE)
