"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` set for it.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, consequence

CODE = "E002"

# Below `proxy`, what is not part of the pod (jupyterhub templates/proxy/deployment.yaml).
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
# Where the proxy itself holds the certificate; else it is a separate pod.
_OWN_CERTIFICATE = ("manual", "secret")


def check(step: Step) -> Iterator[Consequence]:
    """One effect where the proxy's pod differs."""
    changed = [
        change
        for change in step.changed("jupyterhub", "proxy")
        if not any(change.under("proxy", *path) for path in _BESIDE_THE_POD)
        and (not change.under("proxy", "https") or _holds_certificate(step))
    ]
    changed.extend(change for path in _POD_TOO for change in step.changed("jupyterhub", *path))
    if changed or step.upgrades("jupyterhub"):
        yield consequence(
            Weight.CUT,
            "the proxy restarts: every open connection is cut for some seconds; notebooks continue",
        )


def _holds_certificate(step: Step) -> bool:
    written = (side.values["jupyterhub"].get("proxy", {}).get("https", {}) for side in step.sides)
    return any(https.get("type") in _OWN_CERTIFICATE for https in written)
