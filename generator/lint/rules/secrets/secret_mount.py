"""A Secret is mounted where it hides other files, or inside another mount.

The folder where a Secret is mounted shows the Secret's keys and nothing else. Mounted over a folder
of the system, or over the users' home, it hides what was there, and the server does not start. A
folder inside another mounted Secret can't be created, because that one is read-only. Choose a
separate folder, such as `/etc/ocean`.

Bad:
    secrets:
      ocean-bucket: {keys: [credentials], usedBy: {servers: {mount: /home}}}
Good:
    secrets:
      ocean-bucket: {keys: [credentials], usedBy: {servers: {mount: /etc/ocean}}}

See https://kubernetes.io/docs/concepts/configuration/secret/
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("K704")

# `singleuser.storage.homeMountPath` of the chart.
_HOME = "/home/jovyan"
_SYSTEM = frozenset(
    f"/{name}"
    for name in (
        *("bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc"),
        *("root", "run", "sbin", "srv", "sys", "tmp", "usr", "var", "usr/bin", "usr/lib"),
        *("usr/local", "usr/local/bin", "usr/share", "var/run", "run/secrets", "var/run/secrets"),
        *("opt/conda", "etc/ssl", "etc/jupyter"),
    )
)


def check(site: Site) -> Findings:
    """A finding at each such folder."""
    mounted: dict[str, str] = {}
    for secret in site.shared.secrets:
        if secret.mount is None:
            continue
        problem = _hides(secret.mount)
        for other, name in mounted.items():
            if _is_within(secret.mount, other) or _is_within(other, secret.mount):
                problem = problem or f"'{secret.mount}' overlaps the mount of secret '{name}'"
        mounted.setdefault(secret.mount, secret.name)
        if problem:
            yield finding(
                ("secrets", secret.name, "usedBy", "servers", "mount"),
                problem,
                f"choose a separate folder, such as  /etc/{secret.name}",
            )


def _hides(folder: str) -> str:
    if _is_within(_HOME, folder):
        return f"'{folder}' would hide the users' home"
    is_system = folder in _SYSTEM or _is_within(folder, "/proc") or _is_within(folder, "/sys")
    return f"'{folder}' would hide a folder of the system" if is_system else ""


def _is_within(folder: str, other: str) -> bool:
    return folder == other or folder.startswith(f"{other}/")
