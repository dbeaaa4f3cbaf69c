"""What goes to a chart as it is written: raw values, configuration of a login, annotations."""

from generator.lint.rules.base import Surroundings, every_settings
from generator.lint.written import every_app
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
    parts = settings.sections.items()
    has_values = any(part.values or settings.at(f"{name}.custom") for name, part in parts)
    return has_values or bool(settings.login is not None and settings.login.config)
