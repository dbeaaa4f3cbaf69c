"""These versions of the two charts are not known to work together.

Dask Gateway asks JupyterHub who a user is, and how it asks changes with its releases: up to
2024.1.0 it looks up a token with its own, from 2025.4.0 it asks with the user's token. Releases
that are far apart can each run well and still refuse every user. The known pairs were tested
together. Pin one of them, or try yours where no one depends on it: log in, start a Dask cluster and
compute something.

Bad:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2024.1.0}}
Good:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
"""

from generator.lint.rules.base import (
    HUB_VERSION,
    Findings,
    blamed,
    gateways,
    installing,
    used_pins,
    warnings,
)
from generator.site.model import Site
from generator.site.releases import GATEWAY, HUB
from generator.versions import Version

finding = warnings("C305")


def check(site: Site) -> Findings:
    """A warning for each such pair, at the version to change."""
    known = site.versions
    for settings in installing(settings for settings, _, _ in gateways(site)):
        pins = {pin.name: version for pin, version in used_pins(settings)}
        hub, gateway = pins.get(HUB), pins.get(GATEWAY)
        if hub is None or gateway is None or known.are_a_pair(hub, gateway):
            continue
        if known.is_known(HUB, hub) and known.is_known(GATEWAY, gateway):
            near = _near(known.nearest_pairs(hub, gateway), hub)
            yield finding(
                blamed(settings.origin, ("charts", "dask-gateway", "version"), HUB_VERSION),
                f"jupyterhub {hub} and dask-gateway {gateway} are not known to work together",
                f"nearest known: {near}; or try this pair in a separate environment first: log in "
                "and start a Dask cluster",
            )


def _near(pairs: tuple[tuple[str, str], ...], version: Version) -> str:
    """The nearest pairs in words; a hub that has run can't use an older JupyterHub."""
    listed = " or ".join(f"{hub} with {gateway}" for hub, gateway in pairs)
    goes_back = any(Version.parse(hub) < version for hub, _ in pairs)
    return f"{listed} (never go back with a hub that has run)" if goes_back else listed
