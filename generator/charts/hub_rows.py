"""The hub and its proxy: the rows of their chart values, but for the login."""

from generator.charts import hub_services, hub_values, monitoring, pull_secrets, storage_values
from generator.charts.pull_secrets import PULL_SECRETS
from generator.charts.rows import (
    CHART_DEFAULT,
    CLUSTER,
    HAS_GATEWAY,
    NAMESPACE,
    PATH,
    PROVIDER,
    SEALED,
    TLS,
    TO_GATEWAY,
    WIRED,
    ValueRow,
    kept,
    row,
)
from generator.charts.spellings import (
    COUNT,
    COUNT_OR_NOT,
    IMAGE,
    KUBERNETES_CORES,
    LABELS,
    OPEN_MAP,
    POSTGRES,
    QUANTITY,
    TOLERATIONS,
    VARIABLES,
)
from generator.names import CONTENT_ANNOTATION

KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
_OF_A_SERVICE = ("url", "display", "admin")
_OF_A_ROLE = ("scopes", "users", "groups", "services")
_BY_SERVICES = "adopt/services reads services and roles"
_LIMITS = "jupyterhub.limits."
_SECRET = "it comes from the Secret 'hub-secrets'"
_SCOPES = "without the gateway's own scope no one may use it"
_KEPT = "it keeps the hub's database when Argo CD prunes"
_DATABASE = "jupyterhub.database."
_POSTGRES = f"{_DATABASE}postgres"


def resources(path: str, key: str) -> tuple[ValueRow, ...]:
    """What a pod asks for and may use, as Kubernetes spells it."""
    spelled = {"cpu": KUBERNETES_CORES, "memory": QUANTITY}
    return tuple(
        row(f"{path} resources {part} {kind}", f"{key}.resources.{kind}.{bound}", spelled[kind])
        for part, bound in (("requests", "guarantee"), ("limits", "limit"))
        for kind in spelled
    )


ROWS = (
    row("hub db type", value=storage_values.database_type, why=CHART_DEFAULT),
    row(
        "hub db pvc accessModes",
        value=storage_values.of_volume(["ReadWriteOnce"]),
        why=CHART_DEFAULT,
    ),
    row(
        "hub db pvc storage",
        f"{_DATABASE}storage",
        QUANTITY,
        value=storage_values.of_volume("jupyterhub.database.storage"),
        why=CHART_DEFAULT,
    ),
    row("hub db pvc annotations", value=storage_values.of_volume(KEPT), why=_KEPT),
    *(kept(f"hub db pvc annotations {key}", _KEPT) for key in KEPT),
    row(
        "hub db pvc storageClassName",
        f"{CLUSTER}storageClass",
        value=storage_values.database_class,
        why="it follows from the cluster: it must be the class that the claim has",
    ),
    row("hub db url", _POSTGRES, POSTGRES),
    row("hub db password", dropped=SEALED),
    # By default the chart upgrades SQLite alone, and a newer hub stops at any other older database.
    row(
        "hub db upgrade",
        _POSTGRES,
        value=storage_values.upgrades_database,
        is_free=True,
        why="a newer JupyterHub upgrades its database when it starts, as it does SQLite's",
        inverse="hubops always writes it",
    ),
    row(
        "hub extraEnv",
        "jupyterhub.hub.environment",
        VARIABLES,
        value=hub_values.hub_variables,
    ),
    kept("hub extraEnv OAUTH_CLIENT_ID", _SECRET, PROVIDER),
    kept("hub extraEnv OAUTH_CLIENT_SECRET", _SECRET, PROVIDER),
    row("custom", "jupyterhub.custom", OPEN_MAP),
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
    row(
        "imagePullSecrets",
        PULL_SECRETS,
        value=pull_secrets.references,
        why=pull_secrets.WHY,
        inverse="adopt/pull_secret reads the one that the chart itself makes today",
    ),
    row("imagePullSecret", dropped="an entry of 'secrets' and 'pullSecrets' take its place"),
    row("hub networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=HAS_GATEWAY),
    kept(
        "hub networkPolicy egress",
        TO_GATEWAY,
        is_extendable=True,
        value=hub_values.hub_egress,
    ),
    kept(
        "hub networkPolicy ingress",
        monitoring.WHY,
        f"{CLUSTER}prometheus.namespace",
        is_extendable=True,
        value=monitoring.hub_ingress,
    ),
    row(
        "hub config JupyterHub authenticate_prometheus",
        monitoring.ANNOTATIONS,
        value=monitoring.open_metrics,
        why="a Prometheus that goes by annotations can't send a token",
        inverse=monitoring.NOT_READ_BACK,
    ),
    row(
        "hub loadRoles",
        "charts.dask-gateway.version",
        value=hub_services.roles,
        why=_SCOPES,
        inverse=_BY_SERVICES,
    ),
    row(f"hub loadRoles {hub_services.DASK_ROLE} groups", hub_services.DASK_GROUPS),
    row("hub loadRoles *", f"{hub_services.ROLES}.*"),
    *(row(f"hub loadRoles * {key}", f"{hub_services.ROLES}.*.{key}") for key in _OF_A_ROLE),
    kept("hub loadRoles user scopes", _SCOPES, is_extendable=True),
    kept("hub loadRoles server scopes", _SCOPES, is_extendable=True),
    kept(
        "hub baseUrl",
        "every address that hubops writes follows from 'environments.<name>.path'",
        PATH,
        value=hub_values.base_url,
        default="/",
    ),
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
        inverse="adopt/running_hub reads it with the limit beside it",
    ),
    row("hub namedServerLimitPerUser", f"{_LIMITS}namedServersPerUser", COUNT_OR_NOT),
    row("hub image", "jupyterhub.hub.image", IMAGE),
    row("hub image name", "jupyterhub.hub.image"),
    row("hub image tag", "jupyterhub.hub.image"),
    *resources("hub", "jupyterhub.hub"),
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
    *resources("proxy chp", "jupyterhub.proxy"),
    row("proxy chp nodeSelector", "jupyterhub.proxy.nodeSelector", LABELS),
    row("proxy chp tolerations", "jupyterhub.proxy.tolerations", TOLERATIONS),
    row("proxy https", dropped=TLS),
)
