"""Dask Gateway: the table of its chart values, with no token in them."""

from generator.charts import gateway_config, hub_values, monitoring, pull_secrets
from generator.charts.chart import (
    Chart,
    Ciphertexts,
    Values,
    fingerprint,
    image_fields,
    keys,
    paths,
)
from generator.charts.pull_secrets import PULL_SECRETS
from generator.charts.rows import PATH, ValueRow, kept, row
from generator.charts.spellings import CORES, LABELS, MEMORY, TOLERATIONS
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.records import replace
from generator.site.model import Json, Release, Settings
from generator.versions import VersionRange

# dask_gateway_server/auth.py: later releases ask the hub with the user's own token.
_READS_TOKEN = VersionRange.parse("<2025.4.0")
# values.schema.json: which charts can take the token from a Secret, and ask for a scope.
_CUSTOM, _SECRET, _SCOPED = "<2022.10.0", ">=2022.10.0", ">=2026.3.0"

TOKEN_KEY = "hub.services.dask-gateway.apiToken"
_API_PATH = "/hub/api"
_HUB_API = f"http://hub:8081{_API_PATH}"
_PASSED_ON = "the hub's proxy passes on what is asked for under that path"
_TOLD_BY_HUB = "with it the gateway learns from the hub who a user is"
_NAMES = "hubops finds the chart's objects by their names and labels"
_PYTHON = "adopt/gateway reads the python, and writes the settings that say the same"


def worker_image(settings: Settings) -> str:
    """The image of schedulers and workers: its own, or else the default profile's."""
    if settings.dask is not None and settings.dask.worker_image is not None:
        return settings.dask.worker_image
    return settings.hub.image if settings.hub is not None else ""


def _limits(settings: Settings) -> Json:
    dask = settings.dask
    if dask is None or dask.limits is None:
        return None
    return gateway_config.limits(dask.limits, dask.idle_timeout)


def _options(settings: Settings) -> Json:
    dask = settings.dask
    if dask is None:
        return None
    return gateway_config.options(
        dask.worker_cores,
        dask.worker_memory,
        worker_image(settings),
        has_environment=dask.offers_environment,
    )


