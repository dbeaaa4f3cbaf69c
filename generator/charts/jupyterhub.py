"""JupyterHub (zero-to-jupyterhub-k8s): the table of its chart values, with no secret in them.

The chart makes some values at random on each render; hubops writes them all but the proxy's token,
which the Application ignores: the hub would restart and log everyone out at every refresh.
"""

from collections.abc import Mapping

from generator.charts import hub_values, login_rows, secret_wiring
from generator.charts.chart import Chart, Ciphertexts, Values, fingerprint, keys, paths
from generator.charts.rows import (
    CHART_DEFAULT,
    CLUSTER,
    HOST,
    NAMESPACE,
    PROVIDER,
    SEALED,
    ValueRow,
    fixed,
    kept,
    row,
)
from generator.charts.spellings import (
    ADDRESS,
    CORES,
    COUNT,
    LABELS,
    MEMORY,
    QUANTITY,
    SECONDS,
    TOLERATIONS,
    Spelling,
)
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.records import replace
from generator.site.model import Release, Settings

INGRESS_CLASS = "kubernetes.io/ingress.class"
CLUSTER_ISSUER = "cert-manager.io/cluster-issuer"
KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}

_LIMITS = "jupyterhub.limits."
_SERVERS, _PROFILES = "jupyterhub.servers.", "jupyterhub.servers.profiles"
_EXTRA = "singleuser extraResource "
_DASK_VARIABLE = "singleuser extraEnv DASK_GATEWAY__"

_SECRET = "it comes from the Secret 'hub-secrets'"
_WIRED = "it ties the user servers to the gateway of their own environment"
_TO_GATEWAY = "without the entry for Dask Gateway nothing reaches it"
_SCOPES = "without the gateway's own scope no one may use it"
_KEPT = "it keeps the hub's database when Argo CD prunes"
_TLS = "TLS ends at the ingress, which takes its certificate from the cluster issuer"
_INGRESS = "people reach the hub through an ingress"
_HAS_GATEWAY = "an import writes daskGateway where it finds values of Dask Gateway"
_BY_SERVERS = "adopt/servers reads the profiles, and the image where there are none"


def _bounds(path: str, key: str, spelled: Spelling) -> tuple[ValueRow, ...]:
    both = (row(f"{path} {one}", f"{key}.{one}", spelled) for one in ("guarantee", "limit"))
    return (row(path, key), *both)


