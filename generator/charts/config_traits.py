"""Traits of the hub's configuration -> the chart values that jupyterhub_config.py sets them from.

Source: files/hub/jupyterhub_config.py of the chart.
"""

from collections.abc import Mapping

Path = tuple[str, ...]

_SIZES = {
    f"{kind}_{bound}": ("singleuser", name, bound)
    for kind, name in (("cpu", "cpu"), ("mem", "memory"))
    for bound in ("guarantee", "limit")
}
_SPAWNER: Mapping[str, Path] = {
    **_SIZES,
    "profile_list": ("singleuser", "profileList"),
    "extra_resource_guarantees": ("singleuser", "extraResource", "guarantees"),
    "extra_resource_limits": ("singleuser", "extraResource", "limits"),
    "default_url": ("singleuser", "defaultUrl"),
    "start_timeout": ("singleuser", "startTimeout"),
    "node_selector": ("singleuser", "nodeSelector"),
    "cmd": ("singleuser", "cmd"),
    "environment": ("singleuser", "extraEnv"),
    "uid": ("singleuser", "uid"),
    "fs_gid": ("singleuser", "fsGid"),
}
_HUB: Mapping[str, Path] = {
    "concurrent_spawn_limit": ("hub", "concurrentSpawnLimit"),
    "active_server_limit": ("hub", "activeServerLimit"),
    "allow_named_servers": ("hub", "allowNamedServers"),
    "named_server_limit_per_user": ("hub", "namedServerLimitPerUser"),
}
# Those that hold the same data as the value.
TRAITS: Mapping[str, Mapping[str, Path]] = {
    "KubeSpawner": _SPAWNER,
    "Spawner": _SPAWNER,
    "JupyterHub": _HUB,
}
# Those that the chart makes of the value.
_MADE: Mapping[tuple[str, str], Path] = {
    ("KubeSpawner", "tolerations"): ("singleuser", "extraTolerations"),
    ("JupyterHub", "services"): ("hub", "services"),
    ("JupyterHub", "load_roles"): ("hub", "loadRoles"),
    ("JupyterHub", "base_url"): ("hub", "baseUrl"),
    ("JupyterHub", "db_url"): ("hub", "db", "url"),
}


def value_of(section: str, name: str) -> Path:
    """The path of the chart value behind `c.<section>.<name>`."""
    path = TRAITS.get(section, {}).get(name) or _MADE.get((section, name))
    return path or ("hub", "config", section, name)
