"""Google groups are to be read, and the hub's image lacks the packages for it.

oauthenticator asks Google for a user's groups with packages that the hub's image has from chart
4.0.0 on (google-auth). Before, every login ends in an error 500. Pin chart 4.0.0 or later, or give
the hub an image of your own with `oauthenticator[googlegroups]`.

Bad:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2024.1.0}}
    jupyterhub:
      authentication:
        provider: google
        googleGroups: {example.edu: {administrator: hub-admin, allowed: [hub-users]}}
Good:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
    jupyterhub:
      authentication:
        provider: google
        googleGroups: {example.edu: {administrator: hub-admin, allowed: [hub-users]}}

See https://oauthenticator.readthedocs.io/en/latest/tutorials/provider-specific-setup/providers/google.html
"""

from generator.charts.overrides import reached
from generator.lint.rules.base import (
    HUB_VERSION,
    LOGIN,
    Findings,
    blamed,
    errors,
    hub_version,
    hubs,
)
from generator.site.model import Site
from generator.versions import VersionRange

finding = errors("A515")

# images/hub/requirements.txt of zero-to-jupyterhub-k8s: google-auth comes with 4.0.0.
_WITHOUT = VersionRange.parse("<4.0.0-0")
_IMAGE = ("hub", "image", "name")


def check(site: Site) -> Findings:
    """A finding at each `googleGroups`, or at the chart version of one environment."""
    for settings, hub, _ in hubs(site):
        version, login = hub_version(settings), hub.authentication
        if login is None or not login.google_groups or version is None or version not in _WITHOUT:
            continue
        if reached(hub.values, _IMAGE)[0] < len(_IMAGE):
            yield finding(
                blamed(settings.origin, (*LOGIN, "googleGroups"), HUB_VERSION),
                f"the hub's image of chart {version} lacks google-auth, so no one can log in",
                "pin jupyterhub 4.0.0 or later, or name users and  domains  instead",
            )
