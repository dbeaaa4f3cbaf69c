"""Services beside the hub and the roles at its API, as JupyterHub's chart values hold them.

A service's token is never among them: the hub reads it from the Secret `hub-secrets`, and the
dummy in its place, which is too short for JupyterHub, stops the chart from making a random one.
"""

from collections.abc import Mapping

from generator.charts import monitoring
from generator.diagnostics import Pointer
from generator.site.model import Json, Settings
from generator.versions import VersionRange

SERVICES, ROLES = "jupyterhub.services", "jupyterhub.roles"
DASK_SERVICE, DASK_ROLE = "dask-gateway", "dask-gateway-users"
DASK_GROUPS = "daskGateway.access.groups"
# The chart's own service (files/hub/jupyterhub_config.py), and JupyterHub's own roles.
CULLER = "jupyterhub-idle-culler"
OWN_ROLES = ("user", "server", "admin", "token", CULLER, DASK_ROLE)
NO_TOKEN = "unset"

# The gateway asks for a scope from this release on, and so groups can decide.
SCOPED_GATEWAY = VersionRange.parse(">=2026.3.0")
_OF_A_SERVICE = ("url", "display", "admin")
_OF_A_ROLE = ("scopes", "users", "groups", "services")


def named(settings: Settings, key: str) -> Mapping[str, Mapping[str, Json]]:
    """Services or roles by their names; one that the schema refused says nothing."""
    return {name: said or {} for name, said in (settings.at(key) or {}).items()}


def every_service(settings: Settings) -> Mapping[str, Mapping[str, Json]]:
    """The services under `services`, and the one whose token Prometheus has where it is none."""
    own = named(settings, SERVICES)
    if not settings.at(monitoring.MONITORS) or monitoring.SERVICE in own:
        return own
    return {**own, monitoring.SERVICE: {"scopes": [monitoring.SCOPE]}}


def token_key(name: str) -> str:
    """The key of the Secret `hub-secrets` that holds a service's token (z2jh.py, services)."""
    return f"hub.services.{name}.apiToken"


def is_token_key(key: str) -> bool:
    """Whether a key of `hub-secrets` holds the token of a service."""
    return key.startswith("hub.services.") and key.endswith(".apiToken")


def token_keys(settings: Settings) -> tuple[str, ...]:
    """The keys of the tokens of all services of a hub."""
    dask = (DASK_SERVICE,) if settings.dask is not None else ()
    return tuple(token_key(name) for name in (*dask, *every_service(settings)))


def services(settings: Settings) -> Json:
    """`hub.services`; Dask Gateway's own entry is a row of its own."""
    return {
        name: {"apiToken": NO_TOKEN, **{key: said[key] for key in _OF_A_SERVICE if key in said}}
        for name, said in every_service(settings).items()
    } or None


def roles(settings: Settings) -> Json:
    """`hub.loadRoles`: the gateway's scope, a role for each service, and the site's own roles."""
    found = _gateway_roles(settings)
    for name, said in every_service(settings).items():
        if said.get("scopes"):
            found[name] = {"scopes": list(said["scopes"]), "services": [name]}
    for name, said in named(settings, ROLES).items():
        found[name] = {key: list(said[key]) for key in _OF_A_ROLE if key in said}
    return found or None


def role_origin(settings: Settings, name: str) -> Pointer | None:
    """Where site.yaml says what a role of `hub.loadRoles` is; None for the gateway's."""
    for key in (ROLES, SERVICES):
        if name in (settings.at(key) or ()):
            return (*key.split("."), name)
    if name in every_service(settings):
        return tuple(monitoring.MONITORS.split("."))
    return tuple(DASK_GROUPS.split(".")) if name == DASK_ROLE else None


def _gateway_roles(settings: Settings) -> dict[str, Json]:
    """The scope that Dask Gateway 2026.3.0 asks for. A role REPLACES the default of its name.

    So the default scopes are repeated (JupyterHub docs, rbac/roles, default roles).
    """
    pin = settings.charts.get("dask-gateway")
    has_scope = pin is not None and pin.version is not None and pin.version in SCOPED_GATEWAY
    if settings.dask is None or not has_scope:
        return {}
    access = f"access:services!service={DASK_SERVICE}"
    # A server's token never does more than its user: of those without the scope it lacks it too.
    server = {"scopes": ["users:activity!user", "access:servers!server", access]}
    groups = settings.at(DASK_GROUPS)
    if groups:
        return {"server": server, DASK_ROLE: {"scopes": [access], "groups": list(groups)}}
    return {"user": {"scopes": ["self", access]}, "server": server}
