"""An environment is removed from the site.

Nothing is deleted by the merge: its Applications wait for somebody to confirm, and the namespace
with the homes and the hub's database stays until it is deleted by hand.
"""

from collections.abc import Iterator

from generator.change import cleanup
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step, placement

CODE = "E013"


def check(step: Step) -> Iterator[Effect]:
    """One effect for an environment that goes."""
    if step.before is None or step.after is not None:
        return
    environment = step.before.environment
    yield Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"removed: {environment.host} runs on without updates; namespace "
        f"{environment.namespace} of cluster {environment.cluster} keeps homes and hub database",
        acts=cleanup.departed(step.site, placement(step.before)),
    )
