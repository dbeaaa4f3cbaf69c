"""Monitoring: who reads the metrics of hubs, the alerts, the dashboards."""

from generator.charts.monitoring import METRICS_LOCK
from generator.charts.rows import at
from generator.lint.rules.base import Surroundings, every_settings
from generator.site.model import Settings, Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether there is any: by its section, by dashboards, or by a raw value."""
    has_dashboards = any(cluster.dashboards for cluster in site.clusters.values())
    return has_dashboards or any(map(_is_read, every_settings(site)))


def _is_read(settings: Settings) -> bool:
    values = settings.hub.values if settings.hub is not None else {}
    return "monitoring" in settings.sections or at(values, METRICS_LOCK) is False
