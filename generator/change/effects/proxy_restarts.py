"""The proxy restarts, and every open connection is cut.

Notebooks keep running; people see them reconnect after some seconds. The proxy's pod changes with
its image, which comes with the chart, and with what `values` set for it.
"""

from generator.change.sides import Step
from generator.charts.rows import at
from generator.lint.consequences import Consequences, Weight

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


def check(step: Step) -> Consequences:
    """One effect where the proxy's pod differs."""
    types = (at(side.values["jupyterhub"], ("proxy", "https", "type")) for side in step.sides)
    is_holder = any(type in _OWN_CERTIFICATE for type in types)
    beside = _BESIDE_THE_POD if is_holder else (*_BESIDE_THE_POD, ("https",))
    if (
        step.upgrades("jupyterhub")
        or step.changed("jupyterhub", "proxy", but=beside)
        or any(step.changed("jupyterhub", *path) for path in _POD_TOO)
    ):
        yield Weight.CUT.of(
            "the proxy restarts: every open connection is cut for some seconds; notebooks continue",
        )
