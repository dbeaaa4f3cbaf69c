"""Running Dask clusters keep their limits and options until they are made anew.

The gateway reads limits and options when it starts, and applies them to the clusters that it makes
from then on.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step

CODE = "E004"


def check(step: Step) -> Iterator[Effect]:
    """One effect where limits or options differ."""
    stays = step.both is not None and all("dask-gateway" in side.apps for side in step.both)
    if stays and step.changed("dask-gateway", "gateway", "extraConfig"):
        yield Effect(
            code=CODE,
            weight=Weight.NEXT_START,
            message="running Dask clusters keep their limits and options until they are made anew",
        )
