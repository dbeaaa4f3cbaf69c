"""A sync failed.

The reason is at the object that the API server, a quota or a hook refused. One refused object fails
the whole sync.
"""

import re
from collections.abc import Iterator

from generator.doctor.checks.base import ERROR, Diagnoses, depends, sentence
from generator.doctor.look import App, Look
from generator.doctor.reading import entries, text
from generator.doctor.sync_state import SyncTrouble, trouble

CODE = "D109"
_CURES = (
    (r"exceeded quota", "raise the quota, or free some of it"),
    (
        r"spec is immutable|field is immutable|Forbidden: .*immutable",
        "put the old value back in site.yaml, or replace the object by hand",
    ),
    (
        r"no matches for kind|could not find the requested resource|could not find version",
        "install the CRDs first: sync the environment that installs them",
    ),
    (r"violates PodSecurity", "take the refused setting out of the values"),
    (
        r"is not permitted in project",
        "take the object out of extra/, or have an administrator apply it",
    ),
    (r"denied the request|admission webhook", "see why the webhook refuses it"),
    (r"is forbidden: User", "give Argo CD's service account the right"),
    (r"metadata.annotations: Too long", "make the values shorter"),
    (r"is part of applications|part of application", "leave the object to one Application"),
    (r"is being terminated", "wait until the namespace is gone, then sync"),
)


def check(look: Look) -> Diagnoses:
    """One for each Application whose last sync failed."""
    for app in look.apps:
        if trouble(app) is SyncTrouble.FAILED:
            reason = "; ".join(refused(app)) or text(app.live, "status.operationState.message")
            yield app.found(
                CODE,
                ERROR,
                f"the sync of '{app.name}' failed: {sentence(reason)}",
                cure(reason),
                follows=depends(app) if not any(refused(app)) else ("namespace gone",),
                commands=(f"argocd app get {app.name} --show-operation",),
            )


def refused(app: App) -> Iterator[str]:
    """What the last sync says of objects that failed."""
    for one in entries(app.live, "status.operationState.syncResult.resources"):
        if one.get("status") in ("SyncFailed", "PruneFailed") and text(one, "message"):
            yield f"{text(one, 'kind')} {text(one, 'name')}: {text(one, 'message')}"


def cure(reason: str) -> str:
    """What to do about it."""
    known = (help for pattern, help in _CURES if re.search(pattern, reason))
    return next(known, "see the results of the sync, correct the cause and merge")
