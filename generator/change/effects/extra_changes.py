"""An object in an `extra/` folder comes, or changes.

A policy, a quota or a LimitRange there holds for all pods of the namespace, the hub's and users'
too, and another Ingress leads people into it. Some fields Kubernetes never changes: a claim's class
and access, a smaller size, a workload's selector, the role of a RoleBinding. Where one of them
differs, the namespace's sync fails, and the hub's waits for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.build import extra
from generator.change.sides import Step
from generator.lint.consequences import Consequence, Consequences, Weight, before
from generator.quantities import amount

_CLAIM, _POLICY = "PersistentVolumeClaim", "NetworkPolicy"
_BOUNDS = ("ResourceQuota", "LimitRange")
_ENTRANCES = ("Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "IngressRoute")
# Fields that Kubernetes refuses to change (its validation of updates), by kind.
_FIXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    _CLAIM: (
        *(("spec", key) for key in ("accessModes", "storageClassName", "volumeMode")),
        *(("spec", key) for key in ("selector", "volumeName", "dataSource", "dataSourceRef")),
    ),
    "DaemonSet": (("spec", "selector"),),
    "Deployment": (("spec", "selector"),),
    "Job": (("spec", "selector"), ("spec", "template")),
    "RoleBinding": (("roleRef",),),
    "Secret": (("type",),),
    "StatefulSet": (
        *(("spec", key) for key in ("selector", "serviceName", "volumeClaimTemplates")),
        ("spec", "podManagementPolicy"),
    ),
}
_SIZE = ("spec", "resources", "requests", "storage")
_PODS, _TEMPLATE = ("DaemonSet", "Deployment", "StatefulSet"), ("spec", "template")


def check(step: Step) -> Consequences:
    """One effect for each object that people or pods will notice."""
    old = step.before.extra_objects
    for key, (path, new) in step.after.extra_objects.items():
        _, was = old.get(key, ("", None))
        if was != new:
            yield from _told(f"{extra.spelled(new)} of extra/{path}", was, new)


def _told(
    what: str, was: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> Iterator[Consequence]:
    kind, comes = new["kind"], "is new" if was is None else "changes"
    refused = [] if was is None else list(_refused(kind, was, new))
    intended = before("check that this is intentional")
    if refused:
        yield Weight.CUT.of(
            f"{what}: Kubernetes refuses {', '.join(refused)}; the namespace's sync fails, "
            "and the hub's waits for it",
            before("keep it, or give the object another name"),
        )
    elif kind == _POLICY:
        yield Weight.ACCESS.of(
            f"{what} {comes}: what its pods may reach, or who reaches them", intended
        )
    elif kind in _BOUNDS:
        yield Weight.NEXT_START.of(
            f"{what} {comes}: pods that it refuses no longer start; those that run stay",
            before("check that it leaves room", "hubops validate"),
        )
    elif kind in _ENTRANCES:
        yield Weight.ACCESS.of(f"{what} {comes}: it leads people into the namespace", intended)
    elif kind in _PODS and was is not None and _at(was, _TEMPLATE) != _at(new, _TEMPLATE):
        yield Weight.NOTE.of(f"{what}: its pods restart")


def _refused(kind: str, was: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The fields that differ and may not."""
    for path in _FIXED.get(kind, ()):
        if _at(was, path) != _at(new, path):
            yield f"another {path[-1]}"
    sizes = [_at(one, _SIZE) for one in (was, new)]
    if kind == _CLAIM and all(sizes) and sizes[0] != sizes[1] and _shrinks(*sizes):
        yield f"a size below {sizes[0]}"


def _shrinks(was: Any, new: Any) -> bool:
    try:
        return amount(new) < amount(was)
    except ValueError:
        return False


def _at(node: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node
