"""Dask Gateway: the chart values of one release, with no token in them."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.charts import gateway_config
from generator.charts.chart import Chart, Ciphertexts, Values, fingerprint, image_fields
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.site.model import Release, Settings
from generator.versions import VersionRange, pick

CHART = Chart(
    name="dask-gateway",
    repository="https://helm.dask.org/",
    supported=">=2022.6.1",
)

# dask_gateway_server/auth.py: later releases ask the hub with the user's own token.
_READS_TOKEN = VersionRange.parse("<2025.4.0")

TOKEN_KEY = "hub.services.dask-gateway.apiToken"
SERVICE_PREFIX = "/services/dask-gateway"
HUB_API = "http://hub:8081/hub/api"

ORIGINS: Mapping[str, str] = {
    "gateway auth": "charts dask-gateway version",
    "gateway backend image": "daskGateway worker image",
    "gateway extraConfig hub_token": "charts dask-gateway version",
    "gateway extraConfig limits": "daskGateway limits",
    "gateway extraConfig options": "daskGateway worker",
}


def _token_read_at_start() -> Values:
    """Charts whose schema knows no `apiTokenFromSecretName`: a custom authenticator.

    `auth.type: jupyterhub` would demand the token in the values, and a token under `custom.config`
    would land in a ConfigMap; `gateway.extraConfig` reads it from the Secret instead.
    """
    return {
        "auth": {
            "type": "custom",
            "custom": {
                "class": "dask_gateway_server.auth.JupyterHubAuthenticator",
                "config": {"jupyterhub_api_url": HUB_API},
            },
        },
        "extraConfig": {"hub_token": gateway_config.hub_token(HUB_SECRET, TOKEN_KEY)},
    }


def _token_from_secret() -> Values:
    """Charts from 2022.10.0 on take the token from a Secret by name and key."""
    return {
        "auth": {
            "type": "jupyterhub",
            "jupyterhub": {
                "apiUrl": HUB_API,
                "apiTokenFromSecretName": HUB_SECRET,
                "apiTokenFromSecretKey": TOKEN_KEY,
            },
        }
    }


def _token_from_secret_and_scope() -> Values:
    """From 2026.3.0 on the gateway also asks for the scope to use the hub's service."""
    service = {"auth": {"jupyterhub": {"jupyterhubServiceName": "dask-gateway"}}}
    values = _token_from_secret()
    values["auth"]["jupyterhub"].update(service["auth"]["jupyterhub"])
    return values


# How the gateway asks the hub who a user is, by chart version.
_LOGIN: tuple[tuple[str, Callable[[], Values]], ...] = (
    (">=2026.3.0", _token_from_secret_and_scope),
    (">=2022.10.0", _token_from_secret),
    ("", _token_read_at_start),
)


def worker_image(settings: Settings) -> str:
    """The image of schedulers and workers: its own, or else the default profile's."""
    if settings.dask is not None and settings.dask.worker_image is not None:
        return settings.dask.worker_image
    profile = settings.hub.default_profile if settings.hub is not None else None
    return profile.image if profile is not None else ""


def shared_values(settings: Settings) -> Values:
    """The values that follow from settings alone; none where a site has no Dask Gateway."""
    dask, pin = settings.dask, settings.charts.get("dask-gateway")
    if dask is None or dask.limits is None or pin is None or pin.version is None:
        return {}
    image = worker_image(settings)
    login = pick(_LOGIN, pin.version)()
    return {
        "gateway": {
            "prefix": SERVICE_PREFIX,
            "auth": login["auth"],
            "backend": {"image": image_fields(image)},
            "extraConfig": {
                **login.get("extraConfig", {}),
                "limits": gateway_config.limits(dask.limits, dask.idle_timeout),
                "options": gateway_config.options(dask, image),
            },
        },
        # The chart's default is a LoadBalancer: a public address without TLS.
        "traefik": {"service": {"type": "ClusterIP"}},
    }


def placed_values(release: Release) -> Values:
    """Nothing: the gateway finds its hub and its Secret inside its own namespace."""
    return {}


def restart_values(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """A hash of the token's ciphertext, where the gateway reads the token once when it starts.

    The chart restarts the gateway by itself when its own ConfigMap changes (checksum/configmap).
    """
    pin = release.settings.charts.get("dask-gateway")
    if pin is None or pin.version is None or pin.version not in _READS_TOKEN:
        return {}
    digest = fingerprint(encrypted.get(HUB_SECRET, {}).get(TOKEN_KEY, ""))
    return {"gateway": {"annotations": {CONTENT_ANNOTATION: digest}}}


def token_pickup(settings: Settings) -> str:
    """How a running gateway comes to a new token."""
    pin = settings.charts.get("dask-gateway")
    version = pin.version if pin is not None else None
    if version is None or version not in _READS_TOKEN:
        return "Dask Gateway goes on: it asks the hub with each user's own token"
    return (
        f"Dask Gateway {version} restarts after the hub, for it reads the token only when it "
        "starts: the hash of the token's ciphertext on its pod changes with it; between the two "
        "restarts it can't ask the hub who a user is"
    )


def raw_values(settings: Settings) -> Mapping[str, Any]:
    """What site.yaml writes under `daskGateway.values`."""
    return settings.dask.values if settings.dask is not None else {}
