"""What hubops promises of a hub and its users' pods, and which chart values switch that off.

The promises are those of the README's security model, that people can reach the hub, and that its
data survives. The paths are those of the charts' values.yaml; of a list also its entries count.
"""

import re
from collections.abc import Iterator, Mapping

from generator.charts import code_promises, pod_promises
from generator.charts.overrides import Place, matching
from generator.charts.promise import (
    ANYONE,
    ELSEWHERE,
    EVERY_ADMIN,
    EVERYONE,
    HOMES_GO,
    IN_HUB,
    LOGIN,
    MEMORY,
    METADATA,
    OUTSIDE,
    PLAIN,
    PROXY_API,
    QUOTA,
    RIGHTS,
    SECOND,
    SHARED_HOME,
    UNENCRYPTED,
    UNREACHABLE,
    WHO,
    Broken,
    Promise,
    but,
    equals,
    is_set,
    promises,
)
from generator.names import METADATA_V4, METADATA_V6
from generator.site.model import Json, Settings
from generator.site.providers import PROVIDERS

_ON, _OFF = but(True), but(False)
_LOGIN_SECTIONS = sorted({one.section for one in PROVIDERS.values() if one.is_oauth})


def _entries(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _opens_metadata(rules: Json) -> bool:
    """Whether egress rules let a pod reach a metadata address."""
    peers = [
        peer
        for rule in (rules if isinstance(rules, list) else ())
        if isinstance(rule, Mapping) and _opens_http(rule.get("ports"))
        for peer in (rule.get("to") or ({"ipBlock": {"cidr": "0.0.0.0/0"}},))
        if isinstance(peer, Mapping)
    ]
    blocks = [peer["ipBlock"] for peer in peers if isinstance(peer.get("ipBlock"), Mapping)]
    return any(
        _covers([block.get("cidr")], address) and not _covers(block.get("except"), address)
        for block in blocks
        for address in (*METADATA_V4, *METADATA_V6)
    )


def _opens_http(ports: Json) -> bool:
    """Whether a rule's ports may be the one by which clouds serve metadata; none means all."""
    entries = [one for one in ports if isinstance(one, Mapping)] if isinstance(ports, list) else []
    for one in entries:
        first = one.get("port")
        last = one.get("endPort", first)
        if not isinstance(first, int) or not isinstance(last, int) or first <= 80 <= last:
            return True
    return not entries


def _covers(blocks: Json, address: str) -> bool:
    from ipaddress import ip_interface, ip_network  # only egress rules pay for it

    inner = ip_interface(address).ip
    for block in blocks if isinstance(blocks, list) else ():
        try:
            if inner in ip_network(str(block), strict=False):
                return True
        except ValueError:
            continue
    return False


def _lets_all_in(rules: Json) -> bool:
    """Whether an ingress rule means every pod there is: it names no one, or all namespaces."""
    peers = (rule.get("from") for rule in _entries(rules) if isinstance(rule, Mapping))
    return any(not each or any(map(_is_everyone, _entries(each))) for each in peers)


def _is_everyone(peer: Json) -> bool:
    if not isinstance(peer, Mapping):
        return False
    block = peer.get("ipBlock")
    is_all = isinstance(block, Mapping) and str(block.get("cidr")).endswith("/0")
    return is_all or (peer.get("namespaceSelector") == {} and not peer.get("podSelector"))


# What a scope without a filter (`!user`) gives: https://jupyterhub.readthedocs.io/en/stable/rbac
_POWER = r"admin.*|(?:delete|access:servers|servers|users|tokens|groups|shares)\b[^!]*|proxy"


def _gives_power(scopes: Json) -> bool:
    return any(re.fullmatch(_POWER, str(one)) for one in _entries(scopes))


def _empowers_everyone(roles: Json) -> bool:
    """Whether a role that everyone has, by its name in a list or a map, holds such a scope."""
    entries = roles.values() if isinstance(roles, Mapping) else _entries(roles)
    return any(
        one.get("name") in ("user", "server") and _gives_power(one.get("scopes"))
        for one in entries
        if isinstance(one, Mapping)
    )


def _forgets(url: Json) -> bool:
    """Whether SQLite keeps the database in memory, or in a file that is not on the hub's volume."""
    kept = r"/(?!/|:memory:).+|//srv/jupyterhub/.+"
    match = re.fullmatch(r"sqlite(?:\+\w+)?://(.*)", url) if isinstance(url, str) else None
    return match is not None and not re.fullmatch(kept, match[1])


# Variables that the chart sets for the hub from its Secret, or from which it finds its parts
# (templates/hub/deployment.yaml); oauthenticator reads the others before its configuration.
_OWN_VARIABLE = (
    r"(?a)CONFIGPROXY_.*|JUPYTERHUB_(CRYPT_KEY|COOKIE_SECRET|API_TOKEN)|OAUTH\d?_.*"
    r"|GITHUB_CLIENT_(ID|SECRET)|POD_NAMESPACE|HELM_RELEASE_NAME|HUB_SERVICE_.*|PROXY_.*"
)
# Those that hubops itself writes are rows of the chart (C320).
_ROWS = frozenset(("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"))

# What sends people elsewhere than to the hub, or no one anywhere.
_PROXY_FLAG = (
    r"--(?:default-target|(?:api-)?(?:ip|port)|redirect-\w+|host-routing|no-include-prefix"
    r"|no-prepend-path|ssl-\w+)\b.*"
)
_PODS = ("hub", "proxy chp", "proxy traefik", "singleuser")
_RULES = "networkPolicy egressAllowRules"
# Where the proxy and users' servers look for the hub.
_HUB_ADDRESSES = (
    *("base_url", "bind_url", "hub_bind_url", "hub_connect_url", "hub_connect_ip"),
    *("hub_ip", "hub_port"),
)
_JUPYTERHUB = (
    *promises(
        _ON,
        "nothing then keeps users' code from this pod, or this pod from the metadata address",
        *(f"{pod} networkPolicy enabled" for pod in _PODS),
    ),
    *promises(_OFF, METADATA, f"singleuser {_RULES} cloudMetadataServer"),
    *promises(but("169.254.169.254"), METADATA, "singleuser cloudMetadata ip"),
    *promises(_opens_metadata, METADATA, "singleuser networkPolicy egress"),
    *promises(
        _lets_all_in,
        "every pod of the cluster can reach users' servers",
        "singleuser networkPolicy ingress",
    ),
    *promises(_lets_all_in, PROXY_API, "proxy chp networkPolicy ingress"),
    *promises(
        lambda ports: any(one in ("api", 8001) for one in _entries(ports)),
        PROXY_API,
        "proxy chp networkPolicy allowedIngressPorts",
    ),
    *promises(
        equals("accept"),
        "pods of other namespaces can reach users' servers",
        "singleuser networkPolicy interNamespaceAccessLabels",
    ),
    *promises(
        is_set,
        "every pod of the cluster can reach users' servers at these ports",
        "singleuser networkPolicy allowedIngressPorts",
    ),
    *promises(
        equals("true"),
        PROXY_API,
        "singleuser extraLabels hub.jupyter.org/network-access-proxy-api",
        "hub config * extra_labels hub.jupyter.org/network-access-proxy-api",
    ),
    *promises(
        is_set,
        "the network policies are for pods with other labels",
        "hub config * component_label",
        "hub config * common_labels",
    ),
    *promises(is_set, OUTSIDE, "hub config KubeSpawner namespace"),
    *promises(equals(True), OUTSIDE, "hub config KubeSpawner enable_user_namespaces"),
    *promises(
        equals(True),
        "a privileged container runs before every server, and the namespace must admit such pods",
        "singleuser cloudMetadata blockWithIptables",
    ),
    *promises(
        _gives_power, EVERY_ADMIN, "hub loadRoles user scopes", "hub loadRoles server scopes"
    ),
    *promises(_empowers_everyone, EVERY_ADMIN, "hub loadRoles", "hub config JupyterHub load_roles"),
    *promises(
        is_set,
        WHO,
        *(
            f"hub config {one} {who}"
            for one in ("OAuthenticator", *_LOGIN_SECTIONS)
            for who in ("allowed_users", "admin_users")
        ),
        "hub config JupyterHub admin_users",
    ),
    # Even an empty text wins over the variable that has the client.
    *promises(
        lambda text: text is not None,
        SECOND,
        "hub config * client_id",
        "hub config * client_secret",
    ),
    *promises(equals(True), EVERYONE, "hub config * allow_all"),
    *promises(
        equals(False),
        PLAIN,
        "hub config * tls_verify",
        "hub config * validate_server_cert",
        "hub config * http_request_kwargs validate_cert",
    ),
    *promises(
        lambda value: isinstance(value, str) and "kubespawner" not in value.lower(),
        IN_HUB,
        "hub config JupyterHub spawner_class",
    ),
    *promises(equals("sqlite-memory", "sqlite"), MEMORY, "hub db type"),
    *promises(_forgets, MEMORY, "hub config JupyterHub db_url"),
    *promises(lambda url: str(url).startswith("sqlite"), MEMORY, "hub db url"),
    *promises(
        but("Recreate"),
        "two hubs run at once and write into one database",
        "hub deploymentStrategy type",
    ),
    *promises(
        lambda value: isinstance(value, str) and "{" not in value,
        SHARED_HOME,
        "singleuser storage dynamic pvcNameTemplate",
        "singleuser storage static subPath",
        "hub config KubeSpawner pvc_name_template",
    ),
    *promises(equals(True), HOMES_GO, "cull users", "cull removeNamedServers"),
    *promises(
        equals("none"), "what users save is lost when their server stops", "singleuser storage type"
    ),
    *promises(but(True), f"{UNREACHABLE}, unless something else leads there", "ingress enabled"),
    *promises(equals(True), UNREACHABLE, "proxy service disableHttpPort"),
    *promises(
        is_set,
        UNREACHABLE,
        "proxy chp defaultTarget",
        *(f"hub config JupyterHub {key}" for key in _HUB_ADDRESSES),
    ),
    *promises(
        lambda flags: any(re.fullmatch(_PROXY_FLAG, str(one)) for one in _entries(flags)),
        UNREACHABLE,
        "proxy chp extraCommandLineFlags",
    ),
    *promises(but("", "*", "(.*)"), UNREACHABLE, "ingress pathSuffix"),
    *promises(equals("Exact"), UNREACHABLE, "ingress pathType"),
    *promises(
        equals("false", False),
        UNENCRYPTED,
        "ingress annotations nginx.ingress.kubernetes.io/ssl-redirect",
        "ingress annotations nginx.ingress.kubernetes.io/force-ssl-redirect",
    ),
    *promises(
        lambda value: isinstance(value, list) and "http" not in value,
        UNREACHABLE,
        "proxy chp networkPolicy allowedIngressPorts",
    ),
    *promises(equals([]), UNENCRYPTED, "ingress tls"),
    *promises(
        _OFF,
        "TLS ends at the ingress; the proxy then asks for another certificate and a public address",
        "proxy https enabled",
    ),
    *promises(_ON, RIGHTS, "rbac create", "rbac enabled", "hub serviceAccount create"),
    *promises(but("ClusterIP"), QUOTA, "hub service type", is_refused=True),
    *promises(
        lambda args: bool(args) and "jupyterhub_config.py" not in str(args),
        "the hub starts without its configuration, which names the login",
        "hub args",
    ),
    *promises(
        lambda path: isinstance(path, str) and path.endswith("/jupyterhub/jupyterhub_config.py"),
        LOGIN,
        "hub extraFiles * mountPath",
    ),
)
_DASK_GATEWAY = (
    *promises(_ON, "no Dask cluster ever starts", "controller enabled", "traefik installTraefik"),
    *promises(
        equals(0),
        "no Dask cluster can be reached",
        "gateway replicas",
        "traefik replicas",
    ),
    *promises(_ON, RIGHTS, "rbac enabled"),
    *promises(
        equals("default"),
        RIGHTS,
        *(f"rbac {part} serviceAccountName" for part in ("gateway", "controller", "traefik")),
    ),
    *promises(
        but(""),
        ELSEWHERE,
        "gateway backend namespace",
    ),
    *promises(_OFF, "users' code reads every route of the gateway's proxy", "traefik dashboard"),
    *promises(
        lambda value: "--api" in str(value),
        "users' code reads every route of the gateway's proxy",
        "traefik additionalArguments",
    ),
)
_PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "jupyterhub": _JUPYTERHUB,
    "dask-gateway": _DASK_GATEWAY,
}


