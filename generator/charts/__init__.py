"""The Helm charts hubops makes values for; one file and one line each."""

from collections.abc import Mapping

from generator.charts import dask_gateway, jupyterhub
from generator.charts.chart import ChartModule

CHARTS: Mapping[str, ChartModule] = {
    "dask-gateway": dask_gateway,
    "jupyterhub": jupyterhub,
}
