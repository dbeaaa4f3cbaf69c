"""Objects in Kubernetes are deleted, or left without an owner.

Argo CD deletes an Application only after a person confirms it (before 2.14 never), and what it
deployed runs on until a person deletes it. What the hub and the namespace hold for a Dask Gateway,
its route, its token and the policies, goes with the merge. So does an object that `extra/` no
longer describes, a volume claim with all that is on it, unless it says `Prune=false`.
"""

from collections.abc import Mapping
from typing import Any

from generator.build import extra
from generator.change import cleanup
from generator.change.effects.chart_upgrade import DASK_END
from generator.change.sides import EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight
from generator.lint.consequences import before as act_before

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
        if path not in after.objects and not isinstance(document, str):
            what = f"{document['kind']} {document['metadata']['name']}"
            if path == _POLICY:
                what += ": Dask pods that still run may reach the cloud's metadata address"
            weight = Weight.NEXT_START if path == _POLICY else Weight.NOTE
            yield weight.of(f"Argo CD deletes {what}")
    yield from _of_extra(before, after)


def _of_extra(before: EnvironmentSide, after: EnvironmentSide) -> Consequences:
    """One effect for each object of the `extra/` folder that is left out."""
    kept = after.extra_objects
    for key, (path, resource) in before.extra_objects.items():
        if key in kept:
            continue
        what = extra.spelled(resource)
        options = str(_annotations(resource).get("argocd.argoproj.io/sync-options", ""))
        if "Prune=false" in options.replace(" ", "").split(","):
            yield Weight.NOTE.of(f"{what} of extra/{path} stays in the cluster")
        elif resource.get("kind") == "PersistentVolumeClaim":
            copy = act_before("copy what the volume holds, or keep the claim")
            yield Weight.DATA.of(f"Argo CD deletes {what} of extra/{path}, and its volume", copy)
        else:
            yield Weight.NOTE.of(f"Argo CD deletes {what} of extra/{path}")


def _annotations(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = resource.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return annotations if isinstance(annotations, Mapping) else {}
