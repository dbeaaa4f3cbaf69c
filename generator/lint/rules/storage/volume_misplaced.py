"""A volume can't be mounted: its name or its folder is taken, or nothing says what it is.

A pod with two volumes of one name, or two at one folder, is refused. The volumes of a profile come
to those of all servers; the home, `files` and mounted secrets have names of their own. Each volume
is either a `claim` or a folder of an NFS server.

Bad:
    jupyterhub:
      servers:
        volumes: [{name: shared, claim: data, mount: /home/jovyan}]
Good:
    jupyterhub:
      servers:
        volumes: [{name: shared, claim: data, mount: /home/jovyan/shared}]

See https://kubernetes.io/docs/concepts/storage/volumes/
"""

from collections.abc import Iterator, Mapping

from generator.charts.secret_wiring import VOLUME_PREFIX
from generator.credentials import shown
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, every_settings, server_keys
from generator.site.model import Json, Settings, Site
from generator.site.profiles import PROFILES

finding = errors("L420")

Fault = tuple[Pointer, str, str]
_HOME = "/home/jovyan"  # singleuser.storage.homeMountPath of the chart
_SOURCE = "write  claim: NAME  or  nfs: {server: ..., path: ...}"


def check(site: Site) -> Findings:
    """A finding at each such volume."""
    for settings in every_settings(site):
        for path, message, help in _faults(settings):
            yield finding(settings.origin.at(*path), message, help)


def _faults(settings: Settings) -> Iterator[Fault]:
    """What is wrong, place by place; of a choice beside all that comes before it."""
    home = str(settings.at("jupyterhub.home.mountPath") or _HOME)
    names = {"home": "the home", "files": "'files'"}
    mounts = {home: "the home"}
    for secret in settings.secrets:
        if secret.mount is not None:
            names[VOLUME_PREFIX + secret.name] = f"secret '{secret.name}'"
            mounts[secret.mount] = f"secret '{secret.name}'"
    above: dict[Pointer, tuple[dict[str, str], dict[str, str]]] = {(): (names, mounts)}
    for path, keys in server_keys(settings):
        taken = above[_holder(path)]
        known = above[path] = dict(taken[0]), dict(taken[1])
        for index, volume in enumerate(keys.get("volumes", ())):
            yield from _of_volume(volume, (*path, "volumes", index), *known)


def _holder(path: Pointer) -> Pointer:
    """The place whose volumes come before: all servers' of a profile, the profile's of a choice."""
    if path == PROFILES[:-1]:
        return ()
    return PROFILES[:-1] if len(path) == len(PROFILES) + 1 else path[: len(PROFILES) + 1]


def _of_volume(
    volume: Mapping[str, Json], at: Pointer, names: dict[str, str], mounts: dict[str, str]
) -> Iterator[Fault]:
    name, mount = str(volume.get("name", "")), str(volume.get("mount", ""))
    if ("claim" in volume) == ("nfs" in volume):
        found = "has both 'claim' and 'nfs'" if "claim" in volume else "has no 'claim' and no 'nfs'"
        yield at, f"volume '{shown(name)}' {found}", _SOURCE
    for key, value, taken in (("name", name, names), ("mount", mount.rstrip("/"), mounts)):
        if value and value in taken:
            text = f"{key} '{shown(value)}' is that of {taken[value]} already"
            yield (*at, key), text, f"choose another {key}: a pod can't have it twice"
        taken.setdefault(value, f"volume '{shown(name)}'")
