"""Dask Gateway is too old to ask who may use it.

Before 2026.3.0 the gateway lets in everyone whom the hub knows: it does not ask for a scope. Pin a
newer Dask Gateway, or remove `access`: everyone who may log in can then start clusters.

Bad:
    charts: {jupyterhub: {version: 4.2.0}, dask-gateway: {version: 2025.4.0}}
    daskGateway:
      access: {groups: [dask-users]}
Good:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
    daskGateway:
      access: {groups: [dask-users]}

See https://gateway.dask.org/authentication.html
"""

from generator.charts.hub_services import DASK_GROUPS, SCOPED_GATEWAY
from generator.lint.rules.base import Findings, errors, gateways
from generator.site.model import Site

finding = errors("C331")


def check(site: Site) -> Findings:
    """A finding at the groups."""
    for settings, _, _ in gateways(site):
        pin = settings.charts.get("dask-gateway")
        version = pin.version if pin is not None else None
        if settings.at(DASK_GROUPS) and version is not None and version not in SCOPED_GATEWAY:
            yield finding(
                settings.origin.at(*DASK_GROUPS.split(".")),
                f"dask-gateway {version} lets in everyone whom the hub knows, of every group",
                "pin dask-gateway 2026.3.0 or later, or remove 'access'",
            )
