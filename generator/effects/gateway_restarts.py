"""The Dask Gateway restarts.

Running Dask clusters go on, and new ones wait for some seconds. Where Traefik changes too, the
connections to running clusters are cut.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.situation import Step

CODE = "E005"


def check(step: Step) -> Iterator[Effect]:
    """One effect for the gateway, or the heavier one for Traefik in front of it."""
    if step.both is None or any("dask-gateway" not in side.apps for side in step.both):
        return
    before, after = step.both
    upgraded = before.pin("dask-gateway") != after.pin("dask-gateway")
    if upgraded or step.changed("dask-gateway", "traefik"):
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message="the Dask Gateway and its Traefik restart: connections to running Dask "
            "clusters are cut",
        )
    elif step.values.get("dask-gateway") or _token_changed(step):
        yield Effect(
            code=CODE,
            weight=Weight.RESTART,
            message="the Dask Gateway restarts: new Dask clusters wait for some seconds; "
            "running ones go on",
        )


def _token_changed(step: Step) -> bool:
    """Whether the hash of the token that the gateway reads at its start differs."""
    assert step.both is not None
    before, after = (
        side.values["dask-gateway"].get("gateway", {}).get("annotations") for side in step.both
    )
    return bool(before != after)
