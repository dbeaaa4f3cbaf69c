"""The Dask Gateway restarts.

Running Dask clusters continue, and new ones wait for some seconds. Where Traefik changes too, the
connections to running clusters are cut.
"""

from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight

_APP = "dask-gateway"
# Below `traefik`, what is not part of its pods.
_BESIDE_THE_PODS = (("replicas",), ("service",))


def check(step: Step) -> Consequences:
    """One effect for the gateway, or the heavier one for Traefik in front of it."""
    if not step.has(_APP):
        return
    old, new = (side.placement.dask_release for side in step.sides)
    # Among the annotations is the hash of the token that the gateway reads at its start.
    notes = [side.values[_APP].get("gateway", {}).get("annotations") for side in step.sides]
    if old != new:
        yield Weight.CUT.of(
            f"a new Dask Gateway, {new}, replaces {old}: running Dask clusters are cut off, and "
            "nothing ends them",
            DASK_END,
        )
    elif step.upgrades(_APP) or step.changed(_APP, "traefik", but=_BESIDE_THE_PODS):
        yield Weight.CUT.of(
            "the Dask Gateway and its Traefik restart: connections to running Dask clusters are "
            "cut",
        )
    elif step.changed(_APP, but=[("traefik",)]) or notes[0] != notes[1]:
        yield Weight.RESTART.of(
            "the Dask Gateway restarts: new Dask clusters wait for some seconds; running ones "
            "continue",
        )
