"""A role is for a service that the hub does not have.

The hub does not start with a role for an unknown service ("Found undefined service"). Add the
service under `services`, or remove its name from the role.

Bad:
    jupyterhub:
      roles: {readers: {scopes: ["list:users"], services: [grafana]}}
Good:
    jupyterhub:
      services: {grafana: {}}
      roles: {readers: {scopes: ["list:users"], services: [grafana]}}
"""

from collections.abc import Iterator

from generator.charts.hub_services import CULLER, DASK_SERVICE, ROLES, every_service, named
from generator.charts.rows import at
from generator.lint.rules.base import Findings, errors
from generator.site.model import Settings, Site
from generator.suggest import did_you_mean

finding = errors("R221")


def check(site: Site) -> Findings:
    """A finding at each such name."""
    for settings, _ in site.variants:
        known = [*_services(settings)] if settings.at(ROLES) else []
        for role, said in named(settings, ROLES).items():
            for index, service in enumerate(said.get("services") or ()):
                if service is not None and service not in known:
                    yield finding(
                        settings.origin.at(*ROLES.split("."), role, "services", index),
                        f"service '{service}' is not defined",
                        did_you_mean(service, known)
                        or "add it under 'jupyterhub.services', or remove it from the role",
                    )


def _services(settings: Settings) -> Iterator[str]:
    """The names of all services of a hub; the chart's culler is one where it is not turned off."""
    yield from every_service(settings)
    values = settings.hub.values if settings.hub is not None else {}
    written = at(values, ("hub", "services"))
    yield from written if isinstance(written, dict) else ()
    yield from [DASK_SERVICE] if settings.dask is not None else []
    yield from [CULLER] if at(values, ("cull", "enabled")) is not False else []
