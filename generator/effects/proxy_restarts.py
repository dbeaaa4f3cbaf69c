"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` write about it.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.situation import Step

CODE = "E002"

# Below `proxy`, what is no part of the pod (jupyterhub templates/proxy/deployment.yaml).
_BESIDE_THE_POD = (
    ("service",),
    ("https",),
    ("traefik",),
    ("secretSync",),
    ("chp", "networkPolicy"),
    ("chp", "pdb"),
    ("deploymentStrategy",),
)


def check(step: Step) -> Iterator[Effect]:
    """One effect where the proxy's pod differs."""
    if step.both is None:
        return
    before, after = step.both
    changed = [
        change
        for change in step.changed("jupyterhub", "proxy")
        if not any(change.under("proxy", *path) for path in _BESIDE_THE_POD)
    ]
    upgraded = before.pin("jupyterhub") != after.pin("jupyterhub")
    if changed or upgraded:
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message="the proxy restarts: every open connection is cut for some seconds; "
            "notebooks go on",
        )
