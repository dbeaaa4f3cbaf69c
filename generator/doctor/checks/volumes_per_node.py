"""A node has as many volumes as it can attach.

Each user's home is a volume, and a node attaches a bounded number of them. Servers of further users
on that node wait.
"""

from collections import Counter

from generator.doctor.checks.base import WARNING, Diagnoses, listed, sentence
from generator.doctor.look import Look
from generator.doctor.reading import entries, name, number, text

CODE = "D143"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    told: set[str] = set()
    for place in look.places:
        if place.cluster.name in told:
            continue
        told.add(place.cluster.name)
        attached = Counter(
            (text(one, "spec.nodeName"), text(one, "spec.attacher"))
            for one in place.everywhere("VolumeAttachment")
        )
        full = [
            name(node)
            for node in place.everywhere("CSINode")
            for driver in entries(node, "spec.drivers")
            if 0
            < number(driver, "allocatable.count")
            <= attached[(name(node), text(driver, "name"))]
        ]
        failed = [
            text(one, "status.attachError.message")
            for one in place.everywhere("VolumeAttachment")
            if text(one, "status.attachError.message")
        ]
        if full or failed:
            what = (
                f"{listed(full)} can attach no more volumes"
                if full
                else (f"a volume can't be attached: {sentence(failed[0])}")
            )
            yield place.in_cluster(
                CODE,
                WARNING,
                what,
                "add a node, or stop idle servers sooner"
                if full
                else "see the storage driver's pods",
                about="attachments",
                commands=(f"{place.kubectl} get volumeattachments",),
            )
