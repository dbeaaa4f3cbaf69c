"""Objects in Kubernetes are deleted, or left without an owner.

Argo CD deletes an Application only after a person confirms it (before 2.14 never), and what it
deployed runs on until a person deletes it. What the hub and the namespace hold for a Dask Gateway,
its route, its token and the policies, goes with the merge.
"""

from generator.change import cleanup
from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight
from generator.records import replace


def check(step: Step) -> Consequences:
    """One effect for a Dask Gateway, and each object of the namespace, that is left out."""
    before, after = step.sides
    if "dask-gateway" in before.apps and "dask-gateway" not in after.apps:
        left = cleanup.without_dask(after.site, before.placement)
        yield replace(left, acts=(DASK_END, *left.acts))
    for path, document in before.objects.items():
        if path not in after.objects:
            what = f"what {path} described"
            if not isinstance(document, str):
                what = f"{document['kind']} {document['metadata']['name']}"
            yield Weight.NOTE.of(f"Argo CD deletes {what}")
