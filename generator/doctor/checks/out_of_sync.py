"""Live objects are not what Git says, and no sync runs.

Somebody changed or deleted an object by hand, and self-heal is off; automated sync is off; or a
sync window forbids the sync.
"""

from generator.doctor.checks.base import WARNING, Diagnoses, depends, listed
from generator.doctor.look import ROOT, Look
from generator.doctor.reading import text
from generator.doctor.sync_state import SyncTrouble, resources, trouble

CODE = "D115"


def check(look: Look) -> Diagnoses:
    """One for each Application that is OutOfSync or Unknown."""
    for app in look.apps:
        if trouble(app) is not SyncTrouble.OUT_OF_SYNC:
            continue
        differing = [
            f"{text(one, 'kind')} {text(one, 'name')}"
            for one in resources(app)
            if text(one, "status") not in ("Synced", "")
        ]
        what = listed(differing) if differing else "Argo CD does not say what differs"
        status = text(app.live, "status.sync.status") or "not compared yet"
        children = depends(app) if app.role == ROOT else ()
        yield app.found(
            CODE,
            WARNING,
            f"'{app.name}' is {status}: {what}",
            "see the difference, then sync",
            follows=("automation", "argocd", "shared", *children),
            commands=(f"argocd app diff {app.name}", f"argocd app sync {app.name}"),
        )
