"""A volume claim is not bound, or its volume is gone.

The storage class is missing, its provisioner fails or has no quota left, or the volume was deleted
below the claim. A hub without its database claim does not start; a server without its home neither.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import Object, minutes, name, text

CODE = "D140"
DATABASE = "hub-db-dir"
_SOON = 2  # minutes


def check(look: Look) -> Diagnoses:
    """One for each claim that matters, and one for all homes."""
    for place in look.places:
        told: set[str] = set()
        for claim in place.all("PersistentVolumeClaim"):
            what = _fault(place, claim)
            kind = name(claim) if name(claim) == DATABASE else "home"
            if what and kind not in told:
                told.add(kind)
                is_own = kind == DATABASE
                yield place.found(
                    CODE,
                    ERROR if is_own else WARNING,
                    f"claim '{name(claim)}' {what}",
                    "see the claim's events and its storage class",
                    about="claim",
                    breaks=is_own,
                    follows=("storage class", "quota"),
                    commands=(
                        f"{place.kubectl} describe pvc {name(claim)} "
                        f"-n {place.environment.namespace}",
                    ),
                    at=place.settings_at("jupyterhub", "database" if is_own else "home"),
                    subject=name(claim),
                )


def _fault(place: LiveEnvironment, claim: Object) -> str:
    phase = text(claim, "status.phase")
    if text(claim, "metadata.deletionTimestamp"):
        return "is being deleted: it goes, with its data, when its pod stops"
    if phase == "Lost":
        return "lost its volume: the volume was deleted below it"
    created = text(claim, "metadata.creationTimestamp")
    if phase == "Bound" or minutes(created, place.look.now) < _SOON:
        return ""
    events = [
        text(event, "message")
        for event in place.all("Event")
        if text(event, "involvedObject.name") == name(claim)
        and text(event, "reason")
        in ("ProvisioningFailed", "FailedBinding", "ProvisioningCleanupFailed")
    ]
    return "is not bound" + (f": {sentence(events[-1])}" if events else "")
