"""Running Dask clusters keep their limits, options and pods.

The gateway reads limits and options when it starts, and the size and the nodes of schedulers and
workers, and applies them to the clusters that it creates from then on.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight

_PODS = (("scheduler",), ("worker",), ("environment",), ("imagePullSecrets",))


def check(step: Step) -> Consequences:
    """One effect where limits or options differ, or what the pods of clusters are made of."""
    if not step.has("dask-gateway"):
        return
    kept = ["limits and options"] if step.changed("dask-gateway", "gateway", "extraConfig") else []
    pods = (step.changed("dask-gateway", "gateway", "backend", *part) for part in _PODS)
    kept += ["pods as they are"] if any(pods) else []
    if kept:
        yield Weight.NEXT_START.of(
            f"running Dask clusters keep their {' and '.join(kept)}; new ones get the new ones",
        )
