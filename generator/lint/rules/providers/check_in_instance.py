"""An environment that is not for testing uses a test instance of EGI Check-In.

EGI runs three instances. The demo and the development instance are for testing a connection: they
may change or stop without notice, and anyone may register a client. The same person can have
another user name at another instance, so a hub that moves later gives people new, empty homes.
Use the production instance, or say that the environment is for testing. On a hub that is in use,
compare the names that both instances give before you change it. Of a login that has the addresses
under the provider `generic-oauth` this is an info.

Bad:
    jupyterhub:
      authentication:
        provider: egi-check-in
        instance: demo
        vo: vo.example.eu
Good:
    jupyterhub:
      authentication:
        provider: egi-check-in
        instance: production
        vo: vo.example.eu

See https://docs.egi.eu/providers/check-in/sp/
"""

from generator.charts.login_values import egi_instance
from generator.diagnostics import Severity
from generator.lint.rules.base import LOGIN, Findings, blamed, relying, warnings
from generator.records import replace
from generator.site.check_in import INSTANCES, PROVIDER
from generator.site.model import Site

finding = warnings("A511")


def check(site: Site) -> Findings:
    """A warning at `instance`, or at the address that names the instance."""
    for settings, environments in site.variants:
        login = settings.login
        instance = egi_instance(login) if login is not None else None
        serious = [environment for environment in environments if not environment.testing]
        if login is None or instance in (None, "production") or not serious:
            continue
        is_preset = login.provider == PROVIDER
        at = (*LOGIN, "instance" if is_preset else "authorizeUrl")
        wrong = finding(
            blamed(settings.origin, at, (*LOGIN, "provider")),
            f"the {instance} instance of EGI Check-In is for testing, and "
            f"{' and '.join(repr(one.name) for one in serious)} is not",
            "write  instance: production,  or  testing: true  there"
            if is_preset
            else f"use the host {INSTANCES['production']} in all addresses, or write  testing: "
            "true  there",
        )
        told = wrong if is_preset else replace(wrong, severity=Severity.INFO)
        yield from relying(told, serious, at)
