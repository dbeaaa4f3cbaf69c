"""A deletion waits for a person, or is under way.

Applications carry `Prune=confirm`: what a merge removes is deleted only after somebody confirms it.
Until then the operation runs, and keeps newer commits out. An Application that is being deleted
itself goes as soon as its finalizer is done.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, listed
from generator.doctor.look import Look
from generator.doctor.reading import flag, text
from generator.doctor.sync_state import SyncTrouble, resources, trouble

CODE = "D117"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        kind = trouble(app)
        if kind is SyncTrouble.UNCONFIRMED:
            pruned = [
                f"{text(one, 'kind')} {text(one, 'name')}"
                for one in resources(app)
                if flag(one, "requiresPruning")
            ]
            yield app.found(
                CODE,
                WARNING,
                f"the sync of '{app.name}' waits until somebody confirms that it deletes "
                f"{listed(pruned)}",
                "confirm the deletion if it is intended; else put it back in site.yaml and merge",
                commands=(f"argocd app confirm-deletion {app.name}",),
                about="unconfirmed",
            )
        elif kind is SyncTrouble.DELETING:
            yield app.found(
                CODE,
                ERROR,
                f"Application '{app.name}' is being deleted since "
                f"{text(app.live, 'metadata.deletionTimestamp')}",
                "see what its finalizer waits for",
                commands=(
                    f"{look.means.argocd} get application {app.name} "
                    f"-n {look.site.argocd_namespace} -o yaml",
                ),
            )
