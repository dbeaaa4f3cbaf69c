"""What goes to a chart as it is written: raw values, configuration of a login, annotations."""

from generator.lint.rules.base import Surroundings, every_settings
from generator.lint.written import every_app, raw_values
from generator.site.model import Settings, Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether site.yaml has any of it."""
    ingresses = (cluster.ingress for cluster in site.clusters.values())
    return (
        any(ingress is not None and ingress.annotations for ingress in ingresses)
        or any(app.values for app in every_app(site))
        or any(map(_writes_any, every_settings(site)))
    )


def _writes_any(settings: Settings) -> bool:
    has_values = any(True for _ in raw_values(settings))
    return has_values or bool(settings.login is not None and settings.login.config)
