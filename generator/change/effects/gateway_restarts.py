"""The Dask Gateway restarts.

Running Dask clusters continue, and new ones wait for some seconds. Where Traefik changes too, the
connections to running clusters are cut.
"""

from collections.abc import Iterator

from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, consequence

CODE = "E005"

_APP = "dask-gateway"


def check(step: Step) -> Iterator[Consequence]:
    """One effect for the gateway, or the heavier one for Traefik in front of it."""
    if not step.has(_APP):
        return
    old, new = (side.placement.dask_release for side in step.sides)
    if old != new:
        yield consequence(
            Weight.CUT,
            f"a new Dask Gateway, {new}, replaces {old}: running Dask clusters are cut off, and "
            "nothing ends them",
            DASK_END,
        )
    elif step.upgrades(_APP) or _traefik_changed(step):
        yield consequence(
            Weight.CUT,
            "the Dask Gateway and its Traefik restart: connections to running Dask clusters are "
            "cut",
        )
    elif _gateway_changed(step) or _token_changed(step):
        yield consequence(
            Weight.RESTART,
            "the Dask Gateway restarts: new Dask clusters wait for some seconds; running ones "
            "continue",
        )


def _gateway_changed(step: Step) -> bool:
    return any(not change.under("traefik") for change in step.values[_APP])


def _traefik_changed(step: Step) -> bool:
    """Whether its pods differ; their number and the Service are not part of them."""
    beside = (("traefik", "replicas"), ("traefik", "service"))
    return any(
        not any(change.under(*path) for path in beside) for change in step.changed(_APP, "traefik")
    )


def _token_changed(step: Step) -> bool:
    """Whether the hash of the token that the gateway reads at its start differs."""
    old, new = (side.values[_APP].get("gateway", {}).get("annotations") for side in step.sides)
    return bool(old != new)
