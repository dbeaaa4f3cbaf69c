"""The hub's database volume is not of the size that site.yaml says, or of another class.

A volume can't shrink or change its class, and the chart does not enlarge one. A new size in
`jupyterhub.database.storage` reaches no volume that exists.
"""

from fractions import Fraction

from generator.doctor.checks.base import WARNING, Diagnoses
from generator.doctor.checks.claim_waits import DATABASE
from generator.doctor.look import Look
from generator.doctor.reading import text
from generator.quantities import amount

CODE = "D141"


def check(look: Look) -> Diagnoses:
    """One for size, one for class."""
    for place in look.places:
        claim = place.inside.get("PersistentVolumeClaim", {}).get(DATABASE)
        hub = place.environment.settings.hub
        if claim is None or hub is None:
            continue
        live = text(claim, "status.capacity.storage")
        asked = text(claim, "spec.resources.requests.storage")
        if _size(asked or live) != _size(hub.database_storage) and (asked or live):
            yield place.found(
                CODE,
                WARNING,
                f"claim '{DATABASE}' is of {asked or live}, and site.yaml says "
                f"{hub.database_storage}",
                "write the size that is there; a volume can't be changed this way",
                about="claim size",
                at=place.settings_at("jupyterhub", "database", "storage"),
                commands=(f"{place.kubectl} get pvc {DATABASE} -n {place.environment.namespace}",),
            )
        live, wanted = text(claim, "spec.storageClassName"), place.cluster.storage_class
        if live and wanted and live != wanted:
            yield place.found(
                CODE,
                WARNING,
                f"claim '{DATABASE}' is of storage class '{live}', and site.yaml says '{wanted}'",
                "write the class that is there, or move the database",
                about="claim size",
                at=(*place.cluster.at, "storageClass"),
                commands=(f"{place.kubectl} get pvc {DATABASE} -n {place.environment.namespace}",),
            )


def _size(quantity: str) -> Fraction:
    try:
        return Fraction(amount(quantity))
    except ValueError:
        return Fraction(0)
