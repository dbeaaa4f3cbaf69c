"""Argo CD is not there, or a part of it does not run.

Without the application controller nothing is compared or synced, and what Argo CD says is old.
Without the repo server nothing can be rendered.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.look import Look
from generator.doctor.reading import is_true, label, minutes, text

CODE = "D102"
_NEEDED = ("argocd-application-controller", "argocd-repo-server", "argocd-redis")
_OLD = 30  # minutes; Argo CD compares each Application every three


def check(look: Look) -> Diagnoses:
    """One for the pods that are not ready, and one where nothing was compared for long."""
    side = look.snapshot.argocd
    kinds = ("applications", "applications.argoproj.io")
    if side is not None and any(one.kind in kinds and one.is_unknown for one in side.unasked):
        yield look.found(
            CODE,
            ERROR,
            "there is no Argo CD in the cluster that was asked: it does not know Applications",
            "name the context of Argo CD's cluster with --argocd-context, or install Argo CD",
            about="argocd",
        )
        return
    pods = tuple(look.argocd.get("Pod", {}).values())
    namespace = look.site.argocd_namespace
    down = {
        label(pod, "app.kubernetes.io/name")
        for pod in pods
        if label(pod, "app.kubernetes.io/name") in _NEEDED and not is_true(pod, "Ready")
    }
    shown = (f"{look.means.argocd} get pods -n {namespace}",)
    if down:
        yield look.found(
            CODE,
            ERROR,
            f"Argo CD: {listed(down)} not ready",
            "see why its pods do not start",
            commands=shown,
            about="argocd",
        )
        return
    compared = [text(app.live, "status.reconciledAt") for app in look.apps if app.live]
    quiet = [minutes(one, look.now) for one in compared if one]
    if quiet and min(quiet) > _OLD:
        yield look.found(
            CODE,
            ERROR,
            f"Argo CD compared nothing for {min(quiet):.0f} minutes: its controller does not work",
            "see the controller's pod and log",
            commands=(
                *shown,
                f"{look.means.argocd} logs -n {namespace} --tail=20 "
                "statefulset/argocd-application-controller",
            ),
            about="argocd",
        )
