"""What pods may reach, or may do, changes.

Network policies keep users' servers from the cloud's metadata and from each other's pods. With
`singleuser.cloudMetadata.blockWithIptables` a privileged container runs before every user's server,
and the namespace has to allow privileged pods.
"""

from collections.abc import Iterator

from generator.change.difference import value_changes
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.charts import CHARTS

CODE = "E025"

_POLICIES = (
    ("hub", "networkPolicy"),
    ("proxy", "chp", "networkPolicy"),
    ("proxy", "traefik", "networkPolicy"),
    ("singleuser", "networkPolicy"),
    ("singleuser", "cloudMetadata"),
)
_LEVEL = "pod-security.kubernetes.io/enforce"


def check(step: Step) -> Iterator[Effect]:
    """One effect for the policies that `values` change, one for the level of pod security."""
    if step.both is None:
        return
    paths = list(_by_values(*step.both))
    if paths:
        yield _effect(f"what the pods may reach changes: {', '.join(paths)}")
    before, after = (_level(side) for side in step.both)
    if before != after:
        namespace = step.place.environment.namespace
        yield _effect(f"pod security of namespace {namespace}: {before} -> {after}")


def _effect(message: str) -> Effect:
    return Effect(
        code=CODE,
        weight=Weight.ACCESS,
        message=message,
        acts=("check that this is meant",),
        before_merge=True,
    )


def _by_values(before: Place, after: Place) -> Iterator[str]:
    raw = (CHARTS["jupyterhub"].raw_values(side.environment.settings) for side in (before, after))
    for change in value_changes(*raw):
        if any(change.under(*path) for path in _POLICIES):
            yield change.spelled


def _level(place: Place) -> str:
    """The level of pod security that the namespace enforces."""
    found: object = place.objects["namespace.yaml"]
    labels = found["metadata"]["labels"] if isinstance(found, dict) else {}
    return str(labels.get(_LEVEL, "none"))
