"""argocd-cm lacks the health checks, or has others than this hubops writes.

Without them no Application waits for another: everything starts at once, and everything looks
healthy. An administrator applies `clusters/<cluster>/bootstrap/argocd-cm.patch.yaml` once, and
again where a new hubops brings other checks.
"""

from generator.build.applications import argocd_cm_patch
from generator.change.prerequisites import bootstrap_commands
from generator.doctor.checks.base import ERROR, WARNING, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import annotation, part
from generator.names import PATCH_ANNOTATION
from generator.site.model import Cluster

CODE = "D103"
_CHECK = "resource.customizations.health.argoproj.io_Application"


def check(look: Look) -> Diagnoses:
    """One for each cluster whose patch is not the one in argocd-cm."""
    live = look.argocd.get("ConfigMap", {}).get("argocd-cm")
    if live is None:
        return
    settings = part(live, "settings")
    for cluster in look.clusters:
        wanted = argocd_cm_patch(cluster)["metadata"]["annotations"][PATCH_ANNOTATION]
        if annotation(live, PATCH_ANNOTATION) == wanted and _CHECK in settings:
            continue
        is_there = _CHECK in settings
        state = "has older health checks" if is_there else "has no health check for Applications"
        yield look.found(
            CODE,
            WARNING if is_there else ERROR,
            f"argocd-cm {state}" + ("" if is_there else ": nothing waits for anything"),
            "apply the patch of the bootstrap again, from a checkout of the merged revision",
            commands=(_command(look, cluster),),
            at=cluster.at,
            about="argocd settings",
        )
        return


def _command(look: Look, cluster: Cluster) -> str:
    whole = bootstrap_commands(look.site.argocd_namespace, cluster.name)[0]
    return whole.replace("kubectl", look.means.argocd, 1)
