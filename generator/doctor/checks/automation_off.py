"""Automated sync is off in Argo CD, and on in site.yaml.

Somebody switched it off by hand, for a repair perhaps. A merge then changes nothing in the cluster.
A root with self-heal puts it back on; the cluster's root has nothing above it.
"""

from generator.doctor.checks.base import WARNING, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import found

CODE = "D113"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        is_wanted = found(app.wanted, "spec.syncPolicy.automated") is not None
        if is_wanted and app.live is not None and not app.live.get("isAutomated"):
            yield app.found(
                CODE,
                WARNING,
                f"automated sync of '{app.name}' is off: merged changes wait",
                "switch it on again",
                about="automation",
                commands=(
                    f"argocd app set {app.name} --sync-policy automated --self-heal --auto-prune",
                ),
                at=("sync",),
            )
