"""The Helm charts hubops makes values for; one file and one line each."""

from collections.abc import Mapping
from functools import cache

from generator.charts import dask_gateway, jupyterhub
from generator.charts.chart import Chart
from generator.site.model import Settings

CHARTS: Mapping[str, Chart] = {
    "jupyterhub": jupyterhub.CHART,
    "dask-gateway": dask_gateway.CHART,
}
# Root keys of the umbrella chart `daskhub`: each chart had its values under its own name.
UMBRELLA = frozenset({"daskhub", "jupyterhub", "dask-gateway"})
# The apps in the order in which Argo CD syncs them: the namespace, then each chart.
APPS = ("namespace", *sorted(CHARTS, key=lambda name: CHARTS[name].wave))


def apps_of(settings: Settings) -> tuple[str, ...]:
    """The apps that an environment with these settings runs, in the order of APPS."""
    return _apps_with(tuple(settings.sections))


@cache
def _apps_with(sections: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(app for app in APPS if app not in CHARTS or CHARTS[app].is_in(sections))
