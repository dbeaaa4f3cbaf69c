"""The chart values that hubops writes itself, and what an override of each would mean.

A value that is written and stands in neither table is free: `values` may replace it.
"""

from collections.abc import Mapping
from typing import Any

from generator.names import CONTENT_ANNOTATION

Path = tuple[str, ...]

_OAUTH = "hub.config.GenericOAuthenticator."
_GITHUB = "hub.config.GitHubOAuthenticator."
_LOGIN = "jupyterhub.authentication."
_HOST = "environments.<environment>.host"
_STORAGE_CLASS = "clusters.<cluster>.storageClass"
_INGRESS = "clusters.<cluster>.ingress."


def _paths(table: Mapping[str | Path, str]) -> dict[Path, str]:
    """The table by path; a path with a dot inside a key is written as a tuple."""
    return {
        tuple(path.split(".")) if isinstance(path, str) else path: text
        for path, text in table.items()
    }


# By chart: the value, and the key of site.yaml that it follows from.
OWNED: Mapping[str, Mapping[Path, str]] = {
    "jupyterhub": _paths(
        {
            f"{_OAUTH}authorize_url": f"{_LOGIN}authorizeUrl",
            f"{_OAUTH}token_url": f"{_LOGIN}tokenUrl",
            f"{_OAUTH}userdata_url": f"{_LOGIN}userdataUrl",
            f"{_OAUTH}scope": f"{_LOGIN}scopes",
            f"{_OAUTH}username_claim": f"{_LOGIN}usernameClaim",
            f"{_OAUTH}login_service": f"{_LOGIN}loginService",
            f"{_OAUTH}allow_all": f"{_LOGIN}allow.everyone",
            f"{_OAUTH}allowed_groups": f"{_LOGIN}allow.groups",
            f"{_OAUTH}claim_groups_key": f"{_LOGIN}allow.groupsClaim",
            f"{_OAUTH}manage_groups": f"{_LOGIN}allow.groupsClaim",
            f"{_OAUTH}auth_state_groups_key": f"{_LOGIN}allow.groupsClaim",
            f"{_OAUTH}oauth_callback_url": _HOST,
            f"{_GITHUB}allowed_organizations": f"{_LOGIN}organizations",
            f"{_GITHUB}scope": f"{_LOGIN}scopes",
            f"{_GITHUB}allow_all": f"{_LOGIN}allow.everyone",
            f"{_GITHUB}oauth_callback_url": _HOST,
            "hub.config.DummyAuthenticator.allow_all": f"{_LOGIN}allow.everyone",
            "hub.config.Authenticator.admin_users": f"{_LOGIN}admins",
            "hub.config.Authenticator.allowed_users": f"{_LOGIN}allow.users",
            "hub.db.pvc.storage": "jupyterhub.database.storage",
            "hub.db.pvc.storageClassName": _STORAGE_CLASS,
            "singleuser.image.name": "jupyterhub.servers.profiles",
            "singleuser.image.tag": "jupyterhub.servers.profiles",
            "singleuser.profileList": "jupyterhub.servers.profiles",
            "singleuser.cpu.guarantee": "jupyterhub.servers.cpu.guarantee",
            "singleuser.cpu.limit": "jupyterhub.servers.cpu.limit",
            "singleuser.memory.guarantee": "jupyterhub.servers.memory.guarantee",
            "singleuser.memory.limit": "jupyterhub.servers.memory.limit",
            "singleuser.extraResource.guarantees.ephemeral-storage": (
                "jupyterhub.servers.ephemeralStorage.guarantee"
            ),
            "singleuser.extraResource.limits.ephemeral-storage": (
                "jupyterhub.servers.ephemeralStorage.limit"
            ),
            "singleuser.storage.capacity": "jupyterhub.home.capacity",
            "singleuser.storage.dynamic.storageClass": _STORAGE_CLASS,
            "ingress.hosts": _HOST,
            "ingress.ingressClassName": f"{_INGRESS}className",
            ("ingress", "annotations", "kubernetes.io/ingress.class"): f"{_INGRESS}className",
            ("ingress", "annotations", "cert-manager.io/cluster-issuer"): (
                f"{_INGRESS}clusterIssuer"
            ),
        }
    ),
    "dask-gateway": _paths(
        {
            "gateway.backend.image.name": "daskGateway.worker.image",
            "gateway.backend.image.tag": "daskGateway.worker.image",
            "gateway.extraConfig.limits": "daskGateway.limits",
            "gateway.extraConfig.options": "daskGateway.worker",
        }
    ),
}