def _restart(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """A hash of the token's ciphertext, where the gateway reads the token once when it starts.

    The chart restarts the gateway by itself when its own ConfigMap changes (checksum/configmap).
    """
    version = CHART.version(release.settings)
    if version is None or version not in _READS_TOKEN:
        return {}
    digest = fingerprint(encrypted.get(HUB_SECRET, {}).get(TOKEN_KEY, ""))
    return {"gateway": {"annotations": {CONTENT_ANNOTATION: digest}}}


def token_pickup(settings: Settings) -> str:
    """How a running gateway comes to a new token."""
    version = CHART.version(settings)
    if version is None or version not in _READS_TOKEN:
        return "Dask Gateway goes on: it asks the hub with each user's own token"
    return (
        f"Dask Gateway {version} restarts after the hub, for it reads the token only when it "
        "starts: the hash of the token's ciphertext on its pod changes with it; between the two "
        "restarts it can't ask the hub who a user is"
    )


def _auth(key: str, value: Json, versions: str) -> ValueRow:
    return kept(f"gateway auth {key}", _TOLD_BY_HUB, value=value, versions=versions)


def _api(key: str, versions: str) -> tuple[ValueRow, ValueRow]:
    """The hub's API, and what it is where the environment has a path."""
    own = _auth(key, _HUB_API, versions)
    placed = hub_values.below_path(_HUB_API, _API_PATH)
    return replace(own, follows=PATH, value=placed), own


CHART = Chart(
    name="dask-gateway",
    repository="https://helm.dask.org/",
    supported=">=2022.6.1",
    python_of="gateway",
    wave=5,
    rows=(
        kept(
            "gateway prefix",
            _PASSED_ON,
            PATH,
            value=hub_values.below_path(hub_values.GATEWAY_PATH, hub_values.GATEWAY_PATH),
        ),
        kept("gateway prefix", _PASSED_ON, value=hub_values.GATEWAY_PATH),
        row("enabled", dropped="only the umbrella chart above reads it"),
        row(
            "gateway auth",
            "charts.dask-gateway.version",
            dropped="hubops writes how the gateway asks the hub who a user is",
        ),
        # `auth.type: jupyterhub` demands the token in the values of these charts, and a token under
        # `custom.config` lands in a ConfigMap: `extraConfig` reads it from the Secret instead.
        _auth("type", "custom", _CUSTOM),
        _auth("custom class", "dask_gateway_server.auth.JupyterHubAuthenticator", _CUSTOM),
        *_api("custom config jupyterhub_api_url", _CUSTOM),
        _auth("type", "jupyterhub", _SECRET),
        *_api("jupyterhub apiUrl", _SECRET),
        _auth("jupyterhub apiTokenFromSecretName", HUB_SECRET, _SECRET),
        _auth("jupyterhub apiTokenFromSecretKey", TOKEN_KEY, _SECRET),
        _auth("jupyterhub jupyterhubServiceName", "dask-gateway", _SCOPED),
        row(
            "gateway backend image",
            "daskGateway.worker.image",
            value=lambda settings: image_fields(worker_image(settings)),
            why="it is the default profile's image: the versions must agree",
            inverse="adopt/gateway reads it, with the options",
        ),
        row("gateway backend image name", "daskGateway.worker.image"),
        row("gateway backend image tag", "daskGateway.worker.image"),
        row(
            "gateway backend image pullPolicy",
            "daskGateway.worker.image",
            why="a tag that moves is pulled again",
            is_free=True,
        ),
        row("gateway backend scheduler cores request", "daskGateway.scheduler.cores", CORES),
        row("gateway backend scheduler memory request", "daskGateway.scheduler.memory", MEMORY),
        *(
            row(
                f"gateway backend {pods} extraPodConfig {key}",
                f"daskGateway.placement.{key}",
                spelled,
            )
            for pods in ("scheduler", "worker")
            for key, spelled in (("nodeSelector", LABELS), ("tolerations", TOLERATIONS))
        ),
        *(
            row(
                f"gateway backend {path}",
                PULL_SECRETS,
                value=pull_secrets.references,
                why=pull_secrets.WHY,
                versions=versions,
                inverse="it follows from the hub's",
            )
            for path, versions in (
                ("imagePullSecrets", _SECRET),
                ("scheduler extraPodConfig imagePullSecrets", _CUSTOM),
                ("worker extraPodConfig imagePullSecrets", _CUSTOM),
            )
        ),
        kept(
            "gateway extraConfig hub_token",
            _TOLD_BY_HUB,
            "charts.dask-gateway.version",
            value=gateway_config.hub_token(HUB_SECRET, TOKEN_KEY),
            versions=_CUSTOM,
        ),
        row(
            "gateway extraConfig limits",
            "daskGateway.limits",
            value=_limits,
            why="hubops always writes limits",
            inverse=_PYTHON,
        ),
        row(
            "gateway extraConfig options",
            "daskGateway.worker",
            value=_options,
            why="a worker image needs a tag or a digest",
            inverse=_PYTHON,
        ),
        kept(
            f"gateway annotations {CONTENT_ANNOTATION}",
            "it is the hash that restarts the pod when something changes",
            default=None,
        ),
        # The chart's default is a LoadBalancer: a public address without TLS.
        kept(
            "traefik service type",
            "the namespace's quota allows no load balancer and no node port",
            value="ClusterIP",
        ),
        kept(
            "traefik additionalArguments",
            "Prometheus reads the metrics of Traefik, which are off without it",
            monitoring.MONITORS,
            is_extendable=True,
            value=monitoring.traefik_arguments,
        ),
        row(
            "traefik annotations",
            monitoring.ANNOTATIONS,
            value=monitoring.traefik_annotations,
            why="a Prometheus that goes by annotations finds Traefik's metrics by them",
            inverse=monitoring.NOT_READ_BACK,
        ),
        kept("nameOverride", _NAMES, default=""),
        kept("fullnameOverride", _NAMES, default=""),
    ),
    is_complete=lambda settings: settings.dask is not None and settings.dask.limits is not None,
    of_others={
        "jupyterhub": lambda settings: (worker_image(settings), repr(settings.at(PULL_SECRETS)))
    },
    restart_values=_restart,
    # values.schema.json of all supported releases: the root's keys, and what is a number.
    roots=keys("enabled fullnameOverride global nameOverride rbac controller gateway traefik"),
    numbers=paths(
        {
            "controller": "backoffBaseDelay backoffMaxDelay completedClusterCleanupPeriod"
            " completedClusterMaxAge k8sApiRateLimit k8sApiRateLimitBurst",
            "gateway": "backend.worker.threads replicas",
            "traefik": "replicas service.ports.tcp.nodePort service.ports.web.nodePort"
            " service.ports.web.port",
        }
    ),
)
