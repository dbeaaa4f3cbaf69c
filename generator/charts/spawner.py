"""What the chart `jupyterhub` hands on to KubeSpawner, and how KubeSpawner reads it."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.charts.chart import keys, paths
from generator.charts.rows import at
from generator.records import record
from generator.site.releases import Versions
from generator.versions import Version, pick

Place = tuple[str | int, ...]

# kubespawner/spawner.py, _expand_user_properties: the names that its templates may hold.
_NAMES = (
    (
        ">=7.0.0-0",
        "userid username unescaped_username safe_username escaped_username servername"
        " unescaped_servername safe_servername escaped_servername user_server safe_user_server"
        " escaped_user_server hubnamespace namespace pod_name pvc_name",
    ),
    (
        "",
        "userid username unescaped_username legacy_escape_username servername"
        " unescaped_servername hubnamespace",
    ),
)

# Chart values that end in such templates: files/hub/jupyterhub_config.py hands them on, and
# get_env, get_pod_manifest and get_pvc_manifest of kubespawner/spawner.py expand them.
_TEMPLATES = paths(
    {
        "singleuser": "extraEnv extraLabels extraAnnotations initContainers extraContainers"
        " extraPodConfig serviceAccountName podNameTemplate",
        "singleuser storage": "extraLabels extraVolumes extraVolumeMounts homeMountPath static"
        " dynamic.pvcNameTemplate dynamic.volumeNameTemplate dynamic.subPath",
    }
)
# KubeSpawner's own names for them, as a profile overrides them.
_TEMPLATE_TRAITS = (
    *("environment", "extra_labels", "extra_annotations", "init_containers", "extra_containers"),
    *("extra_pod_config", "service_account", "pod_name_template", "pvc_name_template"),
    *("storage_extra_labels", "volumes", "volume_mounts", "working_dir"),
)


@record
class KubeSpawner:
    """One release of it; `names` are those that its templates may hold in braces."""

    version: str
    names: frozenset[str]

    @classmethod
    def of(cls, chart: Version, versions: Versions) -> "KubeSpawner":
        """The one that a release of the chart carries."""
        version = versions.hub_release(chart).kubespawner
        return cls(version=version, names=keys(pick(_NAMES, Version.parse(version))))


def templates(values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Every text in raw values that KubeSpawner expands, and its path."""
    for path in _TEMPLATES:
        yield from _texts(at(values, path), path)
    for place, traits in settings(values):
        for name in _TEMPLATE_TRAITS:
            yield from _texts(traits.get(name), (*place, name))


def settings(values: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """The maps in raw values that set KubeSpawner by its own names, and their paths."""
    for name in ("KubeSpawner", "Spawner"):
        yield from _maps(at(values, ("hub", "config", name)), ("hub", "config", name))
    profiles = ("singleuser", "profileList")
    for place, profile in _entries(at(values, profiles), profiles):
        yield from _override(profile, place)
        for chosen_from, option in _below(profile, place, "profile_options"):
            for chosen, choice in _below(option, chosen_from, "choices"):
                yield from _override(choice, chosen)


def _override(entry: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    name = "kubespawner_override"
    return _maps(at(entry, (name,)), (*place, name))


def _maps(node: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        yield place, node


def _entries(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    children = enumerate(node) if isinstance(node, list) else ()
    yield from (((*place, index), child) for index, child in children)


def _below(node: Any, place: Place, key: str) -> Iterator[tuple[Place, Any]]:
    """The values of the map at a key; nothing without a map."""
    found = at(node, (key,))
    children = found.items() if isinstance(found, Mapping) else ()
    yield from (((*place, key, name), child) for name, child in children)


def _texts(node: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, Mapping | list):
        children = node.items() if isinstance(node, Mapping) else enumerate(node)
        for key, child in children:
            yield from _texts(child, (*place, key))
