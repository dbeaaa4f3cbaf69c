"""A volume's size or class changes, or which volume people and the hub see.

A volume's class and access modes are fixed when it is created, and its size never shrinks. New
homes get the new size; existing homes keep theirs until a person grows them one by one. Where the
name of the claim, the folder in it or the place of the home changes, users see another volume at
their next start: what they saved is still in the old one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.change.difference import arrows
from generator.change.sides import EnvironmentSide, Step
from generator.lint import history
from generator.lint.consequences import Act, Consequences, Weight, after, at_merge, before
from generator.quantities import amount
from generator.versions import VersionRange


def check(step: Step) -> Consequences:
    """Effects for the storage class, the hub's database and the homes."""
    was, now = (side.environment for side in step.sides)
    for judge in (history.database_shrank, history.home_shrank):
        shrunk = judge(step.after.site.versions, was, now)
        if shrunk is not None:
            yield shrunk
    yield from _database(step)
    yield from _homes(step)
    yield from _other_volumes(step)


# What decides which volume is a home and what of it people see, with what holds without it: before
# chart 4, and since then; by the type of storage that reads it (jupyterhub values.yaml and
# files/hub/jupyterhub_config.py, kubespawner 7.0.0 spawner.py).
_CLAIM_NAMES = ("claim-{username}{servername}", "claim-{user_server}")
_HOMES = {
    "singleuser storage homeMountPath": (("/home/jovyan",) * 2, ("dynamic", "static")),
    "singleuser storage dynamic pvcNameTemplate": (_CLAIM_NAMES, ("dynamic",)),
    "singleuser storage dynamic subPath": (("none",) * 2, ("dynamic",)),
    "singleuser storage static pvcName": (("none",) * 2, ("static",)),
    "singleuser storage static subPath": (("{username}",) * 2, ("static",)),
    "hub config KubeSpawner pvc_name_template": (_CLAIM_NAMES, ("dynamic",)),
    "hub config KubeSpawner slug_scheme": (("escape", "safe"), ("dynamic",)),
}
# Of the same meaning in a name: before chart 4, and since then.
_ESCAPED = "escaped_"
_SINCE_4 = VersionRange.parse(">=4.0.0-0")
# What replaces the volumes that the chart gives to KubeSpawner.
_SPAWNER = ("volumes", "volume_mounts", "storage_pvc_ensure")
_CLAIM = ("accessModes", "selector")


def _other_volumes(step: Step) -> Consequences:
    said: list[str] = []
    was, now = _both(step, "singleuser", "storage", "type")
    eras = [_is_since_4(side) for side in step.sides]
    for spelled, (defaults, types) in _HOMES.items():
        steps = spelled.split(" ")
        if was == now and now in types and step.changed("jupyterhub", *steps):
            old, new = (
                one or defaults[era] for one, era in zip(_both(step, *steps), eras, strict=True)
            )
            if eras[0] != eras[1]:
                old, new = old.replace(_ESCAPED, ""), new.replace(_ESCAPED, "")
            is_read = steps[-1] != "slug_scheme" or all(eras)
            said += arrows({".".join(steps): (old, new)}) if is_read else []
    for key in _SPAWNER:
        path = ("hub", "config", "KubeSpawner", key)
        said += [".".join(path)] if step.changed("jupyterhub", *path) else []
    if said:
        yield Weight.DATA.of(
            f"{', '.join(said)}: at their next start users see another home, which may be empty; "
            "what they saved stays where it was",
            before("tell the users that they get another home, and copy what they need"),
        )
    fields = [key for key in _CLAIM if step.changed("jupyterhub", "hub", "db", "pvc", key)]
    if fields and all(_types(step)):
        yield Weight.DATA.of(
            f"{' and '.join(fields)} of the hub database's claim can't change: Kubernetes refuses "
            "it, and the hub's sync fails",
            before("keep it for this environment, or copy the hub database to a new volume"),
        )
    old, new = _both(step, "hub", "db", "pvc", "subPath")
    if old != new and all(_types(step)):
        yield Weight.DATA.of(
            f"the folder of the hub's database in its volume {old or 'none'} -> {new or 'none'}: "
            "the hub starts with an empty one, and forgets users, tokens and running servers",
            history.copy_of_database(step.before.environment),
            at_merge("put the copy into the new folder"),
        )


