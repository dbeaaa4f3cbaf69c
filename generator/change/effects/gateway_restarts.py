"""The Dask Gateway restarts.

Running Dask clusters go on, and new ones wait for some seconds. Where Traefik changes too, the
connections to running clusters are cut.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step

CODE = "E005"


def check(step: Step) -> Iterator[Effect]:
    """One effect for the gateway, or the heavier one for Traefik in front of it."""
    if step.both is None or any("dask-gateway" not in side.apps for side in step.both):
        return
    before, after = step.both
    upgraded = before.version("dask-gateway") != after.version("dask-gateway")
    released = [place.environment.settings.dask for place in step.both]
    names = [dask.release_name for dask in released if dask is not None]
    if names[0] != names[1]:
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"the Dask Gateway is made anew as {names[1]} in place of {names[0]}: running "
            "Dask clusters are cut off, and nobody ends them",
            acts=("let the users end their Dask clusters",),
            before_merge=True,
        )
    elif upgraded or _traefik_changed(step):
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message="the Dask Gateway and its Traefik restart: connections to running Dask "
            "clusters are cut",
        )
    elif _gateway_changed(step) or _token_changed(step):
        yield Effect(
            code=CODE,
            weight=Weight.RESTART,
            message="the Dask Gateway restarts: new Dask clusters wait for some seconds; "
            "running ones go on",
        )


def _gateway_changed(step: Step) -> bool:
    return any(not change.under("traefik") for change in step.values["dask-gateway"])


def _traefik_changed(step: Step) -> bool:
    """Whether its pods differ; their number and the Service are not part of them."""
    beside = (("traefik", "replicas"), ("traefik", "service"))
    return any(
        not any(change.under(*path) for path in beside)
        for change in step.changed("dask-gateway", "traefik")
    )


def _token_changed(step: Step) -> bool:
    """Whether the hash of the token that the gateway reads at its start differs."""
    assert step.both is not None
    before, after = (
        side.values["dask-gateway"].get("gateway", {}).get("annotations") for side in step.both
    )
    return bool(before != after)
