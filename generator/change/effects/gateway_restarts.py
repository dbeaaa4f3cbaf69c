"""The Dask Gateway restarts.

Running Dask clusters continue, and new ones wait for some seconds. Where Traefik changes too, the
connections to running clusters are cut. Between an Argo CD with Helm 3 and one with Helm 4 (3.5)
the gateway's ConfigMap differs for the same values, because Helm 4 leaves out empty defaults.
"""

from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight
from generator.versions import VersionRange

_APP = "dask-gateway"
_WITH_HELM_4 = VersionRange.parse(">=3.5")
# What the pods of Traefik, then those of the gateway and its controller, are made of
# (dask-gateway templates/*/deployment.yaml and configmap.yaml); Traefik's image is pulled as the
# gateway's.
_TRAEFIK = (
    ("rbac", "enabled"),
    ("rbac", "traefik"),
    ("gateway", "image", "pullPolicy"),
    ("traefik", "service", "ports", "tcp"),
)
_BESIDE_TRAEFIK = (("replicas",), ("service",))
_GATEWAY = (("gateway",), ("controller",), ("rbac", "gateway"), ("rbac", "controller"))


def check(step: Step) -> Consequences:
    """One effect for the gateway, or the heavier one for Traefik in front of it."""
    if not step.has(_APP):
        return
    old, new = (side.placement.dask_release for side in step.sides)
    helms = {side.cluster.argocd in _WITH_HELM_4 for side in step.sides}
    # Among the annotations is the hash of the token that the gateway reads at its start.
    notes = [side.values[_APP].get("gateway", {}).get("annotations") for side in step.sides]
    if old != new:
        yield Weight.CUT.of(
            f"a new Dask Gateway, {new}, replaces {old}: running Dask clusters are cut off, and "
            "nothing ends them",
            DASK_END,
        )
    elif (
        step.upgrades(_APP)
        or step.changed(_APP, "traefik", but=_BESIDE_TRAEFIK)
        or any(step.changed(_APP, *path) for path in _TRAEFIK)
    ):
        yield Weight.CUT.of(
            "the Dask Gateway and its Traefik restart: connections to running Dask clusters are "
            "cut",
        )
    elif (
        any(step.changed(_APP, *path) for path in _GATEWAY)
        or notes[0] != notes[1]
        or len(helms) > 1
    ):
        why = ", rendered by another Helm" if len(helms) > 1 else ""
        yield Weight.RESTART.of(
            f"the Dask Gateway restarts{why}: new Dask clusters wait for some seconds; running "
            "ones continue",
        )
