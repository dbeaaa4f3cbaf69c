"""The site's own Secrets and those of apps, and what pods get of them: variables, files, images."""

from generator.charts.pull_secrets import PULL_SECRETS
from generator.lint.rules.base import Surroundings, every_settings
from generator.lint.written import every_app
from generator.site.model import Settings, Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether there is a Secret, a registry to pull from, or a variable of the hub."""
    has_secrets = site.shared.secrets or any(app.secrets for app in every_app(site))
    return bool(has_secrets) or any(map(_says_any, every_settings(site)))


def _says_any(settings: Settings) -> bool:
    return bool(settings.at(PULL_SECRETS) or settings.at("jupyterhub.hub.environment"))
