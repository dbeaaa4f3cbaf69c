"""What JupyterHub's chart values hold that follows from several settings, or from a place.

The functions that the table in `jupyterhub` names; each returns one value, None to leave it out.
"""

from collections.abc import Callable

from generator.charts import hub_services, login_values
from generator.charts.storage_values import DATABASE_PASSWORD, POSTGRES
from generator.names import traefik_service
from generator.site.model import Json, Release, Settings

# The pod's own port: policies see pods, not Services.
_TRAEFIK = {"app.kubernetes.io/name": "dask-gateway", "app.kubernetes.io/component": "traefik"}
TO_TRAEFIK = {
    "egress": [
        {
            "to": [{"podSelector": {"matchLabels": _TRAEFIK}}],
            "ports": [{"protocol": "TCP", "port": 8000}],
        }
    ]
}
GATEWAY_PATH = "/services/dask-gateway"
GATEWAY_VARIABLES = {
    "DASK_GATEWAY__ADDRESS": f"http://proxy-public{GATEWAY_PATH}",
    "DASK_GATEWAY__PUBLIC_ADDRESS": f"{GATEWAY_PATH}/",
    "DASK_GATEWAY__AUTH__TYPE": "jupyterhub",
    # Doubled braces: KubeSpawner formats these values.
    "DASK_GATEWAY__CLUSTER__OPTIONS__IMAGE": "{{JUPYTER_IMAGE_SPEC}}",
}

# What z2jh makes at random on each render (jupyterhub templates/hub/secret.yaml, hub and proxy
# deployments); zero-to-jupyterhub-k8s#2887, #3396. Nothing else of Secret/hub may be ignored.
RANDOM_FIELDS = [
    {
        "kind": "Secret",
        "name": "hub",
        "jsonPointers": ["/data/hub.config.ConfigurableHTTPProxy.auth_token"],
    },
    {
        "group": "apps",
        "kind": "Deployment",
        "name": "hub",
        "jsonPointers": ["/spec/template/metadata/annotations/checksum~1secret"],
    },
    {
        "group": "apps",
        "kind": "Deployment",
        "name": "proxy",
        "jsonPointers": ["/spec/template/metadata/annotations/checksum~1auth-token"],
    },
]


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """The keys of the Secret `hub-secrets` that this hub reads."""
    password = (DATABASE_PASSWORD,) if settings.at(POSTGRES) else ()
    return (
        *login_values.secret_keys(settings.login),
        *password,
        "hub.config.JupyterHub.cookie_secret",
        "hub.config.CryptKeeper.keys",
        *hub_services.token_keys(settings),
    )


def allows_named_servers(settings: Settings) -> Json:
    """True where users may have named servers; the chart allows none without it."""
    return settings.at("jupyterhub.limits.namedServersPerUser") is not None or None


def hub_variables(settings: Settings) -> Json:
    """The hub's variables, with the client id and secret where the login needs them."""
    own = dict(settings.at("jupyterhub.hub.environment") or {})
    return own | login_values.client_variables(settings.login) or None


def base_url(release: Release) -> Json:
    """The path below the host at which the hub is; None for the chart's own `/`."""
    path = release.environment.path
    return f"{path}/" if path else None


def below_path(text: str, path: str) -> Callable[[Release], Json]:
    """A row's value: the text with the environment's path before its own; None without a path."""

    def value(release: Release) -> Json:
        own = release.environment.path
        is_used = own and release.settings.dask is not None
        return text.replace(path, f"{own}{path}") if is_used else None

    return value


def _traefik(release: Release) -> str | None:
    """The address of the Service in front of the environment's Dask Gateway."""
    dask = release.settings.dask
    if dask is None:
        return None
    return f"{traefik_service(dask.release_name)}.{release.environment.namespace}"


def hub_egress(settings: Settings) -> Json:
    """What the hub may open beyond the chart's policy: the database's port, wherever that is.

    An ipBlock, by which the chart admits private addresses, never matches pods on Cilium.
    """
    postgres = settings.at(POSTGRES)
    if not postgres:
        return None
    ports = [{"protocol": "TCP", "port": postgres.get("port", 5432)}]
    return [*(TO_TRAEFIK["egress"] if settings.dask is not None else ()), {"ports": ports}]


def gateway_url(release: Release) -> Json:
    """Where the hub's proxy finds the gateway."""
    traefik = _traefik(release)
    return f"http://{traefik}" if traefik else None


def proxy_address(release: Release) -> Json:
    """Where Dask clients of this environment find their schedulers."""
    traefik = _traefik(release)
    return f"gateway://{traefik}:80" if traefik else None


def variables(settings: Settings) -> Json:
    """The variables of users' servers: those of Dask Gateway, then the site's own."""
    own = settings.at("jupyterhub.servers.environment") or {}
    gateway = GATEWAY_VARIABLES if settings.dask is not None else {}
    return {**gateway, **own} or None
