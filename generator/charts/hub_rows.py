"""The hub and its proxy: the rows of their chart values, but for the login."""

from generator.charts import hub_services, hub_values
from generator.charts.rows import (
    CHART_DEFAULT,
    CLUSTER,
    HAS_GATEWAY,
    NAMESPACE,
    PROVIDER,
    SEALED,
    TLS,
    TO_GATEWAY,
    WIRED,
    fixed,
    kept,
    row,
)
from generator.charts.spellings import COUNT, LABELS, QUANTITY, TOLERATIONS
from generator.names import CONTENT_ANNOTATION

KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
_OF_A_SERVICE = ("url", "display", "admin")
_OF_A_ROLE = ("scopes", "users", "groups", "services")
_BY_SERVICES = "adopt/services reads services and roles"
_LIMITS = "jupyterhub.limits."
_SECRET = "it comes from the Secret 'hub-secrets'"
_SCOPES = "without the gateway's own scope no one may use it"
_KEPT = "it keeps the hub's database when Argo CD prunes"
ROWS = (
    fixed("hub db type", "sqlite-pvc", CHART_DEFAULT),
    fixed("hub db pvc accessModes", ["ReadWriteOnce"], CHART_DEFAULT),
    row("hub db pvc storage", "jupyterhub.database.storage", QUANTITY, why=CHART_DEFAULT),
    fixed("hub db pvc annotations", KEPT, _KEPT),
    *(kept(f"hub db pvc annotations {key}", _KEPT) for key in KEPT),
    row(
        "hub db pvc storageClassName",
        f"{CLUSTER}storageClass",
        value=hub_values.storage_class,
        why="it follows from the cluster: it must be the class that the claim has",
    ),
    row(
        "hub extraEnv",
        PROVIDER,
        value=hub_values.oauth_variables,
        why=_SECRET,
        inverse="the import seals the client id and secret",
    ),
    kept("hub extraEnv OAUTH_CLIENT_ID", _SECRET),
    kept("hub extraEnv OAUTH_CLIENT_SECRET", _SECRET),
    row("hub services", hub_services.SERVICES, value=hub_services.services, inverse=_BY_SERVICES),
    row(
        "hub services dask-gateway",
        "daskGateway",
        value={"display": False, "apiToken": "unset"},
        why="it registers Dask Gateway with the hub",
        inverse=HAS_GATEWAY,
    ),
    row("hub services dask-gateway display", "daskGateway"),
    kept("hub services dask-gateway apiToken", SEALED),
    kept("hub services dask-gateway url", WIRED, NAMESPACE, value=hub_values.gateway_url),
    kept("hub services * apiToken", SEALED),
    *(row(f"hub services * {key}", f"{hub_services.SERVICES}.*.{key}") for key in _OF_A_SERVICE),
    row("hub networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=HAS_GATEWAY),
    kept("hub networkPolicy egress", TO_GATEWAY, is_extendable=True),
    row(
        "hub loadRoles",
        "charts.dask-gateway.version",
        value=hub_services.roles,
        why=_SCOPES,
        inverse=_BY_SERVICES,
    ),
    row("hub loadRoles *", f"{hub_services.ROLES}.*"),
    *(row(f"hub loadRoles * {key}", f"{hub_services.ROLES}.*.{key}") for key in _OF_A_ROLE),
    kept("hub loadRoles user scopes", _SCOPES, is_extendable=True),
    kept("hub loadRoles server scopes", _SCOPES, is_extendable=True),
    kept("hub baseUrl", "every address that hubops writes begins at '/'", default="/"),
    kept(
        f"hub annotations {CONTENT_ANNOTATION}",
        "it is the hash that restarts the pod when something changes",
        default=None,
    ),
    row("hub concurrentSpawnLimit", f"{_LIMITS}concurrentStarts", COUNT),
    row("hub activeServerLimit", f"{_LIMITS}activeServers", COUNT),
    row(
        "hub allowNamedServers",
        f"{_LIMITS}namedServersPerUser",
        value=hub_values.allows_named_servers,
        is_free=True,
        inverse="the limit beside it is read back",
    ),
    row("hub namedServerLimitPerUser", f"{_LIMITS}namedServersPerUser", COUNT),
    row("hub nodeSelector", "jupyterhub.hub.nodeSelector", LABELS),
    row("hub tolerations", "jupyterhub.hub.tolerations", TOLERATIONS),
    row("hub cookieSecret", dropped=SEALED),
    row("auth", dropped="gone since chart 1.0: hub.config took its place"),
    # The chart's default is a LoadBalancer: a public address without TLS.
    kept(
        "proxy service type",
        "the namespace's quota allows no load balancer and no node port",
        value="ClusterIP",
    ),
    row("proxy chp networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=HAS_GATEWAY),
    kept("proxy chp networkPolicy egress", TO_GATEWAY, is_extendable=True),
    row("proxy https", dropped=TLS),
)
