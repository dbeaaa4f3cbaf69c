"""What a profile or a choice says of its servers, as KubeSpawner and the chart spell it, and back.

KubeSpawner merges maps of a `kubespawner_override` into its settings and replaces lists
(kubespawner/spawner.py, _apply_overrides). So what is in maps stands there; entries of lists stand
under `ADDS` beside it, and hubops' Python adds them to the settings as they are at that moment.
"""

from collections.abc import Mapping
from typing import Any

from generator.charts.rows import at, place
from generator.charts.spellings import (
    ADDRESS,
    CORES_OR_NONE,
    LABELS,
    MEMORY_OR_NONE,
    QUANTITY,
    TEXT,
    TOLERATIONS,
    VARIABLES,
    Spelling,
)
from generator.records import record
from generator.site.profiles import Keys

Json = Any
Path = tuple[str, ...]

ADDS = "adds"
GPU = "nvidia.com/gpu"
_SOURCES = {"claim": "persistentVolumeClaim", "nfs": "nfs"}


@record
class Trait:
    """One setting: its key in site.yaml, KubeSpawner's path, and the chart's below `singleuser`."""

    key: str
    path: Path
    chart: Path
    spelled: Spelling


def _trait(key: str, path: str, chart: str, spelled: Spelling) -> Trait:
    return Trait(
        key=key, path=tuple(path.split(" ")), chart=tuple(chart.split(" ")), spelled=spelled
    )


TRAITS = (
    _trait("image", "image", "image", TEXT),
    _trait("cpu.guarantee", "cpu_guarantee", "cpu guarantee", CORES_OR_NONE),
    _trait("cpu.limit", "cpu_limit", "cpu limit", CORES_OR_NONE),
    _trait("memory.guarantee", "mem_guarantee", "memory guarantee", MEMORY_OR_NONE),
    _trait("memory.limit", "mem_limit", "memory limit", MEMORY_OR_NONE),
    *(
        _trait(
            f"ephemeralStorage.{bound}",
            f"extra_resource_{bound}s ephemeral-storage",
            f"extraResource {bound}s ephemeral-storage",
            QUANTITY,
        )
        for bound in ("guarantee", "limit")
    ),
    _trait("defaultUrl", "default_url", "defaultUrl", ADDRESS),
    _trait("nodeSelector", "node_selector", "nodeSelector", LABELS),
    _trait("environment", "environment", "extraEnv", VARIABLES),
)
# Lists, under `ADDS`: their key in site.yaml, and the chart's path.
LISTS: Mapping[str, tuple[str, Path]] = {
    "tolerations": ("tolerations", ("extraTolerations",)),
    "volumes": ("volumes", ("storage", "extraVolumes")),
    "volume_mounts": ("volumes", ("storage", "extraVolumeMounts")),
}


def override(keys: Keys, servers: Keys) -> dict[str, Json]:
    """The `kubespawner_override` of what a profile or a choice says; `servers` is of all."""
    found: dict[str, Json] = {}
    for trait in TRAITS:
        if trait.key in keys:
            place(found, trait.path, trait.spelled.there(keys[trait.key]))
    for name, count in gpus(keys, servers).items():
        place(found, ("extra_resource_limits", name), count)
    return found


def at_servers(keys: Keys, servers: Keys) -> dict[str, Json]:
    """The same below `singleuser`, where no one chooses; without the image."""
    found: dict[str, Json] = {}
    for trait in TRAITS:
        if trait.key in keys and trait.key != "image":
            place(found, trait.chart, trait.spelled.there(keys[trait.key]))
    for name, count in gpus(keys, servers).items():
        place(found, ("extraResource", "limits", name), count)
    return found


def gpus(keys: Keys, servers: Keys) -> dict[str, str]:
    """The limits for GPUs; none of those of all servers beside other ones."""
    if "gpu.count" not in keys:
        return {}
    name, common = (str(of.get("gpu.resource", GPU)) for of in (keys, servers))
    others = {common: "0"} if "gpu.count" in servers and common != name else {}
    return {**others, name: str(keys["gpu.count"])}


def adds(keys: Keys) -> dict[str, list[Json]]:
    """The entries of lists, by KubeSpawner's name for the list."""
    found = {
        "tolerations": [dict(one) for one in keys.get("tolerations", ())],
        **volumes(keys),
    }
    return {name: entries for name, entries in found.items() if entries}


def volumes(keys: Keys) -> dict[str, list[Json]]:
    """The volumes and where they are mounted."""
    said = [one for one in keys.get("volumes", ()) if {"name", "mount"} <= one.keys()]
    return {
        "volumes": [{"name": one["name"], **_source(one)} for one in said],
        "volume_mounts": [_mount(one) for one in said],
    }


