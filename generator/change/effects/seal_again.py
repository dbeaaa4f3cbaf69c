"""A value must be sealed, or sealed again.

The controller can't decrypt a placeholder: Argo CD shows the SealedSecret as degraded, and an
existing Secret stays as it is until a sealed value is committed.
"""

from generator.change.difference import Sealing
from generator.change.sides import Arrival, Step
from generator.lint.consequences import Consequences, Weight, before


def to_seal(step: Step | Arrival) -> list[str]:
    """The values that a person must seal."""
    return [
        "/".join(at)
        for at, change in step.sealed.items()
        if change in (Sealing.LOST, Sealing.ADDED)
    ]


def check(step: Step | Arrival) -> Consequences:
    """One effect for all values of an environment that a person must seal."""
    if wanted := to_seal(step):
        lost = any(change is Sealing.LOST for change in step.sealed.values())
        yield (Weight.CUT if lost else Weight.NOTE).of(
            f"{len(wanted)} secret value{'s' if len(wanted) > 1 else ''} to seal: "
            + ", ".join(wanted),
            before("seal the values", f"hubops seal {step.after.environment.name}"),
        )
