"""What keeps an Application from being Synced and Healthy: one word for each."""

from enum import StrEnum

from generator.doctor.look import App
from generator.doctor.reading import condition, entries, flag, minutes, number, text


class SyncTrouble(StrEnum):
    """The first of these that holds for an Application."""

    NONE = "none"
    MISSING = "missing"
    DELETING = "deleting"
    INCOMPARABLE = "incomparable"
    UNCONFIRMED = "unconfirmed"
    STUCK = "stuck"
    RUNNING = "running"
    SKIPPED = "skipped"
    FAILED = "failed"
    OUT_OF_SYNC = "out of sync"
    DEGRADED = "degraded"
    PROGRESSING = "progressing"


# Conditions with which Argo CD can't compare an Application at all.
INCOMPARABLE = ("InvalidSpecError", "ComparisonError", "UnknownError")
# Minutes that a sync of these charts takes at most where nothing is wrong.
_LONG = 15


def trouble(app: App) -> SyncTrouble:
    """What is wrong with it."""
    live = app.live
    if live is None:
        return SyncTrouble.MISSING
    if text(live, "metadata.deletionTimestamp"):
        return SyncTrouble.DELETING
    phase = text(live, "status.operationState.phase")
    if phase == "Running" and any(_awaits_confirmation(one) for one in resources(app)):
        return SyncTrouble.UNCONFIRMED
    if any(condition(live, kind) for kind in INCOMPARABLE):
        return SyncTrouble.INCOMPARABLE
    if phase == "Running":
        return SyncTrouble.STUCK if _is_stuck(app) else SyncTrouble.RUNNING
    status, health = text(live, "status.sync.status"), text(live, "status.health.status")
    if status != "Synced" and phase in ("Failed", "Error"):
        return SyncTrouble.SKIPPED if _is_skipped(app) else SyncTrouble.FAILED
    if status != "Synced":
        return SyncTrouble.OUT_OF_SYNC
    if health in ("Degraded", "Missing", "Unknown"):
        return SyncTrouble.DEGRADED
    return SyncTrouble.NONE if health == "Healthy" else SyncTrouble.PROGRESSING


def resources(app: App) -> tuple[object, ...]:
    """What Argo CD says of each object of the Application."""
    return entries(app.live, "status.resources")


def tried(app: App) -> str:
    """The commit, or chart version, of its last sync."""
    operation = "status.operationState"
    return text(app.live, f"{operation}.operation.sync.revision") or text(
        app.live, f"{operation}.syncResult.revision"
    )


def _is_stuck(app: App) -> bool:
    started = text(app.live, "status.operationState.startedAt")
    is_long = minutes(started, app.look.now) > _LONG
    return is_long or number(app.live, "status.operationState.retryCount") > 0 or is_of_old(app)


def is_of_old(app: App) -> bool:
    """Whether its last sync was of another commit than the one that Argo CD sees."""
    newest = text(app.live, "status.sync.revision")
    followed = app.look.snapshot.followed if not app.chart else ""
    return bool(tried(app)) and any(one and one != tried(app) for one in (newest, followed))


def _is_skipped(app: App) -> bool:
    message = text(condition(app.live, "SyncError"), "message").lower()
    return "skipping auto-sync" in message or "failed sync attempt" in message or is_of_old(app)


def _awaits_confirmation(resource: object) -> bool:
    return flag(resource, "requiresPruning") and flag(resource, "requiresDeletionConfirmation")