def _source(volume: Mapping[str, Json]) -> dict[str, Json]:
    if "nfs" in volume:
        return {"nfs": dict(volume["nfs"])}
    return {"persistentVolumeClaim": {"claimName": volume.get("claim", "")}}


def _mount(volume: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "name": volume["name"],
        "mountPath": volume["mount"],
        **({"subPath": volume["subPath"]} if "subPath" in volume else {}),
        **({"readOnly": True} if volume.get("readOnly") else {}),
    }


def read_back(found: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
    """What a `kubespawner_override` says in site.yaml's words, and the rest, which it can't say.

    The entries of its lists are those that it gives in place of the common ones.
    """
    said: dict[str, Json] = {}
    left = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in found.items()
    }
    for trait in TRAITS:
        above = at(left, trait.path[:-1])
        if isinstance(above, Mapping) and trait.path[-1] in above:
            setting = trait.spelled.back(above[trait.path[-1]])
            if setting not in (None, ""):
                place(said, trait.key.split("."), setting)
                _take(left, trait.path)
    for name, count in dict(_map(left.get("extra_resource_limits"))).items():
        if found_gpu := gpu(name, count):
            said["gpu"] = found_gpu
            _take(left, ("extra_resource_limits", name))
            guaranteed = _map(left.get("extra_resource_guarantees")).get(name)
            if str(guaranteed) == str(count):
                _take(left, ("extra_resource_guarantees", name))
    taints = TOLERATIONS.back(left.get("tolerations"))
    if taints:
        said["tolerations"] = taints
        left.pop("tolerations")
    mounted = volumes_back(left.get("volumes"), left.get("volume_mounts"))
    if mounted:
        said["volumes"] = mounted
        left.pop("volumes")
        left.pop("volume_mounts")
    return said, left


def _map(node: Json) -> Mapping[str, Json]:
    return node if isinstance(node, Mapping) else {}


def _take(left: dict[str, Json], path: Path) -> None:
    """Removes what is at a path, and the map above it once it is empty."""
    above = at(left, path[:-1])
    above.pop(path[-1])
    if path[1:] and not above:
        left.pop(path[0])


def gpu(name: str, count: Json) -> dict[str, Json]:
    """A GPU as site.yaml says it: whole ones of a resource with a domain."""
    text = str(count)
    if isinstance(count, bool) or "/" not in name or not text.isdigit() or not 0 < int(text) <= 64:
        return {}
    return {"count": int(text), **({"resource": name} if name != GPU else {})}


def volumes_back(found: Json, mounts: Json) -> list[dict[str, Json]] | None:
    """The volumes of a pod as site.yaml says them; None where it can't say all of them."""
    entries, mounted = (_entries(node) for node in (found, mounts))
    if not entries or mounted is None:
        return None
    by_name = {one.get("name"): one for one in entries}
    said = []
    for mount in mounted:
        volume = by_name.get(mount.get("name"))
        one = _volume(volume, mount) if volume is not None else None
        if one is None:
            return None
        said.append(one)
    names = [one["name"] for one in said]
    return said if len(set(names)) == len(names) == len(entries) else None


def _entries(node: Json) -> list[Mapping[str, Json]] | None:
    """A list of maps; of a map its values, in the order of its keys, as KubeSpawner takes it."""
    listed = [node[key] for key in sorted(node)] if isinstance(node, Mapping) else node
    is_list = isinstance(listed, list) and all(isinstance(one, Mapping) for one in listed)
    return listed if is_list else None


def _volume(volume: Mapping[str, Json], mount: Mapping[str, Json]) -> dict[str, Json] | None:
    claim, nfs = _map(volume.get("persistentVolumeClaim")), _map(volume.get("nfs"))
    said: dict[str, Json] = {"name": mount.get("name")}
    if claim.keys() == {"claimName"}:
        said["claim"] = claim["claimName"]
    elif nfs.keys() == {"server", "path"}:
        said["nfs"] = dict(nfs)
    said["mount"] = mount.get("mountPath")
    said |= {key: mount[key] for key in ("subPath",) if key in mount}
    said |= {"readOnly": True} if mount.get("readOnly") is True else {}
    again = volumes({"volumes": (said,)}) if said.get("mount") else {}
    plain = {key: value for key, value in mount.items() if (key, value) != ("readOnly", False)}
    is_whole = again == {"volumes": [dict(volume)], "volume_mounts": [plain]}
    return said if is_whole else None
