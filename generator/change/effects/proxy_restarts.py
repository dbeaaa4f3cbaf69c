"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` write about it.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step

CODE = "E002"

# Below `proxy`, what is no part of the pod (jupyterhub templates/proxy/deployment.yaml).
_BESIDE_THE_POD = (
    ("service",),
    ("traefik",),
    ("secretSync",),
    ("chp", "networkPolicy"),
    ("chp", "pdb"),
    ("deploymentStrategy",),
)

# Beside `proxy`, what is part of the pod too.
_POD_TOO = (
    ("debug",),
    ("imagePullSecret",),
    ("imagePullSecrets",),
    ("scheduling", "corePods"),
    ("scheduling", "podPriority"),
)
# Where the proxy itself holds the certificate; else it is a pod of its own.
_OWN_CERTIFICATE = ("manual", "secret")


def check(step: Step) -> Iterator[Effect]:
    """One effect where the proxy's pod differs."""
    if step.both is None:
        return
    before, after = step.both
    changed = [
        change
        for change in step.changed("jupyterhub", "proxy")
        if not any(change.under("proxy", *path) for path in _BESIDE_THE_POD)
        and (not change.under("proxy", "https") or _holds_certificate(before, after))
    ]
    changed.extend(change for path in _POD_TOO for change in step.changed("jupyterhub", *path))
    upgraded = before.version("jupyterhub") != after.version("jupyterhub")
    if changed or upgraded:
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message="the proxy restarts: every open connection is cut for some seconds; "
            "notebooks go on",
        )


def _holds_certificate(*places: Place) -> bool:
    written = (place.values["jupyterhub"].get("proxy", {}).get("https", {}) for place in places)
    return any(https.get("type") in _OWN_CERTIFICATE for https in written)