_HUB_ROWS = (
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
    row(
        "hub services dask-gateway",
        "daskGateway",
        value={"display": False, "apiToken": "unset"},
        why="it registers Dask Gateway with the hub",
        inverse=_HAS_GATEWAY,
    ),
    kept("hub services dask-gateway apiToken", SEALED),
    kept("hub services dask-gateway url", _WIRED, NAMESPACE, value=hub_values.gateway_url),
    row("hub networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=_HAS_GATEWAY),
    kept("hub networkPolicy egress", _TO_GATEWAY, is_extendable=True),
    row(
        "hub loadRoles",
        "charts.dask-gateway.version",
        value=hub_values.gateway_roles,
        why=_SCOPES,
        inverse=_HAS_GATEWAY,
    ),
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
)
_PROXY_ROWS = (
    # The chart's default is a LoadBalancer: a public address without TLS.
    kept(
        "proxy service type",
        "the namespace's quota allows no load balancer and no node port",
        value="ClusterIP",
    ),
    row(
        "proxy chp networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=_HAS_GATEWAY
    ),
    kept("proxy chp networkPolicy egress", _TO_GATEWAY, is_extendable=True),
    row("proxy https", dropped=_TLS),
)
_SERVER_ROWS = (
    row(
        "singleuser image",
        _PROFILES,
        value=hub_values.image,
        why="it is the default profile's image",
        inverse=_BY_SERVERS,
    ),
    row("singleuser image name", _PROFILES),
    row("singleuser image tag", _PROFILES),
    row(
        "singleuser image pullPolicy",
        _PROFILES,
        why="a tag that moves is pulled again when a server starts",
        is_free=True,
    ),
    *_bounds("singleuser cpu", f"{_SERVERS}cpu", CORES),
    *_bounds("singleuser memory", f"{_SERVERS}memory", MEMORY),
    row(f"{_EXTRA}guarantees", f"{_SERVERS}ephemeralStorage.guarantee"),
    row(
        f"{_EXTRA}guarantees ephemeral-storage",
        f"{_SERVERS}ephemeralStorage.guarantee",
        QUANTITY,
    ),
    row(f"{_EXTRA}limits", f"{_SERVERS}ephemeralStorage.limit"),
    row(f"{_EXTRA}limits ephemeral-storage", f"{_SERVERS}ephemeralStorage.limit", QUANTITY),
    fixed("singleuser storage type", "dynamic", CHART_DEFAULT),
    row("singleuser storage capacity", "jupyterhub.home.capacity", QUANTITY, why=CHART_DEFAULT),
    fixed("singleuser storage dynamic storageAccessModes", ["ReadWriteOnce"], CHART_DEFAULT),
    row(
        "singleuser storage dynamic storageClass",
        f"{CLUSTER}storageClass",
        value=hub_values.storage_class,
    ),
    row("singleuser defaultUrl", f"{_SERVERS}defaultUrl", ADDRESS),
    row("singleuser startTimeout", f"{_SERVERS}startTimeout", SECONDS),
    row("singleuser nodeSelector", f"{_SERVERS}nodeSelector", LABELS),
    row("singleuser extraTolerations", f"{_SERVERS}tolerations", TOLERATIONS),
    row("singleuser profileList", _PROFILES, value=hub_values.profiles, inverse=_BY_SERVERS),
    row("singleuser profileList #", f"{_PROFILES}.#"),
    row("singleuser profileList # display_name", f"{_PROFILES}.#.name"),
    *(
        row(f"singleuser profileList # {key}", f"{_PROFILES}.#.{key}")
        for key in ("slug", "description", "default")
    ),
    row("singleuser profileList # kubespawner_override image", f"{_PROFILES}.#.image"),
    row(
        "singleuser extraEnv",
        "daskGateway",
        value=hub_values.GATEWAY_VARIABLES,
        why=_WIRED,
        inverse=_HAS_GATEWAY,
    ),
    kept(f"{_DASK_VARIABLE}ADDRESS", _WIRED),
    kept(f"{_DASK_VARIABLE}PROXY_ADDRESS", _WIRED, NAMESPACE, value=hub_values.proxy_address),
    kept(f"{_DASK_VARIABLE}PUBLIC_ADDRESS", _WIRED),
    kept(f"{_DASK_VARIABLE}AUTH__TYPE", "with it the gateway learns from the hub who a user is"),
    row(
        "singleuser networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=_HAS_GATEWAY
    ),
    kept("singleuser networkPolicy egress", _TO_GATEWAY, is_extendable=True),
    fixed(
        "singleuser cloudMetadata blockWithIptables",
        False,
        "it would put a privileged container in every user's pod; a network policy does the same",
    ),
)
_CLUSTER_ROWS = (
    row("cull timeout", "jupyterhub.cull.idle", SECONDS),
    row("cull every", "jupyterhub.cull.every", SECONDS),
    row("cull maxAge", "jupyterhub.cull.maxAge", SECONDS),
    fixed(
        "scheduling userScheduler enabled",
        False,
        "the cluster's own scheduler places users; this one needs a role over the cluster",
    ),
    row(
        "scheduling podPriority enabled",
        creates="PriorityClass",
        why="ask an administrator to create one and name it in singleuser.extraPodConfig:"
        " {priorityClassName: ...}",
    ),
    kept(
        "prePuller hook enabled",
        "as a hook of Argo CD it would run before every sync",
        value=False,
    ),
    fixed("ingress enabled", True, _INGRESS, dropped=_INGRESS),
    row("ingress ingressClassName", f"{CLUSTER}ingress.className", value=hub_values.class_field),
    row(
        f"ingress annotations {INGRESS_CLASS}",
        f"{CLUSTER}ingress.className",
        value=hub_values.class_annotation,
        dropped="the field ingressClassName is beside it, and Kubernetes refuses the pair",
    ),
    row(
        f"ingress annotations {CLUSTER_ISSUER}",
        f"{CLUSTER}ingress.clusterIssuer",
        value=lambda release: release.cluster.ingress.cluster_issuer,
    ),
    row("ingress hosts", HOST, value=lambda release: [release.environment.host]),
    row("ingress tls", HOST, value=hub_values.tls, why=_TLS, is_free=True),
    row("ingress tls # secretName", f"{CLUSTER}ingress.clusterIssuer"),
    kept(
        "fullnameOverride",
        "hubops finds the chart's objects by their names and labels",
        default="",
    ),
)
_EXISTING_SECRET = kept(
    "hub existingSecret",
    "the hub reads its keys and its tokens from 'hub-secrets'",
    value=HUB_SECRET,
)


def _restart(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """One hash over values and ciphertexts: a change of either restarts the hub, once.

    The chart's own `checksum/secret` is random and therefore ignored, and a changed Secret restarts
    nothing. `hub.annotations` lands in the hub's pod template (templates/hub/deployment.yaml).
    """
    digest = fingerprint({"values": values, "sealed": encrypted})
    return {"hub": {"annotations": {CONTENT_ANNOTATION: digest}}}


CHART = Chart(
    name="jupyterhub",
    repository="https://hub.jupyter.org/helm-chart/",
    supported=">=3.0.3",
    is_required=True,
    python_of="hub",
    wave=0,
    rows=(
        _EXISTING_SECRET,
        *login_rows.ROWS,
        *_HUB_ROWS,
        *_PROXY_ROWS,
        *_SERVER_ROWS,
        *_CLUSTER_ROWS,
    ),
    is_complete=lambda settings: settings.login is not None,
    more_values=lambda settings: secret_wiring.values(settings.secrets),
    restart_values=_restart,
    random_fields=hub_values.RANDOM_FIELDS,
    # values.schema.json of all supported releases: the root's keys, and what is a number.
    roots=keys(
        "enabled fullnameOverride global nameOverride rbac cull custom debug httpRoute hub"
        " imagePullSecret imagePullSecrets ingress prePuller proxy scheduling singleuser"
    ),
    numbers=paths(
        {
            "cull": "concurrency every maxAge timeout",
            "hub": "activeServerLimit concurrentSpawnLimit consecutiveFailureLimit"
            " extraFiles.*.mode fsGid namedServerLimitPerUser pdb.maxUnavailable pdb.minAvailable"
            " revisionHistoryLimit service.ports.nodePort",
            "prePuller": "hook.podSchedulingWaitDuration revisionHistoryLimit",
            "proxy": "chp.pdb.maxUnavailable chp.pdb.minAvailable chp.revisionHistoryLimit"
            " service.nodePorts.http service.nodePorts.https traefik.hsts.maxAge"
            " traefik.pdb.maxUnavailable traefik.pdb.minAvailable traefik.revisionHistoryLimit",
            "scheduling podPriority": "defaultPriority imagePullerPriority userPlaceholderPriority",
            "scheduling userPlaceholder": "replicas revisionHistoryLimit",
            "scheduling userScheduler": "logLevel pdb.maxUnavailable pdb.minAvailable replicas"
            " revisionHistoryLimit",
            "singleuser": "cpu.guarantee cpu.limit extraFiles.*.mode fsGid startTimeout uid",
        }
    ),
)


def own_variables(settings: Settings) -> Mapping[str, frozenset[str]]:
    """The environment variables that hubops sets by itself, in the hub and in users' servers."""
    values = CHART.shared_values(replace(settings, secrets=()))
    return {
        where: frozenset(values.get(section, {}).get("extraEnv", {}))
        for where, section in (("hub", "hub"), ("servers", "singleuser"))
    }
