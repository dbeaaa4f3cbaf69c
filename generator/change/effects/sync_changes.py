"""How, or in which order, Argo CD syncs changes.

Without automated sync a merge waits until somebody syncs by hand. Without pruning, what leaves the
repository stays in the cluster; without self-heal, what is changed by hand stays changed.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.site.model import Sync

CODE = "E014"

_WAVE = ("metadata", "annotations", "argocd.argoproj.io/sync-wave")


def check(step: Step) -> Iterator[Effect]:
    """One effect for the policy, one for the order."""
    if step.both is None:
        return
    kept = {app: step.applications[app] for app in step.both[0].apps if app in step.both[1].apps}
    changes = [change for found in kept.values() for change in found]
    if any(change.under(*_WAVE) for change in changes):
        message = "the order in which Argo CD syncs the applications changes"
        yield Effect(code=CODE, weight=Weight.NOTE, message=message)
    old, new = (side.environment.settings.sync for side in step.both)
    for message in _policy(old, new):
        yield Effect(code=CODE, weight=Weight.ACCESS, message=message)


def _policy(old: Sync, new: Sync) -> Iterator[str]:
    if old.automated != new.automated:
        does = "syncs by itself" if new.automated else "waits until somebody syncs by hand"
        yield f"Argo CD {does} from now on"
    elif new.automated:
        if old.prune != new.prune:
            does = "deletes" if new.prune else "keeps"
            yield f"Argo CD {does} what left the repository from now on"
        if old.self_heal != new.self_heal:
            does = "undoes changes made by hand" if new.self_heal else "lets changes by hand stay"
            yield f"Argo CD {does} from now on"
