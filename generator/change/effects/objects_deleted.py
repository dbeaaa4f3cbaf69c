"""Objects in Kubernetes are deleted, or left without an owner.

Argo CD deletes an Application only after a person confirms it (before 2.14 never), and what it
deployed runs on until a person deletes it. What the hub and the namespace hold for a Dask Gateway,
its route, its token and the policies, goes with the merge.
"""

from generator.change import cleanup
from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight

_POLICY = "network-policy.yaml"


def check(step: Step) -> Consequences:
    """One effect for a Dask Gateway, and each object of the namespace, that is left out."""
    before, after = step.sides
    if "dask-gateway" in before.apps and "dask-gateway" not in after.apps:
        yield Weight.CUT.of(
            "with the merge users no longer reach Dask Gateway: its route and its token in the "
            "hub, and the rules that let pods reach it, go",
            DASK_END,
        )
        yield cleanup.without_dask(after.site, before.placement)
    for path, document in before.objects.items():
        if path not in after.objects:
            what = f"what {path} described"
            if not isinstance(document, str):
                what = f"{document['kind']} {document['metadata']['name']}"
            if path == _POLICY:
                what += ": Dask pods that still run may reach the cloud's metadata address"
            weight = Weight.NEXT_START if path == _POLICY else Weight.NOTE
            yield weight.of(f"Argo CD deletes {what}")