def _variables(values: Mapping[str, Json]) -> Iterator[Broken]:
    """Variables that hide what the chart or hubops gives the hub, its proxy or the gateway."""
    pods = (("hub", "extraEnv"), ("proxy", "chp", "extraEnv"), ("gateway", "env"))
    for path, variables in (found for where in pods for found in matching(values, where)):
        named: list[tuple[str, Place]] = []
        if isinstance(variables, Mapping):
            named = [(key, (*path, key)) for key in variables]
        elif isinstance(variables, list):
            entries = (one if isinstance(one, Mapping) else {} for one in variables)
            named = [(str(one.get("name")), (*path, at)) for at, one in enumerate(entries)]
        for name, place in named:
            if re.fullmatch(_OWN_VARIABLE, name) and name not in _ROWS:
                yield Broken(path=place, why=SECOND)


def broken(chart: str, values: Mapping[str, Json], settings: Settings) -> Iterator[Broken]:
    """The promises that the raw values of a chart switch off, each place once."""
    login = settings.login
    allowed = {
        EVERYONE: login is not None and login.allow.everyone,
        HOMES_GO: any(
            on is False for _, on in matching(values, ("hub", "config", "*", "delete_pvc"))
        ),
        ANYONE: login is not None and login.provider == "dummy",
        f"{UNREACHABLE}, unless something else leads there": any(
            on is True for _, on in matching(values, ("httpRoute", "enabled"))
        ),
    }
    seen: set[Place] = set()
    for one in (
        *pod_promises.broken(values, (), is_before=False),
        *code_promises.broken(values),
        *_valued(chart, values),
        *_variables(values),
    ):
        if one.path not in seen and not allowed.get(one.why):
            seen.add(one.path)
            yield one


def _valued(chart: str, values: Mapping[str, Json]) -> Iterator[Broken]:
    for promise in _PROMISES.get(chart, ()):
        for path, value in matching(values, promise.path):
            if promise.breaks(value):
                yield Broken(path=path, why=promise.why, is_refused=promise.is_refused)
