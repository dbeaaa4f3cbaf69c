"""An Application is not healthy, and nothing says more.

Argo CD counts a Deployment without ready pods, a claim that waits, an Ingress without an address
and a SealedSecret that can't be decrypted as not healthy. Doctor names that object as the cause
where it sees it.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, depends, listed, sentence
from generator.doctor.look import Look
from generator.doctor.reading import text
from generator.doctor.sync_state import SyncTrouble, resources, trouble

CODE = "D116"
_SAID = {
    SyncTrouble.DEGRADED: (ERROR, "is degraded"),
    SyncTrouble.PROGRESSING: (WARNING, "is not healthy yet"),
    SyncTrouble.RUNNING: (WARNING, "is being synced"),
}


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        kind = trouble(app)
        if kind not in _SAID:
            continue
        severity, words = _SAID[kind]
        sick = [
            f"{text(one, 'kind')} {text(one, 'name')}"
            for one in resources(app)
            if text(one, "health.status") not in ("", "Healthy", "Suspended")
        ]
        said = text(app.live, "status.health.message")
        reason = listed(sick) if sick else sentence(said)
        yield app.found(
            CODE,
            severity,
            f"'{app.name}' {words}" + (f": {reason}" if reason else ""),
            "see which object is not healthy",
            follows=(*depends(app), "argocd"),
            commands=(f"argocd app get {app.name}",),
        )
