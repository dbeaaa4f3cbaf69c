"""How, or in which order, Argo CD syncs changes.

Without automated sync a merge waits until a person syncs. Without pruning, what leaves the
repository stays in the cluster; without self-heal, manual changes in the cluster stay.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight
from generator.site.model import Sync

_WAVE = ("metadata", "annotations", "argocd.argoproj.io/sync-wave")


def check(step: Step) -> Consequences:
    """One effect for the policy, one for the order."""
    changes = (one for app, found in step.applications.items() if step.has(app) for one in found)
    if any(change.under(*_WAVE) for change in changes):
        yield Weight.NOTE.of("the order in which Argo CD syncs the applications changes")
    old, new = (side.settings.sync for side in step.sides)
    for does in _policy(old, new):
        yield Weight.ACCESS.of(f"from now on, Argo CD {does}")


def _policy(old: Sync, new: Sync) -> Iterator[str]:
    if old.automated != new.automated:
        yield "syncs by itself" if new.automated else "waits until a person syncs"
    elif new.automated:
        if old.prune != new.prune:
            yield f"{'deletes' if new.prune else 'keeps'} what left the repository"
        if old.self_heal != new.self_heal:
            yield f"{'undoes' if new.self_heal else 'keeps'} manual changes in the cluster"
