"""Prometheus has a token that may not read the hub's metrics.

With `serviceMonitors` Prometheus sends the token of the service `prometheus`. Without an entry of
yours hubops gives that service the scope `read:metrics`, which the hub asks for. Your own entry
under `services` is used as it is: without the scope each request ends in 403. Add the scope, or
remove the entry.

Bad:
    monitoring: {serviceMonitors: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]
    jupyterhub:
      services: {prometheus: {scopes: ["list:users"]}}
Good:
    monitoring: {serviceMonitors: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]
    jupyterhub:
      services: {prometheus: {scopes: ["list:users", "read:metrics"]}}

See https://jupyterhub.readthedocs.io/en/stable/rbac/scopes.html
"""

from generator.charts.hub_services import ROLES, SERVICES, named
from generator.charts.monitoring import MONITORS, SCOPE, SERVICE
from generator.lint.rules.base import Findings, errors, every_settings
from generator.site.model import Settings, Site

finding = errors("R242")


def check(site: Site) -> Findings:
    """A finding at each such service."""
    for settings in every_settings(site):
        if settings.at(MONITORS) and not _may_read(settings):
            yield finding(
                settings.origin.at(*SERVICES.split("."), SERVICE),
                f"the hub refuses Prometheus: service '{SERVICE}' has no scope '{SCOPE}'",
                f"add it to the service:  scopes: [{SCOPE}]",
                on_key=True,
            )


def _may_read(settings: Settings) -> bool:
    """Whether the service has the scope: its own, as an administrator, or by a role."""
    own = named(settings, SERVICES).get(SERVICE)
    if own is None or own.get("admin") or SCOPE in (own.get("scopes") or ()):
        return True
    roles = named(settings, ROLES).values()
    return any(
        SERVICE in (role.get("services") or ()) and SCOPE in (role.get("scopes") or ())
        for role in roles
    )