def _is_since_4(side: EnvironmentSide) -> bool:
    pin = side.pin("jupyterhub")
    version = pin.version if pin is not None else None
    return version is not None and version in _SINCE_4


def _types(step: Step) -> Iterator[bool]:
    """Of each side, whether the hub's database is on a volume."""
    return (one == "sqlite-pvc" for one in _both(step, "hub", "db", "type"))


def _both(step: Step, *path: str) -> tuple[str, str]:
    """A chart value as it takes effect on each side; empty where there is none."""
    nodes: list[Any] = [side.values.get("jupyterhub", {}) for side in step.sides]
    for key in path:
        nodes = [node.get(key, {}) if isinstance(node, Mapping) else {} for node in nodes]
    old, new = (str(node) if isinstance(node, str | int) else "" for node in nodes)
    return old, new


def _is_larger(old: str, new: str) -> bool:
    try:
        return amount(new) > amount(old)
    except ValueError:
        return False


def _database(step: Step) -> Consequences:
    old, new = _both(step, "hub", "db", "pvc", "storageClassName")
    if old and new and old != new:
        yield Weight.DATA.of(
            f"storage class {old} -> {new}: existing volumes can't change theirs, and Kubernetes "
            "refuses the hub database's claim",
            before(f"keep {old} for this environment, or copy the hub database to a new volume"),
        )
    old, new = _both(step, "hub", "db", "type")
    was, now = _both(step, "hub", "db", "url")
    if (old, was) != (new, now):
        yield Weight.DATA.of(
            f"the hub gets another database{'' if old == new else f', {old} -> {new}'}: it is "
            "empty, and the hub forgets users, tokens and running servers",
            before("copy the old database to the new one"),
            *_acts_of_another(step, old, new),
        )
    old, new = _both(step, "hub", "db", "pvc", "storage")
    if _is_larger(old, new):
        yield Weight.NOTE.of(
            f"the hub database's volume {old} -> {new}: it grows in place",
            before(
                "check that the storage class lets volumes grow",
                f"kubectl get storageclass {step.after.cluster.storage_class} "
                "-o jsonpath='{.allowVolumeExpansion}'",
            ),
        )


def _acts_of_another(step: Step, old: str, new: str) -> Iterator[Act]:
    """What goes with a database of another kind: a copy, and the volume that stays behind."""
    if old == new:
        return
    was = step.before.environment
    if old == "sqlite-pvc" or was.settings.at("jupyterhub.database.postgres"):
        yield history.copy_of_database(was)
    if old == "sqlite-pvc":
        namespace = step.after.environment.namespace
        yield after(
            "delete the old volume once nothing of it is needed: Argo CD keeps it, and until then "
            "the hub's Application stays out of sync, and Dask Gateway's waits for it",
            f"kubectl -n {namespace} delete pvc hub-db-dir",
        )


def _homes(step: Step) -> Consequences:
    was, now = _both(step, "singleuser", "storage", "type")
    old, new = _both(step, "singleuser", "storage", "dynamic", "storageClass")
    if was != now:
        yield Weight.DATA.of(
            f"storage of homes {was} -> {now}: at their next start users find another home, or "
            "none",
            before("tell the users that they get another home, and copy what they need"),
        )
    elif old != new:
        yield Weight.NOTE.of(f"storage class of homes {old} -> {new}: only new homes get it")
    old, new = _both(step, "singleuser", "storage", "capacity")
    if _is_larger(old, new):
        request = f'{{"spec":{{"resources":{{"requests":{{"storage":"{new}"}}}}}}}}'
        namespace = step.after.environment.namespace
        yield Weight.NOTE.of(
            f"home volumes {old} -> {new}: only new homes get it; the others keep their size",
            after("grow a home", f"kubectl -n {namespace} patch pvc NAME -p '{request}'"),
        )
