"""What pods may reach, or may do, changes.

Network policies keep users' servers away from the cloud's metadata and from each other's pods. With
`singleuser.cloudMetadata.blockWithIptables` a privileged container runs before every user's server,
and the namespace has to allow privileged pods.
"""

from collections.abc import Iterator

from generator.change.difference import value_changes
from generator.change.sides import EnvironmentSide, Step
from generator.charts import CHARTS
from generator.lint.consequences import Consequence, Weight, before, consequence

CODE = "E025"

_POLICIES = (
    ("hub", "networkPolicy"),
    ("proxy", "chp", "networkPolicy"),
    ("proxy", "traefik", "networkPolicy"),
    ("singleuser", "networkPolicy"),
    ("singleuser", "cloudMetadata"),
)
_LEVEL = "pod-security.kubernetes.io/enforce"


def check(step: Step) -> Iterator[Consequence]:
    """One effect for the policies that `values` change, one for the level of pod security."""
    raw = (CHARTS["jupyterhub"].raw_values(side.settings) for side in step.sides)
    paths = [
        change.spelled
        for change in value_changes(*raw)
        if any(change.under(*path) for path in _POLICIES)
    ]
    if paths:
        yield _effect(f"what the pods may reach changes: {', '.join(paths)}")
    old, new = map(_level, step.sides)
    if old != new:
        namespace = step.after.environment.namespace
        yield _effect(f"pod security of namespace {namespace}: {old} -> {new}")


def _effect(sentence: str) -> Consequence:
    return consequence(Weight.ACCESS, sentence, before("check that this is intentional"))


def _level(side: EnvironmentSide) -> str:
    """The level of pod security that the namespace enforces."""
    found: object = side.objects["namespace.yaml"]
    labels = found["metadata"]["labels"] if isinstance(found, dict) else {}
    return str(labels.get(_LEVEL, "none"))
