"""Why a value differs after the import: tables of paths and reasons. Data.

A step `*` is any key, `**` at the end all that is below.
"""

from collections.abc import Mapping

from generator.adopt.base import DASK_GATEWAY, JUPYTERHUB, Path
from generator.names import CONTENT_ANNOTATION

Table = Mapping[tuple[str, ...], str]


def _paths(table: Mapping[str | tuple[str, ...], str]) -> Table:
    return {
        tuple(path.split(".")) if isinstance(path, str) else path: text
        for path, text in table.items()
    }


CHART_DEFAULT = "the chart's default, written out"
_SEALED = "sealed into the Secret 'hub-secrets', which the hub reads instead"
_BALANCER = "no public address beside the ingress: the chart's default is a load balancer"
_TRAEFIK = "opens the way to Dask Gateway, which the chart's network policies close"
_WIRED = "ties users' servers to the gateway of their own environment"
_TLS = "TLS ends at the ingress, which takes its certificate from the cluster issuer"

# Values of today that are not carried, beside those that hubops protects.
NOT_CARRIED: Mapping[str, Table] = {
    JUPYTERHUB: _paths(
        {
            "proxy.https.**": _TLS,
            "ingress.enabled": "people reach every hub of hubops through an ingress",
            "auth.**": "gone since chart 1.0: hub.config took its place",
            "hub.cookieSecret": _SEALED,
            ("ingress", "annotations", "kubernetes.io/ingress.class"): (
                "the field ingressClassName stands beside it, and Kubernetes refuses the pair"
            ),
        }
    ),
    DASK_GATEWAY: _paths(
        {"gateway.auth.**": "hubops writes how the gateway asks the hub who a user is"}
    ),
}

# What hubops writes and the values of today leave out.
ADDED: Mapping[str, Table] = {
    JUPYTERHUB: _paths(
        {
            "hub.existingSecret": "keys and tokens come from the sealed Secret 'hub-secrets'",
            "hub.config.JupyterHub.authenticator_class": CHART_DEFAULT,
            "hub.config.JupyterHub.cookie_secret": _SEALED,
            "hub.config.CryptKeeper.keys": _SEALED,
            "hub.config.*.username_claim": "the authenticator's own default, written out",
            "hub.config.*.scope": "what hubops asks the login provider for, written out",
            "hub.config.*.allow_all": "what saying nothing means today, written out",
            "hub.config.*.oauth_callback_url": "follows from the host",
            "hub.extraEnv.OAUTH_CLIENT_ID.**": _SEALED,
            "hub.extraEnv.OAUTH_CLIENT_SECRET.**": _SEALED,
            "hub.db.type": CHART_DEFAULT,
            "hub.db.pvc.accessModes": CHART_DEFAULT,
            "hub.db.pvc.storage": CHART_DEFAULT,
            "hub.db.pvc.storageClassName": (
                "follows from the cluster: it must be the class that the claim has"
            ),
            "hub.db.pvc.annotations.**": "Argo CD never prunes or deletes the hub's database",
            "hub.services.dask-gateway.**": "registers Dask Gateway with the hub",
            "hub.loadRoles.**": "the scope that Dask Gateway asks for from 2026.3.0 on",
            "hub.networkPolicy.egress": _TRAEFIK,
            ("hub", "annotations", CONTENT_ANNOTATION): "restarts the hub when something changes",
            "proxy.service.type": _BALANCER,
            "proxy.chp.networkPolicy.egress": _TRAEFIK,
            "scheduling.userScheduler.enabled": (
                "the cluster's own scheduler places users; this one needs a role over the cluster"
            ),
            "prePuller.hook.enabled": "as a hook of Argo CD it would run before every sync",
            "ingress.enabled": "people reach the hub through an ingress",
            "ingress.hosts": "follows from the host",
            "ingress.ingressClassName": "follows from the cluster",
            "ingress.annotations.*": "follows from the cluster",
            "ingress.tls": _TLS,
            "singleuser.image.name": "the default profile's image",
            "singleuser.image.tag": "the default profile's image",
            "singleuser.image.pullPolicy": "a tag that moves is pulled anew when a server starts",
            "singleuser.storage.type": CHART_DEFAULT,
            "singleuser.storage.capacity": CHART_DEFAULT,
            "singleuser.storage.dynamic.storageAccessModes": CHART_DEFAULT,
            "singleuser.storage.dynamic.storageClass": "follows from the cluster",
            "singleuser.extraEnv.*": _WIRED,
            "singleuser.networkPolicy.egress": _TRAEFIK,
            "singleuser.cloudMetadata.blockWithIptables": (
                "a privileged container in every user's pod otherwise; a network policy does it too"
            ),
        }
    ),
    DASK_GATEWAY: _paths(
        {
            "gateway.prefix": "the path under which the hub's proxy passes on to the gateway",
            "gateway.auth.**": "the gateway asks the hub who a user is, its token from a Secret",
            "gateway.backend.image.pullPolicy": "a tag that moves is pulled anew",
            "gateway.backend.image.*": "the default profile's image: the versions must agree",
            "gateway.extraConfig.limits": "hubops always writes limits",
            "gateway.extraConfig.options": "an image's tag is asked for",
            "gateway.extraConfig.hub_token": "reads the token from the Secret 'hub-secrets'",
            ("gateway", "annotations", CONTENT_ANNOTATION): "restarts the gateway for a new token",
            "traefik.service.type": _BALANCER,
        }
    ),
}

NULL = "a null takes a default of the chart away, and site.yaml can write none (C310)"
UNKNOWN_ROOT = "the chart has no such key at the root: its schema refuses it, or nothing reads it"
DOLLAR = "Kustomize reads a key that begins with '$' as an order (C311)"
UNWRITABLE = (
    "it holds what no generated file can hold: a null in a list, a control character, or a number "
    "of too many digits"
)
NO_MAP = "a text or list here would drop all that hubops writes below"


def reason(table: Table, path: Path) -> str | None:
    """The reason of the first row that fits a path."""
    return next((text for pattern, text in table.items() if _fits(pattern, path)), None)


def _fits(pattern: tuple[str, ...], path: Path) -> bool:
    if pattern[-1] == "**":
        head = pattern[:-1]
        return len(path) >= len(head) and _fits_exactly(head, path[: len(head)])
    return _fits_exactly(pattern, path)


def _fits_exactly(pattern: tuple[str, ...], path: Path) -> bool:
    return len(pattern) == len(path) and all(
        wanted in ("*", step) for wanted, step in zip(pattern, path, strict=True)
    )
