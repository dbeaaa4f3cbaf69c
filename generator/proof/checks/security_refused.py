"""Pod Security refuses a pod.

The namespace enforces the level `baseline`, so that no pod reaches its node: the API server refuses
a pod with a `hostPath` volume, a privileged container, the node's network, processes or ports, more
capabilities, or a profile switched off. A Deployment shows it only in the events of its
ReplicaSet; a user sees that the server does not start. Users' servers and Dask pods are judged as
KubeSpawner and Dask Gateway make them of the values, for every profile and choice. Keep shared
files on a PersistentVolumeClaim or an NFS volume, and leave the rest to an administrator of the
cluster, in a namespace of its own.

See https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, place_of_pod, whole
from generator.proof.checks.user_pods import each_once
from generator.proof.checks.workloads import Namespace, Pod, containers
from generator.proof.rendering import Rendering, entries, listed, part

finding = errors("M933")

_HELP = "leave it out: the namespace enforces Pod Security 'baseline'"
_ENFORCE = "pod-security.kubernetes.io/enforce"
_CAPABILITIES = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "SETFCAP"),
        *("NET_BIND_SERVICE", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_SE_LINUX_TYPES = ("container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_SYSCTLS = frozenset(
    (
        *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"),
        *("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range"),
        *("net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time"),
        *("net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"),
        *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    )
)


def check(rendering: Rendering) -> Findings:
    """One finding for each thing that a pod may not have."""
    for environment, releases in whole(rendering):
        resource = Namespace(releases=releases).named("Namespace").get(environment.namespace, {})
        if part(resource, "metadata", "labels").get(_ENFORCE) not in ("baseline", "restricted"):
            continue
        for release in releases:
            for owner, (what, text) in each_once(release, _refused):
                at = place_of_pod(release, text)
                message = f"{release.app}: {owner} has {what}"
                yield anchored(finding, environment, at, message, _HELP)


def _refused(pod: Pod) -> Iterator[tuple[str, str]]:
    """What level `baseline` does not allow, and a text by which it is found in the values."""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field) is True:
            yield f"'{field}'", field
    for volume in entries(pod.spec, "volumes"):
        if "hostPath" in volume:
            path = str(part(volume, "hostPath").get("path", ""))
            yield f"the hostPath volume '{volume.get('name')}' ({path})", path
    yield from _of_context(part(pod.spec, "securityContext"), "the pod")
    for sysctl in entries(pod.spec, "securityContext", "sysctls"):
        if str(sysctl.get("name")) not in _SYSCTLS:
            yield f"the sysctl '{sysctl.get('name')}'", str(sysctl.get("name"))
    for container in containers(pod.spec):
        name = str(container.get("name"))
        yield from _of_container(container, name)
        yield from _of_context(part(container, "securityContext"), f"container '{name}'")


def _of_container(container: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    context = part(container, "securityContext")
    if context.get("privileged") is True:
        yield f"the privileged container '{name}'", name
    added = [str(one) for one in listed(context, "capabilities", "add")]
    if more := [one for one in added if one.removeprefix("CAP_") not in _CAPABILITIES]:
        yield f"container '{name}' with the capabilities {', '.join(more)}", name
    for port in entries(container, "ports"):
        if port.get("hostPort"):
            yield f"container '{name}' with the host port {port['hostPort']}", name
    if context.get("procMount") not in (None, "Default"):
        yield f"container '{name}' with procMount '{context['procMount']}'", name


def _of_context(context: Mapping[str, Any], owner: str) -> Iterator[tuple[str, str]]:
    for profile in ("seccompProfile", "appArmorProfile"):
        if part(context, profile).get("type") == "Unconfined":
            yield f"{profile} 'Unconfined' of {owner}", profile
    if part(context, "windowsOptions").get("hostProcess") is True:
        yield f"'hostProcess' of {owner}", "hostProcess"
    options = part(context, "seLinuxOptions")
    is_own = options.get("type") and options["type"] not in _SE_LINUX_TYPES
    if is_own or options.get("user") or options.get("role"):
        yield f"seLinuxOptions of {owner}", "seLinuxOptions"
