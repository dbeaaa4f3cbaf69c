"""Running Dask clusters keep their limits and options.

The gateway reads limits and options when it starts, and applies them to the clusters that it
creates from then on.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect where limits or options differ."""
    if step.has("dask-gateway") and step.changed("dask-gateway", "gateway", "extraConfig"):
        yield Weight.NEXT_START.of(
            "running Dask clusters keep their limits and options; new ones get the new ones",
        )
