"""What hubops promises of a hub and its users' pods, and which chart values switch that off.

The promises are those of the README's security model, that people can reach the hub, and that its
data survives. The paths are those of the charts' values.yaml; of a list also its entries count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.charts.overrides import Place, matching
from generator.merge import same
from generator.names import METADATA_V4, METADATA_V6
from generator.records import record
from generator.site.model import Json, Settings

Breaks = Callable[[Json], bool]


@record
class Promise:
    """A chart value that a promise rests on: where it is, what breaks it, and what then happens.

    A step `*` of the path is any key. `is_refused`: the cluster refuses such an object, or anyone
    logs in.
    """

    path: tuple[str, ...]
    breaks: Breaks
    why: str
    is_refused: bool = False


@record
class Broken:
    """A promise that a value switches off; `why` says what then happens."""

    path: Place
    why: str
    is_refused: bool = False


def _but(*good: Json) -> Breaks:
    """Everything but these, of the same type."""
    return lambda value: value is not None and not any(same(value, one) for one in good)


def _is(*bad: Json) -> Breaks:
    return lambda value: any(same(value, one) for one in bad)


def _is_set(value: Json) -> bool:
    return value not in (None, False, 0, "", [], {})


def _promises(breaks: Breaks, why: str, *paths: str, **more: bool) -> tuple[Promise, ...]:
    return tuple(
        Promise(path=tuple(path.split(" ")), breaks=breaks, why=why, **more) for path in paths
    )


_ON, _OFF = _but(True), _but(False)
_METADATA = "users' servers can reach the cloud's metadata address, which gives away credentials"
_EVERYONE = "everyone whom the login provider knows may log in, and site.yaml does not say so"
_ANYONE = "anyone can log in with any password or a shared one"
_LOGIN = "the login is no longer the one that site.yaml describes and lint checks"
_MEMORY = "the hub forgets users, tokens and running servers at each restart"
_UNREACHABLE = "no one reaches the hub at its address"
_RIGHTS = "without its rights in the namespace it can't start anything"
_QUOTA = "the namespace's quota refuses such a Service: it would be a public address"
_PUBLIC = "the Service gets its own public address, past the ingress and its TLS"
_PLAIN = "answers of the login provider are believed without checking who sends them"
_IN_HUB = "users' code runs in the hub's own pod, with its secrets"
_NODE = "the namespace's pod security refuses the pod: its code could take over the node"
_ROOT = "code in the pod is root, or can become it: one flaw from the node"
_ELSEWHERE = (
    "Dask clusters run where no policy keeps them from the metadata address and no quota holds"
)
_SECOND = "it takes the place of the value that is sealed, or that the chart sets"


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
    """Whether an ingress rule names no one, and so means every pod there is."""
    entries = rules if isinstance(rules, list) else ()
    return any(isinstance(rule, Mapping) and not rule.get("from") for rule in entries)


# Variables that the chart sets for the hub from its Secret, or from which it finds its parts
# (templates/hub/deployment.yaml); oauthenticator reads the others before its configuration.
_OWN_VARIABLE = (
    r"(?a)CONFIGPROXY_.*|JUPYTERHUB_(CRYPT_KEY|COOKIE_SECRET|API_TOKEN)|OAUTH\d?_.*"
    r"|GITHUB_CLIENT_(ID|SECRET)|POD_NAMESPACE|HELM_RELEASE_NAME|HUB_SERVICE_.*|PROXY_.*"
)
# Those that hubops itself writes are rows of the chart (C320).
_ROWS = frozenset(("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"))

_IN_MEMORY = r"sqlite(\+\w+)?://(/?:memory:.*)?"
_PODS = ("hub", "proxy chp", "proxy traefik", "singleuser")
_RULES = "networkPolicy egressAllowRules"
_JUPYTERHUB = (
    *_promises(
        _ON,
        "nothing then keeps users' code from this pod, or this pod from the metadata address",
        *(f"{pod} networkPolicy enabled" for pod in _PODS),
    ),
    *_promises(_OFF, _METADATA, f"singleuser {_RULES} cloudMetadataServer"),
    *_promises(_but("169.254.169.254"), _METADATA, "singleuser cloudMetadata ip"),
    *_promises(_opens_metadata, _METADATA, "singleuser networkPolicy egress"),
    *_promises(
        _lets_all_in,
        "every pod of the cluster can reach users' servers",
        "singleuser networkPolicy ingress",
    ),
    *_promises(
        _is_set,
        "every pod of the cluster can reach users' servers at these ports",
        "singleuser networkPolicy allowedIngressPorts",
    ),
    *_promises(
        _is("true"),
        "users' code can ask the proxy's own interface, which only the hub may",
        "singleuser extraLabels hub.jupyter.org/network-access-proxy-api",
    ),
    *_promises(
        _is(True),
        "a privileged container runs before every server, and the namespace must admit such pods",
        "singleuser cloudMetadata blockWithIptables",
    ),
    *_promises(
        lambda scopes: isinstance(scopes, list) and any(str(s).startswith("admin") for s in scopes),
        "every user administers the hub",
        "hub loadRoles user scopes",
        "hub loadRoles server scopes",
    ),
    *_promises(_is(True), _EVERYONE, "hub config * allow_all"),
    *_promises(_is(False), _PLAIN, "hub config * tls_verify", "hub config * validate_server_cert"),
    *_promises(
        lambda value: isinstance(value, str) and "kubespawner" not in value.lower(),
        _IN_HUB,
        "hub config JupyterHub spawner_class",
    ),
    *_promises(_is("sqlite-memory"), _MEMORY, "hub db type"),
    *_promises(
        lambda value: isinstance(value, str) and bool(re.fullmatch(_IN_MEMORY, value)),
        _MEMORY,
        "hub db url",
        "hub config JupyterHub db_url",
    ),
    *_promises(
        _is("none"), "what users save is lost when their server stops", "singleuser storage type"
    ),
    *_promises(_but(True), f"{_UNREACHABLE}, unless something else leads there", "ingress enabled"),
    *_promises(_is(True), _UNREACHABLE, "proxy service disableHttpPort"),
    *_promises(
        lambda value: isinstance(value, list) and "http" not in value,
        _UNREACHABLE,
        "proxy chp networkPolicy allowedIngressPorts",
    ),
    *_promises(_is([]), "people's logins travel unencrypted", "ingress tls"),
    *_promises(
        _OFF,
        "TLS ends at the ingress; the proxy then asks for another certificate and a public address",
        "proxy https enabled",
    ),
    *_promises(_ON, _RIGHTS, "rbac create", "rbac enabled", "hub serviceAccount create"),
    *_promises(_but("ClusterIP"), _QUOTA, "hub service type", is_refused=True),
    *_promises(
        lambda value: value == "hub",
        "users' code gets the hub's rights in the namespace: it reads its Secrets",
        "singleuser serviceAccountName",
        "hub config KubeSpawner service_account",
    ),
)
_DASK_GATEWAY = (
    *_promises(_ON, "no Dask cluster ever starts", "controller enabled", "traefik installTraefik"),
    *_promises(
        _is(0),
        "no Dask cluster can be reached",
        "gateway replicas",
        "traefik replicas",
    ),
    *_promises(_ON, _RIGHTS, "rbac enabled"),
    *_promises(
        _but(""),
        _ELSEWHERE,
        "gateway backend namespace",
    ),
    *_promises(_OFF, "users' code reads every route of the gateway's proxy", "traefik dashboard"),
    *_promises(
        lambda value: "--api" in str(value),
        "users' code reads every route of the gateway's proxy",
        "traefik additionalArguments",
    ),
)
_PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "jupyterhub": _JUPYTERHUB,
    "dask-gateway": _DASK_GATEWAY,
}

# Capabilities that the level `baseline` allows to add.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/
_HARMLESS = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)


# What no pod may have, wherever it is written; KubeSpawner's traits have underscores.
_REFUSED: Mapping[str, Breaks] = {
    **dict.fromkeys(("privileged", "hostnetwork", "hostpid", "hostipc", "hostprocess"), _is(True)),
    **dict.fromkeys(("hostpath", "hostport"), _is_set),
    "procmount": _is("Unmasked"),
    "add": lambda value: isinstance(value, list) and not _HARMLESS.issuperset(map(str, value)),
    "seccompprofile": lambda value: value == {"type": "Unconfined"},
    "apparmorprofile": lambda value: value == {"type": "Unconfined"},
}
_AS_ROOT: Mapping[str, Breaks] = {
    "allowprivilegeescalation": _is(True),
    **dict.fromkeys(("runasuser", "runasuid", "uid"), _is(0)),
}
# Data of people's own, and what ends before users' code starts: it may be root to hand over files.
_NOT_PODS = frozenset(("custom", "extraFiles", "extraConfig"))
_BEFORE = frozenset(("initContainers", "init_containers", "extraInitContainers"))


def _pods(node: Json, path: Place, *, is_before: bool) -> Iterator[Broken]:
    """Everything below a value that makes a pod dangerous."""
    children: Iterable[tuple[str | int, Json]] = ()
    if isinstance(node, Mapping | list):
        children = node.items() if isinstance(node, Mapping) else enumerate(node)
    for key, child in children:
        word = str(key).replace("_", "").lower()
        if word in _REFUSED and _REFUSED[word](child):
            yield Broken(path=(*path, key), why=_NODE, is_refused=True)
        elif word in _AS_ROOT and _AS_ROOT[word](child) and not is_before:
            yield Broken(path=(*path, key), why=_ROOT)
        elif word == "externalips" and child:
            yield Broken(path=(*path, key), why=_PUBLIC)
        elif key not in _NOT_PODS:
            yield from _pods(child, (*path, key), is_before=is_before or key in _BEFORE)


# `c.A.b = True`, `c["A"]["b"] = True`, `--A.b=True`, `{"b": True}`, `setattr(c.A, "b", True)`.
_EQUALS = r"[\"'\]]{0,2}\s*[=:,]\s*"
_TRUE = rf"{_EQUALS}True\b"
# What Python, or an argument of the hub, does: the first that it does is said. Each is compiled
# when first used: most sites have no Python.
_CODE = tuple(
    (pattern, Broken(path=(), why=why, is_refused=is_refused))
    for pattern, why, is_refused in (
        (
            r"\b(?:Dummy|SharedPassword)Authenticator\b"
            rf"|authenticator_class{_EQUALS}[\"']?(?:dummy|shared-password)",
            _ANYONE,
            True,
        ),
        (
            rf"\b(?:privileged|host_?[nN]etwork|host_?(?:PID|IPC|pid|ipc)){_TRUE}"
            r"|\bhost_?[pP]ath\b",
            _NODE,
            True,
        ),
        (rf"\bauthenticator_class{_EQUALS}", _LOGIN, False),
        (rf"\ballow_all{_TRUE}", _EVERYONE, False),
        (
            r"\b(?:Simple)?LocalProcessSpawner\b"
            rf"|spawner_class{_EQUALS}[\"'](?:simple|local)",
            _IN_HUB,
            False,
        ),
        (rf"\bdb_url{_EQUALS}[\"']?sqlite(?:\+\w+)?://(?:/?:memory:|[\"'])", _MEMORY, False),
        (rf"\b(?:tls_verify|validate_server_cert){_EQUALS}False\b", _PLAIN, False),
        (rf"\ballow_privilege_escalation{_TRUE}|\b(?:run_as_)?uid{_EQUALS}0\b", _ROOT, False),
        (rf"\bKube\w+\.namespace{_EQUALS}", _ELSEWHERE, False),
    )
)
_COMMENT = r"(?m)#.*$"
_PYTHON = (
    ("hub", "extraConfig"),
    ("hub", "extraConfig", "*"),
    ("hub", "extraFiles", "*", "stringData"),
    ("hub", "args"),
    ("hub", "command"),
    ("gateway", "extraConfig"),
    ("gateway", "extraConfig", "*"),
)


def _code(values: Mapping[str, Json]) -> Iterator[Broken]:
    for path, text in (found for where in _PYTHON for found in matching(values, where)):
        if isinstance(text, list):
            text = "\n".join(map(str, text))
        said = re.sub(_COMMENT, "", text) if isinstance(text, str) else ""
        for pattern, broken in _CODE:
            if re.search(pattern, said):
                yield Broken(path=path, why=broken.why, is_refused=broken.is_refused)


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
                yield Broken(path=place, why=_SECOND)


def broken(chart: str, values: Mapping[str, Json], settings: Settings) -> Iterator[Broken]:
    """The promises that the raw values of a chart switch off, each place once."""
    login = settings.login
    allowed = {
        _EVERYONE: login is not None and login.allow.everyone,
        _ANYONE: login is not None and login.provider == "dummy",
        f"{_UNREACHABLE}, unless something else leads there": any(
            on is True for _, on in matching(values, ("httpRoute", "enabled"))
        ),
    }
    seen: set[Place] = set()
    for one in (
        *_valued(chart, values),
        *_pods(values, (), is_before=False),
        *_code(values),
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
