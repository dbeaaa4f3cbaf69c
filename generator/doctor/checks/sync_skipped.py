"""Argo CD does not try again: a sync of this commit failed, or counts as failed.

After a failed sync Argo CD tries the same commit only as often as `retry` says. Below 3.2 it can
also count a newer commit as failed that it never tried. Correct the cause, and sync by hand.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, depends, sentence
from generator.doctor.checks.sync_failed import refused
from generator.doctor.look import Look
from generator.doctor.reading import condition, text
from generator.doctor.sync_state import SyncTrouble, tried, trouble

CODE = "D111"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        if trouble(app) is SyncTrouble.SKIPPED:
            reason = "; ".join(refused(app))
            said = reason or text(condition(app.live, "SyncError"), "message")
            said = said or text(app.live, "status.operationState.message")
            yield app.found(
                CODE,
                ERROR,
                f"Argo CD skips '{app.name}' after a failed sync of {tried(app)[:10]}: "
                f"{sentence(said)}",
                "correct the cause; if the newest commit has the fix, sync by hand",
                follows=() if reason else depends(app),
                commands=(f"argocd app sync {app.name}",),
            )
