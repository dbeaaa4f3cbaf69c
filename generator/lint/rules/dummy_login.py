"""An environment that is not for testing lets any password in.

The provider `dummy` asks for no password, or takes any: whoever finds the host is any user they
like. It is for environments that say `testing: true`.

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

from collections.abc import Iterator

from generator.diagnostics import Finding, Pointer, Severity
from generator.lint.rules.base import error
from generator.site.model import Site

CODE = "A502"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `provider`, naming the environments it is wrong for."""
    serious: dict[Pointer, list[str]] = {}
    for settings, environments in site.variants():
        login = settings.login
        if login is not None and login.provider == "dummy":
            at = settings.origin.at("jupyterhub", "authentication", "provider")
            for environment in environments:
                if not environment.testing:
                    serious.setdefault(at, []).append(environment.name)
    for at, names in serious.items():
        listed = " and ".join(f"'{name}'" for name in names)
        yield error(
            code=CODE,
            at=at,
            message=f"any password logs in to {listed}, where 'testing: true' is not written",
            help="choose generic-oauth or github, or write  testing: true  there",
            relies_on=tuple(("environments", name, "testing") for name in names),
        )
