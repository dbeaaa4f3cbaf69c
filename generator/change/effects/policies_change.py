"""What pods may reach, or may do, changes.

Network policies keep users' servers away from the cloud's metadata and from each other's pods. With
`singleuser.cloudMetadata.blockWithIptables` a privileged container runs before every user's server,
and the namespace has to allow privileged pods.
"""

from typing import Any

from generator.change.effects import promises_broken
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
    """One effect for the policies that `values` change, one for the level of pod security."""
    changed = (one for one in step.written if any(one.under(*path) for path in _POLICIES))
    paths = [one.spelled for one in changed if not promises_broken.told(step, *one.path)]
    if paths:
        yield _effect(f"what the pods may reach changes: {', '.join(paths)}")
    namespaces: list[Any] = [side.objects["namespace.yaml"] for side in step.sides]
    old, new = (one["metadata"]["labels"].get(_LEVEL, "none") for one in namespaces)
    if old != new:
        namespace = step.after.environment.namespace
        yield _effect(f"pod security of namespace {namespace}: {old} -> {new}")


def _effect(sentence: str) -> Consequence:
    return Weight.ACCESS.of(sentence, before("check that this is intentional"))
