"""A value must be sealed, or sealed again.

A placeholder can't be decrypted: Argo CD shows the SealedSecret as degraded, and a Secret that is
already there stays as it is until a sealed value comes.
"""

from collections.abc import Iterator

from generator.change.difference import Sealing
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step

CODE = "E011"


def check(step: Step) -> Iterator[Effect]:
    """One effect for all values of an environment that a person must seal."""
    wanted = [
        f"{secret}/{key}"
        for (secret, key), change in step.sealed.items()
        if change in (Sealing.LOST, Sealing.ADDED)
    ]
    if wanted and step.after is not None:
        lost = any(change is Sealing.LOST for change in step.sealed.values())
        yield Effect(
            code=CODE,
            weight=Weight.CUT if lost else Weight.NOTE,
            message=f"{len(wanted)} secret value{'s' if len(wanted) > 1 else ''} to seal: "
            + ", ".join(wanted),
            acts=(f"seal the values: hubops seal {step.name}",),
            before_merge=True,
        )
