"""A Dask Gateway is new in an environment.

Argo CD starts it after the hub. The hub gets a route and a token for it, and policies let the hub,
its proxy and users' servers reach it; a running server knows it from its next start.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight


def check(step: Step) -> Consequences:
    """One effect where the environment had none."""
    if "dask-gateway" in step.after.apps and "dask-gateway" not in step.before.apps:
        yield Weight.NEXT_START.of(
            "Dask Gateway is new: the hub, its proxy and users' servers may reach it; servers know "
            "it from their next start",
        )
