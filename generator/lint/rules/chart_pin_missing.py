"""Dask Gateway is described and its chart is not pinned.

Every chart is pinned to an exact version; there is no default that would move with hubops. Add the
pin, or remove `daskGateway`.

Bad:

    charts:
      jupyterhub: {version: 4.4.0}
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}

Good:

    charts:
      jupyterhub: {version: 4.4.0}
      dask-gateway: {version: 2026.3.0}
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, relying
from generator.site.model import Site

CODE = "C307"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """One finding at `charts` where a pin is missing."""
    for settings, environments in site.variants():
        if settings.dask is not None and "dask-gateway" not in settings.charts:
            found = error(
                code=CODE,
                at=("charts",),
                on_key=True,
                message="'daskGateway' is described, and the chart 'dask-gateway' is not pinned",
                help="add it, for example  dask-gateway: {version: 2026.3.0}",
            )
            yield from relying(found, environments, ("charts", "dask-gateway"))
