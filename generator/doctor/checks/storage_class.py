"""The storage class is missing, or deletes volumes that must stay.

Claims of a class that is missing wait without end. A class with the reclaim policy Delete destroys
a volume as soon as somebody deletes its claim: then only a backup keeps the homes.
"""

from generator.doctor.checks.base import ERROR, INFO, Diagnoses, listed
from generator.doctor.look import Look
from generator.doctor.reading import text

CODE = "D142"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    told: set[str] = set()
    for place in look.places:
        cluster = place.cluster
        if cluster.name in told or not place.is_known("storageclasses") or not place.side.objects:
            continue
        told.add(cluster.name)
        classes = place.wide.get("StorageClass", {})
        at = (*cluster.at, "storageClass")
        if cluster.storage_class not in classes:
            there = f"the cluster has {listed(classes)}" if classes else "the cluster has none"
            yield place.in_cluster(
                CODE,
                ERROR,
                f"there is no storage class '{cluster.storage_class}'; {there}",
                "create it, or correct storageClass in site.yaml",
                at=at,
                about="storage class",
                commands=(f"{place.kubectl} get storageclass",),
            )
        elif text(classes[cluster.storage_class], "reclaimPolicy") == "Delete":
            yield place.in_cluster(
                CODE,
                INFO,
                f"storage class '{cluster.storage_class}' deletes a volume with its claim",
                "keep a backup of the homes, or use a class with Retain",
                at=at,
                about="reclaim policy",
                commands=(f"{place.kubectl} get storageclass",),
            )
