"""A sync runs for long, in its retries, or on a commit that is no longer the newest.

While an operation runs, Argo CD syncs no newer commit of the same Application: a fix that is merged
meanwhile waits. Usually the operation waits for an Application below, which is then the cause.
Otherwise end the operation; with automated sync the newest commit is then synced.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, depends, sentence
from generator.doctor.checks.sync_failed import cure, refused
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import App, Look
from generator.doctor.reading import age, number, text
from generator.doctor.sync_state import SyncTrouble, is_of_old, tried, trouble

CODE = "D110"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        if trouble(app) is SyncTrouble.STUCK:
            yield _stuck(app)


def _stuck(app: App) -> Diagnosis:
    operation = "status.operationState"
    since = age(text(app.live, f"{operation}.startedAt"), app.look.now)
    retries = number(app.live, f"{operation}.retryCount")
    parts = [f"since {since}"] if since else []
    parts += [f"retry {retries}"] if retries else []
    newest = text(app.live, "status.sync.revision")
    is_old = is_of_old(app)
    if is_old:
        newest = app.look.snapshot.followed if newest == tried(app) else newest
        parts.append(f"of {tried(app)[:10]}, and the newest is {newest[:10]}")
    reason = "; ".join(refused(app))
    message = f"a sync of '{app.name}' runs ({', '.join(parts)})"
    if reason:
        message += f": {sentence(reason)}"
    return app.found(
        CODE,
        ERROR,
        message,
        f"{cure(reason)}; then end the operation"
        if reason
        else "end the operation: the newest commit is then synced",
        follows=() if reason or (is_old and _mended(app)) else depends(app),
        commands=(f"argocd app terminate-op {app.name}", f"argocd app sync {app.name}"),
    )


def _mended(app: App) -> bool:
    """Whether an Application below it is live with another chart version than Git has."""
    return any(
        one.chart and one.live and text(one.live, "spec.source.targetRevision") != one.revision
        for one in app.look.apps
        if one.environment is app.environment
    )
