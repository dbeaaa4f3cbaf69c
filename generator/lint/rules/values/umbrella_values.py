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

from collections.abc import Mapping

from generator.charts import CHARTS, UMBRELLA
from generator.charts.chart import Chart
from generator.lint.rules.base import Findings, errors, written_values
from generator.site.model import Site

finding = errors("C312")


def check(site: Site) -> Findings:
    """A finding at each such key."""
    for settings, written in written_values(site):
        for key in sorted(UMBRELLA & written.values.keys()):
            if isinstance(written.values[key], Mapping):
                yield finding(
                    settings.origin.at(*written.place, key),
                    f"'{key}' belongs to the umbrella chart daskhub, and not here",
                    _help(key, written.chart),
                    on_key=True,
                )


def _help(key: str, chart: Chart) -> str:
    if key == chart.name:
        return "move what is under it one level up"
    if key in CHARTS:
        return f"move what is under it to '{CHARTS[key].section}.values'"
    subcharts = sorted(UMBRELLA & CHARTS.keys(), reverse=True)
    moves = (f"its '{name}' to '{CHARTS[name].section}.values'" for name in subcharts)
    return f"move {' and '.join(moves)}"
