"""Dask Gateway is set, and its chart has no version.

Every chart is pinned to an exact version; there is no default that would change with hubops. Add
the version, or remove `daskGateway`.

Bad:
    charts:
      jupyterhub: {version: 4.4.0}
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}
Good:
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2026.3.0}}
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}
"""

from generator.lint.rules.base import Findings, errors, gateways, relying
from generator.site.model import Site

finding = errors("C307")


def check(site: Site) -> Findings:
    """One finding at `charts` where the version is missing."""
    for settings, _, environments in gateways(site):
        if "dask-gateway" not in settings.charts:
            missing = finding(
                ("charts",),
                "'daskGateway' is set, and the chart 'dask-gateway' has no version",
                "add it, for example  dask-gateway: {version: 2026.3.0}",
                on_key=True,
            )
            yield from relying(missing, environments, ("charts", "dask-gateway"))
