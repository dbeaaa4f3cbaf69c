"""An environment that is not for testing accepts any password.

The provider `dummy` asks for no password, or accepts any: anyone who finds the host can log in as
any user. It is for environments that say `testing: true`.

Bad:
    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
        jupyterhub:
          authentication: {provider: dummy, allow: {everyone: true}}
Good:
    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
        testing: true
        jupyterhub:
          authentication: {provider: dummy, allow: {everyone: true}}

See https://jupyterhub.readthedocs.io/en/latest/tutorial/getting-started/authenticators-users-basics.html
"""

from generator.diagnostics import Pointer
from generator.lint.rules.base import LOGIN, Findings, errors, logins
from generator.site.model import Site

finding = errors("A502")


def check(site: Site) -> Findings:
    """A finding at each `provider`, with the environments it is wrong for."""
    serious: dict[Pointer, list[str]] = {}
    for settings, login, environments in logins(site):
        if login.provider == "dummy":
            at = settings.origin.at(*LOGIN, "provider")
            for environment in environments:
                if not environment.testing:
                    serious.setdefault(at, []).append(environment.name)
    for at, names in serious.items():
        listed = " and ".join(f"'{name}'" for name in names)
        yield finding(
            at,
            f"any password logs in to {listed}, where 'testing: true' is not written",
            "choose generic-oauth or github, or write  testing: true  there",
            relies_on=tuple(("environments", name, "testing") for name in names),
        )
