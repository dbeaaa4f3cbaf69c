"""The two charts are not known to work together in these versions.

Dask Gateway asks JupyterHub who a user is, and each release does so in the way of its time: up to
2024.1.0 it looks a token up with one of its own, from 2025.4.0 it asks with the user's token.
Releases that are far apart can each run well and still refuse every user. The known pairs were
seen at work. Pin one of them, or try yours where nobody depends on it: log in, start a Dask cluster
and compute something.

Bad:

    charts:
      jupyterhub: {version: 4.4.0}
      dask-gateway: {version: 2024.1.0}

Good:

    charts:
      jupyterhub: {version: 4.4.0}
      dask-gateway: {version: 2026.3.0}
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, warning
from generator.site.model import Settings, Site
from generator.site.releases import GATEWAY, HUB, Versions
from generator.versions import Version

CODE = "C305"
SEVERITY = Severity.WARNING


def check(site: Site) -> Iterator[Finding]:
    """A warning for each such pair, where the version stands that is changed to mend it."""
    for settings, _ in site.variants():
        known = site.versions
        hub, gateway = (_version(settings, chart, known) for chart in (HUB, GATEWAY))
        if settings.dask is None or hub is None or gateway is None:
            continue
        if known.are_a_pair(hub, gateway):
            continue
        near = _near(known.nearest_pairs(hub, gateway), hub)
        yield warning(
            code=CODE,
            at=blamed(
                settings.origin,
                ("charts", "dask-gateway", "version"),
                ("charts", "jupyterhub", "version"),
            ),
            message=f"jupyterhub {hub} and dask-gateway {gateway} are not known to work together",
            help=(
                f"nearest known: {near}; or try this pair in an environment of its "
                "own first: log in and start a Dask cluster"
            ),
        )


def _version(settings: Settings, chart: str, known: Versions) -> Version | None:
    """The pinned release of a chart, if it is a known one."""
    pin = settings.charts.get(chart)
    version = pin.version if pin is not None else None
    return version if version is not None and known.is_known(chart, version) else None


def _near(pairs: tuple[tuple[str, str], ...], hub: Version) -> str:
    """The nearest pairs in words; a hub that has run can't use a lower one."""
    listed = " or ".join(f"{one} with {other}" for one, other in pairs)
    goes_back = any(Version.parse(one) < hub for one, _ in pairs)
    return f"{listed} (never go back with a hub that has run)" if goes_back else listed
