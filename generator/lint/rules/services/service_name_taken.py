"""The name of a service or a role is already in use.

hubops registers Dask Gateway as a service, the chart the culler of idle servers, and JupyterHub
has roles of its own. Another entry with such a name replaces what they need: with a role `user` of
your own no user may start a server. A service with scopes has a role with its name, which no entry
under `roles` may have too. Choose another name. To add scopes to a role of JupyterHub, write the
whole role under `values`, at `hub.loadRoles`.

Bad:
    jupyterhub:
      roles: {server: {scopes: ["list:users"], groups: [instructors]}}
Good:
    jupyterhub:
      roles: {instructors: {scopes: ["list:users"], groups: [instructors]}}

See https://jupyterhub.readthedocs.io/en/stable/rbac/roles.html
"""

from collections.abc import Iterator, Mapping

from generator.charts.hub_services import (
    CULLER,
    DASK_SERVICE,
    OWN_ROLES,
    ROLES,
    SERVICES,
    every_service,
    named,
)
from generator.lint.rules.base import Findings, errors, every_part
from generator.site.model import Settings, Site

finding = errors("R220")

_OF_JUPYTERHUB = dict.fromkeys(OWN_ROLES, "a role of JupyterHub itself")
_OF_SERVICES = {
    DASK_SERVICE: "Dask Gateway, which hubops registers",
    CULLER: "the chart, for culling idle servers",
}


def check(site: Site) -> Findings:
    """A finding at each such name."""
    for settings in every_part(site, lambda settings: settings.sections.get("jupyterhub")):
        for key, name, user in _taken(settings):
            kind = key.rpartition(".")[2].removesuffix("s")
            yield finding(
                settings.origin.at(*key.split("."), name),
                f"{kind} '{name}' has a name that is in use: {user}",
                "choose another name",
                on_key=True,
            )


def _taken(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """The key of site.yaml, the name, and who has it already."""
    of_services = [name for name, said in every_service(settings).items() if said.get("scopes")]
    in_use: Mapping[str, Mapping[str, str]] = {
        SERVICES: {**_OF_JUPYTERHUB, **_OF_SERVICES},
        ROLES: {
            **_OF_JUPYTERHUB,
            **dict.fromkeys(of_services, "the service has a role with it"),
        },
    }
    for key, users in in_use.items():
        yield from ((key, name, users[name]) for name in named(settings, key) if name in users)