_SEALED = "the real one is sealed into the Secret 'hub-secrets', and every render must be the same"
_WIRED = "it ties the user servers to the gateway of their own environment"
_TOLD_BY_HUB = "with it the gateway learns from the hub who a user is"
_NO_BALANCER = "the namespace's quota allows no load balancer and no node port"
_TRAEFIK = "without the entry for Dask Gateway nothing reaches it"
_HASH = "it is the hash that restarts the pod when something changes"
_NAMES = "hubops finds the chart's objects by their names and labels"

# By chart: the value, and why it stays as it is.
PROTECTED: Mapping[str, Mapping[Path, str]] = {
    "jupyterhub": _paths(
        {
            "hub.existingSecret": "the hub reads its keys and its tokens from 'hub-secrets'",
            "hub.config.JupyterHub.authenticator_class": (
                f"it follows from '{_LOGIN}provider', as the rest of the login does"
            ),
            "hub.config.JupyterHub.cookie_secret": _SEALED,
            "hub.config.CryptKeeper.keys": _SEALED,
            "hub.extraEnv.OAUTH_CLIENT_ID": "it comes from the Secret 'hub-secrets'",
            "hub.extraEnv.OAUTH_CLIENT_SECRET": "it comes from the Secret 'hub-secrets'",
            "hub.services.dask-gateway.apiToken": _SEALED,
            "hub.services.dask-gateway.url": _WIRED,
            "hub.loadRoles.user.scopes": "without the gateway's own scope nobody may use it",
            "hub.loadRoles.server.scopes": "without the gateway's own scope nobody may use it",
            "hub.networkPolicy.egress": _TRAEFIK,
            "hub.baseUrl": "every address that hubops writes begins at '/'",
            ("hub", "annotations", CONTENT_ANNOTATION): _HASH,
            ("hub", "db", "pvc", "annotations", "argocd.argoproj.io/sync-options"): (
                "it keeps the hub's database when Argo CD prunes"
            ),
            "proxy.chp.networkPolicy.egress": _TRAEFIK,
            "proxy.service.type": _NO_BALANCER,
            "prePuller.hook.enabled": "as a hook of Argo CD it would run before every sync",
            "singleuser.networkPolicy.egress": _TRAEFIK,
            "singleuser.extraEnv.DASK_GATEWAY__ADDRESS": _WIRED,
            "singleuser.extraEnv.DASK_GATEWAY__PROXY_ADDRESS": _WIRED,
            "singleuser.extraEnv.DASK_GATEWAY__PUBLIC_ADDRESS": _WIRED,
            "singleuser.extraEnv.DASK_GATEWAY__AUTH__TYPE": _TOLD_BY_HUB,
            "fullnameOverride": _NAMES,
        }
    ),
    "dask-gateway": _paths(
        {
            "gateway.prefix": "the hub's proxy passes on what is asked for under that path",
            "gateway.auth.type": _TOLD_BY_HUB,
            "gateway.auth.custom.class": _TOLD_BY_HUB,
            "gateway.auth.custom.config.jupyterhub_api_url": _TOLD_BY_HUB,
            "gateway.auth.jupyterhub.apiUrl": _TOLD_BY_HUB,
            "gateway.auth.jupyterhub.apiTokenFromSecretName": _TOLD_BY_HUB,
            "gateway.auth.jupyterhub.apiTokenFromSecretKey": _TOLD_BY_HUB,
            "gateway.auth.jupyterhub.jupyterhubServiceName": _TOLD_BY_HUB,
            "gateway.extraConfig.hub_token": _TOLD_BY_HUB,
            ("gateway", "annotations", CONTENT_ANNOTATION): _HASH,
            "traefik.service.type": _NO_BALANCER,
            "nameOverride": _NAMES,
            "fullnameOverride": _NAMES,
        }
    ),
}

# Lists of those: longer ones are fine as long as hubops' own entries are in them.
LENGTHENED = frozenset(
    _paths(
        dict.fromkeys(
            (
                "hub.loadRoles.user.scopes",
                "hub.loadRoles.server.scopes",
                "hub.networkPolicy.egress",
                "proxy.chp.networkPolicy.egress",
                "singleuser.networkPolicy.egress",
            ),
            "",
        )
    )
)

# What hubops counts on and leaves to the chart's defaults; None stands for what is computed last.
COUNTED_ON: Mapping[str, Mapping[str, Any]] = {
    "jupyterhub": {
        "fullnameOverride": "",
        "hub": {"baseUrl": "/", "annotations": {CONTENT_ANNOTATION: None}},
    },
    "dask-gateway": {
        "nameOverride": "",
        "fullnameOverride": "",
        "gateway": {"annotations": {CONTENT_ANNOTATION: None}},
    },
}

# Root keys of the umbrella chart `daskhub`: each chart had its values under its own name.
UMBRELLA = frozenset({"daskhub", "jupyterhub", "dask-gateway"})
