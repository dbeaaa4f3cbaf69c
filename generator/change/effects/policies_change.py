"""What pods may reach, or may do, changes.

Network policies keep users' servers away from the cloud's metadata and from each other's pods. With
`singleuser.cloudMetadata.blockWithIptables` a privileged container runs before every user's server,
and the namespace has to allow privileged pods.
"""

from typing import Any

from generator.change.effects import promises_broken, proxy_restarts
from generator.change.sides import Step
from generator.lint.consequences import Consequence, Consequences, Weight, before

_POLICIES = (
    ("hub", "networkPolicy"),
    ("proxy", "chp", "networkPolicy"),
    ("proxy", "traefik", "networkPolicy"),
    ("singleuser", "networkPolicy"),
    ("singleuser", "cloudMetadata"),
)
_LEVEL = "pod-security.kubernetes.io/enforce"


def check(step: Step) -> Consequences:
    """One effect for the policies that change, one for the level of pod security."""
    changed = (one for path in _POLICIES for one in step.changed("jupyterhub", *path))
    paths = [one.spelled for one in changed if not _is_told(step, one.path)]
    was, now = (proxy_restarts.ends_tls(side) for side in step.sides)
    paths += ["proxy.https"] if was != now else []
    if paths:
        yield _effect(f"what the pods may reach changes: {', '.join(paths)}")
    namespaces: list[Any] = [side.objects["namespace.yaml"] for side in step.sides]
    old, new = (one["metadata"]["labels"].get(_LEVEL, "none") for one in namespaces)
    if old != new:
        namespace = step.after.environment.namespace
        yield _effect(f"pod security of namespace {namespace}: {old} -> {new}")


def _effect(sentence: str) -> Consequence:
    return Weight.ACCESS.of(sentence, before("check that this is intentional"))


def _is_told(step: Step, path: tuple[str, ...]) -> bool:
    """Whether another effect tells it: hubops opens the ways to a gateway and for Prometheus."""
    is_written = any(one.path[: len(path)] == path[: len(one.path)] for one in step.written)
    is_of_gateway = path[-1] == "egress" and _gateway_moves(step)
    is_own = is_of_gateway or path == ("hub", "networkPolicy", "ingress")
    return (is_own and not is_written) or promises_broken.told(step, *path)


def _gateway_moves(step: Step) -> bool:
    """Whether a Dask Gateway comes or goes."""
    return len({"dask-gateway" in side.apps for side in step.sides}) > 1
