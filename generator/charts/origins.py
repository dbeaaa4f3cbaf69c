"""Which line of site.yaml a chart value comes from: raw values, a setting, or hubops itself."""

from generator.charts import (
    CHARTS,
    hub_services,
    login_values,
    profile_origins,
    rows,
    secret_wiring,
)
from generator.diagnostics import Pointer
from generator.merge import holds
from generator.site.app import FurtherChart
from generator.site.model import Environment

# The gateway's version decides about roles that neither a service nor a role of the site has.
_GATEWAY = ("charts", "dask-gateway", "version")


def origin(environment: Environment, chart: str, path: Pointer) -> Pointer | None:
    """The place in site.yaml of a value of an environment's chart; None where hubops chose it."""
    if (app := _further(environment, chart)) is not None:
        return app.at("values", *path) if holds(app.values, path) else None
    if chart not in CHARTS:
        return None
    described, at = CHARTS[chart], environment.settings.origin.at
    if holds(described.raw_values(environment.settings), path):
        return at(described.section, "values", *path)
    if chart == "jupyterhub" and (name := secret_wiring.owner(environment.settings.secrets, path)):
        return ("secrets", name)
    if chart == "jupyterhub" and (named := login_values.owner(environment.settings, path)):
        return at(*named)
    followed = profile_origins.origin(environment.settings, path) if chart == "jupyterhub" else None
    followed = followed or rows.origin(described.rows, path)
    if chart == "jupyterhub" and path[:2] == ("hub", "loadRoles") and path[2:]:
        followed = hub_services.role_origin(environment.settings, str(path[2])) or _GATEWAY
    if followed is None:
        return None
    if followed[0] == "environments":
        return (*environment.at, *followed[2:])
    if followed[0] == "clusters":
        return ("clusters", environment.cluster, *followed[2:])
    return at(*followed)


def pin(environment: Environment, chart: str) -> Pointer:
    """Where site.yaml pins the chart's version for an environment."""
    app = _further(environment, chart)
    at = environment.settings.origin.at
    return at("charts", chart, "version") if app is None else app.at("chart", "version")


def _further(environment: Environment, chart: str) -> FurtherChart | None:
    return next((app for app in environment.apps if app.name == chart), None)
