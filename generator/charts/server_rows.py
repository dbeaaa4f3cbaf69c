"""Users' servers: the rows of their chart values."""

from generator.charts import hub_values, profile_values, storage_values
from generator.charts.rows import (
    CHART_DEFAULT,
    CLUSTER,
    HAS_GATEWAY,
    NAMESPACE,
    PATH,
    TO_GATEWAY,
    WIRED,
    ValueRow,
    fixed,
    kept,
    row,
)
from generator.charts.spellings import (
    ADDRESS,
    CLAIM,
    COMMAND,
    CORES,
    FILES,
    FOLDER,
    LABELS,
    MEMORY,
    QUANTITY,
    SECONDS,
    TOLERATIONS,
    USER_FOLDER,
    VARIABLES,
    WHOLE,
    Spelling,
)

_SERVERS, _PROFILES = "jupyterhub.servers.", "jupyterhub.servers.profiles"
_EXTRA = "singleuser extraResource "
_DASK_VARIABLE = "singleuser extraEnv DASK_GATEWAY__"
_BY_SERVERS = "adopt/servers reads the profiles, and the image where there are none"


def _bounds(path: str, key: str, spelled: Spelling) -> tuple[ValueRow, ...]:
    both = (row(f"{path} {one}", f"{key}.{one}", spelled) for one in ("guarantee", "limit"))
    return (row(path, key), *both)


ROWS = (
    row(
        "singleuser image",
        _PROFILES,
        value=profile_values.image,
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
    row("singleuser storage type", value=storage_values.home_type, why=CHART_DEFAULT),
    row(
        "singleuser storage capacity",
        "jupyterhub.home.capacity",
        QUANTITY,
        value=storage_values.of_homes("jupyterhub.home.capacity"),
        why=CHART_DEFAULT,
    ),
    row("singleuser storage static pvcName", "jupyterhub.home.shared.claim", CLAIM),
    row("singleuser storage static subPath", "jupyterhub.home.shared.path", USER_FOLDER),
    row("singleuser storage homeMountPath", "jupyterhub.home.mountPath", FOLDER),
    row(
        "singleuser storage dynamic storageAccessModes",
        value=storage_values.of_homes(["ReadWriteOnce"]),
        why=CHART_DEFAULT,
    ),
    row(
        "singleuser storage dynamic storageClass",
        f"{CLUSTER}storageClass",
        value=storage_values.home_class,
    ),
    row("singleuser defaultUrl", f"{_SERVERS}defaultUrl", ADDRESS),
    row("singleuser startTimeout", f"{_SERVERS}startTimeout", SECONDS),
    row("singleuser nodeSelector", f"{_SERVERS}nodeSelector", LABELS),
    row("singleuser extraTolerations", f"{_SERVERS}tolerations", TOLERATIONS),
    row("singleuser cmd", f"{_SERVERS}command", COMMAND),
    row(
        "singleuser lifecycleHooks postStart exec command",
        f"{_SERVERS}postStart",
        COMMAND,
    ),
    row("singleuser extraFiles", f"{_SERVERS}files", FILES),
    row("singleuser uid", f"{_SERVERS}user.uid", WHOLE),
    row("singleuser fsGid", f"{_SERVERS}user.fsGid", WHOLE),
    row(
        "singleuser profileList",
        _PROFILES,
        value=profile_values.profiles,
        default=[],
        inverse=_BY_SERVERS,
    ),
    kept(
        "hub extraConfig profiles",
        "it shows users the profiles of their groups, and adds what they list",
        value=profile_values.python,
    ),
    row("singleuser profileList #", f"{_PROFILES}.#"),
    row("singleuser profileList # display_name", f"{_PROFILES}.#.name"),
    *(
        row(f"singleuser profileList # {key}", f"{_PROFILES}.#.{key}")
        for key in ("slug", "description", "default")
    ),
    row("singleuser profileList # kubespawner_override image", f"{_PROFILES}.#.image"),
    row(
        "singleuser extraEnv",
        f"{_SERVERS}environment",
        VARIABLES,
        value=hub_values.variables,
        why=WIRED,
    ),
    row(f"{_DASK_VARIABLE}CLUSTER__OPTIONS__IMAGE", "daskGateway", why=WIRED, is_free=True),
    *(
        kept(
            f"{_DASK_VARIABLE}{name}",
            WIRED,
            PATH,
            value=hub_values.below_path(
                hub_values.GATEWAY_VARIABLES[f"DASK_GATEWAY__{name}"], hub_values.GATEWAY_PATH
            ),
        )
        for name in ("ADDRESS", "PUBLIC_ADDRESS")
    ),
    kept(f"{_DASK_VARIABLE}PROXY_ADDRESS", WIRED, NAMESPACE, value=hub_values.proxy_address),
    kept(
        f"{_DASK_VARIABLE}AUTH__TYPE",
        "with it the gateway learns from the hub who a user is",
        "daskGateway",
    ),
    row(
        "singleuser networkPolicy", "daskGateway", value=hub_values.TO_TRAEFIK, inverse=HAS_GATEWAY
    ),
    kept("singleuser networkPolicy egress", TO_GATEWAY, is_extendable=True),
    fixed(
        "singleuser cloudMetadata blockWithIptables",
        False,
        "it would put a privileged container in every user's pod; a network policy does the same",
    ),
)
