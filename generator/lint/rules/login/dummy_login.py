"""An environment that is not for testing accepts any password, or one that all users share.

The provider `dummy` asks for no password, or accepts any: anyone who finds the host can log in as
any user. The same holds for a class that the provider `other` names and that asks for nothing, or
for one shared password. Such logins are for environments that say `testing: true`.

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
from generator.site.hub import Authentication
from generator.site.model import Site

finding = errors("A502")

# By the end of a class's path, or by its short name: what lets anyone in.
_ANY, _NONE, _SHARED = "any password logs in", "anyone logs in", "one shared password logs in"
_OPEN = {
    "dummy": _ANY,
    "DummyAuthenticator": _ANY,
    "tmp": _NONE,
    "TmpAuthenticator": _NONE,
    "shared-password": _SHARED,
    "SharedPasswordAuthenticator": _SHARED,
}
_PASSWORD = "DummyAuthenticator.password"


def check(site: Site) -> Findings:
    """A finding at each `provider`, or `class`, with the environments it is wrong for."""
    serious: dict[tuple[Pointer, str], list[str]] = {}
    for settings, login, environments in logins(site):
        if how := _open(login):
            at = settings.origin.at(*LOGIN, "class" if login.class_ else "provider")
            for environment in environments:
                if not environment.testing:
                    serious.setdefault((at, how), []).append(environment.name)
    for (at, how), names in serious.items():
        listed = " and ".join(f"'{name}'" for name in names)
        yield finding(
            at,
            f"{how} to {listed}, where 'testing: true' is not written",
            "choose a provider that asks who people are, or write  testing: true  there",
            relies_on=tuple(("environments", name, "testing") for name in names),
        )


def _open(login: Authentication) -> str:
    """How anyone logs in; empty where a login asks who they are."""
    if login.provider == "dummy":
        return _ANY
    if _PASSWORD in login.secret_config:
        return _SHARED
    return _OPEN.get(login.class_.rpartition(".")[2], "")
