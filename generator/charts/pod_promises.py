"""What no pod of a hub may have, and what no pod of its users, wherever chart values write it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.charts.overrides import Place
from generator.charts.promise import (
    AS_HUB,
    NODE,
    OUR_SECRETS,
    PUBLIC,
    ROOT,
    Breaks,
    Broken,
    equals,
    is_set,
)
from generator.names import HUB_SECRET
from generator.site.model import Json

# Capabilities that the level `baseline` allows to add.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/
HARMLESS = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)


_SAFE_SYSCTL = (
    r"kernel\.shm_rmid_forced|net\.ipv4\.(?:ip_(?:local_(?:port_range|reserved_ports)"
    r"|unprivileged_port_start)|ping_group_range|tcp_(?:fin_timeout|keepalive_\w+|[rw]mem|syncookies))"
)


def _is_safe(sysctl: Json) -> bool:
    name = sysctl.get("name") if isinstance(sysctl, Mapping) else sysctl
    return re.fullmatch(_SAFE_SYSCTL, str(name)) is not None


def _is_usual(options: Mapping[str, Json]) -> bool:
    """Whether SELinux options are among those that `baseline` allows."""
    kind = re.fullmatch(r"(?:container(?:_init|_kvm|_engine)?_t)?", str(options.get("type") or ""))
    return kind is not None and not options.get("user") and not options.get("role")


# What no pod may have, wherever it is written; KubeSpawner's traits have underscores.
_REFUSED: Mapping[str, Breaks] = {
    **dict.fromkeys(
        ("privileged", "hostnetwork", "hostpid", "hostipc", "hostprocess"), equals(True)
    ),
    **dict.fromkeys(("hostpath", "hostport"), is_set),
    "procmount": equals("Unmasked"),
    "add": lambda value: isinstance(value, list) and not HARMLESS.issuperset(map(str, value)),
    **dict.fromkeys(
        ("seccompprofile", "apparmorprofile"),
        lambda value: isinstance(value, Mapping) and value.get("type") == "Unconfined",
    ),
    "selinuxoptions": lambda value: isinstance(value, Mapping) and not _is_usual(value),
    "sysctls": lambda value: isinstance(value, list) and not all(map(_is_safe, value)),
}
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_PROFILE = r"runtime/default|localhost/.*"
_AS_ROOT: Mapping[str, Breaks] = {
    "allowprivilegeescalation": equals(True),
    **dict.fromkeys(("runasuser", "runasuid", "uid", "singleuseruid"), equals(0)),
}
# What belongs to the hub, and the accounts of parts that may do more than users.
_OUR_OBJECTS = (HUB_SECRET, "hub", "hub-db-dir")
_ACCOUNT = (
    r"hub|user-scheduler|autohttps|hook-image-(?:awaiter|puller)"
    r"|(?:api|controller|traefik)-.*dask.*"
)
_USER_PODS = (("singleuser",), ("hub", "config", "KubeSpawner"), ("gateway", "backend"))


def _is_ours(word: str, value: Json) -> str:
    """What users' pods get by a reference to something of the hub's; nothing by any other."""
    if word in ("secret", "secretkeyref", "secretref") and isinstance(value, Mapping):
        value = value.get("name")
    elif word in ("serviceaccountname", "serviceaccount"):
        return AS_HUB if isinstance(value, str) and re.fullmatch(_ACCOUNT, value) else ""
    elif word not in ("secretname", "claimname", "pvcname"):
        return ""
    return OUR_SECRETS if value in _OUR_OBJECTS else ""


# Data of people's own, and what ends before users' code starts: it may be root to hand over files.
_NOT_PODS = frozenset(("custom", "extraFiles", "extraConfig"))
_BEFORE = frozenset(("initContainers", "init_containers", "extraInitContainers"))


def broken(node: Json, path: Place, *, is_before: bool) -> Iterator[Broken]:
    """Everything below a value that makes a pod dangerous."""
    is_users = any(path[: len(pods)] == pods for pods in _USER_PODS)
    children: Iterable[tuple[str | int, Json]] = ()
    if isinstance(node, Mapping | list):
        children = node.items() if isinstance(node, Mapping) else enumerate(node)
    for key, child in children:
        word = str(key).replace("_", "").lower()
        if word in _REFUSED and _REFUSED[word](child):
            yield Broken(path=(*path, key), why=NODE, is_refused=True)
        elif word in _AS_ROOT and _AS_ROOT[word](child) and not is_before:
            yield Broken(path=(*path, key), why=ROOT)
        elif word == "externalips" and child:
            yield Broken(path=(*path, key), why=PUBLIC)
        elif word.startswith(_APPARMOR) and not re.fullmatch(_PROFILE, str(child)):
            yield Broken(path=(*path, key), why=NODE, is_refused=True)
        elif is_users and (why := _is_ours(word, child)):
            yield Broken(path=(*path, key), why=why)
        elif key not in _NOT_PODS:
            yield from broken(child, (*path, key), is_before=is_before or key in _BEFORE)
