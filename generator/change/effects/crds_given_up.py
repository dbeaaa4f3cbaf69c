"""An application gives up the CRDs of Dask Gateway.

With `installCRDs: false` the CRDs leave the Application that owned them. With automated pruning
Argo CD deletes them, and Kubernetes deletes every running Dask cluster with them.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step

CODE = "E016"

_KEEP = (
    "first, in the cluster: kubectl annotate crd daskclusters.gateway.dask.org "
    "argocd.argoproj.io/sync-options=Prune=false"
)


def check(step: Step) -> Iterator[Effect]:
    """One effect where the environment owned the CRDs and no longer does."""
    if step.both is None:
        return
    before, after = step.both
    if _owns(before) and not _owns(after) and after.environment.settings.dask is not None:
        prunes = after.environment.settings.sync.automated and after.environment.settings.sync.prune
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message="the CRDs of Dask Gateway lose their owner: "
            + ("Argo CD deletes them, and" if prunes else "if somebody prunes them,")
            + " every running Dask cluster of the cluster goes with them",
            acts=(_KEEP,),
            before_merge=True,
        )


def _owns(place: Place) -> bool:
    dask = place.environment.settings.dask
    return dask is not None and dask.install_crds
