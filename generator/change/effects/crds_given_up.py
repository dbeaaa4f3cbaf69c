"""An application gives up the CRDs of Dask Gateway.

With `installCRDs: false` the CRDs leave the Application that owned them. With automated pruning
Argo CD deletes them, and Kubernetes deletes every running Dask cluster with them.
"""

from generator.change.cleanup import DASK_CRD
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight, before


def check(step: Step) -> Consequences:
    """One effect where the environment owned the CRDs and no longer does."""
    old, settings = step.before.settings.dask, step.after.settings
    if old and old.install_crds and settings.dask and not settings.dask.install_crds:
        prunes = settings.sync.automated and settings.sync.prune
        deletes = "Argo CD deletes them, and" if prunes else "if a person prunes them,"
        yield Weight.DATA.of(
            f"the CRDs of Dask Gateway lose their owner: {deletes} every running Dask cluster of "
            "the cluster is deleted with them",
            before(
                "first, in the cluster",
                f"kubectl annotate crd {DASK_CRD} argocd.argoproj.io/sync-options=Prune=false",
            ),
        )
