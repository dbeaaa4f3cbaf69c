"""Which folders of rules can find anything in a site; the others are not loaded."""

from collections.abc import Callable, Mapping

from generator.charts.hub_services import ROLES, SERVICES
from generator.charts.login_values import egi_instance
from generator.charts.monitoring import METRICS_LOCK
from generator.charts.pull_secrets import PULL_SECRETS
from generator.charts.rows import at
from generator.lint.rules.base import (
    Surroundings,
    every_part,
    every_settings,
    gateways,
    has_base,
    hubs,
    logins,
    server_keys,
)
from generator.lint.written import every_app
from generator.site.model import Settings, Site

_STORAGE = ("home.shared", "home.none", "database.postgres")


def _always(_: Site, __: Surroundings) -> bool:
    return True


def _neighbors(site: Site, _: Surroundings) -> bool:
    return len(site.environments) > 1


def _profiles(site: Site, _: Surroundings) -> bool:
    return any(hub.profiles for _, hub, _ in hubs(site))


def _storage(site: Site, _: Surroundings) -> bool:
    """Whether any hub has other storage than a volume for each home, or names in braces."""
    return any(map(_stores_any, every_part(site, lambda settings: settings.hub)))


def _stores_any(settings: Settings) -> bool:
    if settings.hub is not None and settings.hub.values:
        return True
    is_chosen = any(settings.at(f"jupyterhub.{key}") for key in _STORAGE)
    said = (keys for _, keys in server_keys(settings))
    return is_chosen or any("volumes" in keys or "environment" in keys for keys in said)


def _providers(site: Site, _: Surroundings) -> bool:
    return any(
        login.google_groups or login.identity_providers or egi_instance(login) is not None
        for _, login, _ in logins(site)
    )


def _services(site: Site, _: Surroundings) -> bool:
    return any(one.at(SERVICES) or one.at(ROLES) for one in every_settings(site))


def _secrets(site: Site, _: Surroundings) -> bool:
    """Whether there is a Secret, a registry to pull from, or a variable of the hub."""
    has_secrets = site.shared.secrets or any(app.secrets for app in every_app(site))
    said = (PULL_SECRETS, "jupyterhub.hub.environment")
    return bool(has_secrets) or any(any(map(one.at, said)) for one in every_settings(site))


def _values(site: Site, _: Surroundings) -> bool:
    """Whether site.yaml has raw values, configuration of a login, or annotations."""
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


def _dask(site: Site, _: Surroundings) -> bool:
    return any(True for _ in gateways(site))


def _platform(site: Site, _: Surroundings) -> bool:
    return bool(site.apps) or any(
        one.apps or one.issuers or one.dashboards or one.provided for one in site.clusters.values()
    )


def _monitoring(site: Site, _: Surroundings) -> bool:
    """Whether there is any: by its section, by dashboards, or by a raw value."""
    has_dashboards = any(cluster.dashboards for cluster in site.clusters.values())
    return has_dashboards or any(map(_is_read, every_settings(site)))


def _is_read(settings: Settings) -> bool:
    values = settings.hub.values if settings.hub is not None else {}
    return "monitoring" in settings.sections or at(values, METRICS_LOCK) is False


# In the order in which their rules run.
CONCERNS: Mapping[str, Callable[[Site, Surroundings], bool]] = {
    "repository": _always,
    "clusters": _always,
    "environments": _always,
    "neighbors": _neighbors,
    "charts": _always,
    "servers": _always,
    "profiles": _profiles,
    "storage": _storage,
    "login": _always,
    "providers": _providers,
    "services": _services,
    "secrets": _secrets,
    "values": _values,
    "dask": _dask,
    "platform": _platform,
    "monitoring": _monitoring,
    "packaged": lambda _, around: bool(around.charts),
    "history": has_base,
    "support": lambda _, around: bool(around.day),
}
