"""A chart's own name is a key at the root of its values.

In the umbrella chart `daskhub` JupyterHub and Dask Gateway were subcharts, and each had its values
under its own name. hubops installs each chart by itself, and its values begin at `values`: nothing
under such a key reaches the chart, and the chart's closed schema stops the whole release. Move the
content one level up, and that of `dask-gateway` to `daskGateway.values`.

Bad:

    jupyterhub:
      values:
        jupyterhub:
          cull: {timeout: 7200}

Good:

    jupyterhub:
      values:
        cull: {timeout: 7200}
"""

from collections.abc import Iterator, Mapping

from generator.charts.overrides import raw
from generator.charts.owned import UMBRELLA
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings
from generator.site.model import Site

CODE = "C312"
SEVERITY = Severity.ERROR

_HOMES = {"jupyterhub": "jupyterhub.values", "dask-gateway": "daskGateway.values"}
_BOTH = (
    "move its 'jupyterhub' to 'jupyterhub.values' and its 'dask-gateway' to 'daskGateway.values'"
)


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such key."""
    for settings in every_settings(site):
        for written in raw(settings):
            for key in sorted(UMBRELLA & written.values.keys()):
                if isinstance(written.values[key], Mapping):
                    yield error(
                        code=CODE,
                        at=settings.origin.at(*written.place, key),
                        on_key=True,
                        message=f"'{key}' belongs to the umbrella chart daskhub, and not here",
                        help=_help(key, written.chart),
                    )


def _help(key: str, chart: str) -> str:
    if key == chart:
        return "move what stands under it one level up"
    return f"move what stands under it to '{_HOMES[key]}'" if key in _HOMES else _BOTH
