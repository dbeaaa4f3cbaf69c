"""The ingress class is missing.

An Ingress of a class that does not exist is nobody's: it gets no address, and the hub can't be
reached.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.look import Look

CODE = "D152"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    told: set[str] = set()
    for place in look.places:
        cluster = place.cluster
        ingress = cluster.ingress
        wanted = ingress.class_name if ingress is not None and not ingress.as_annotation else ""
        if cluster.name in told or not wanted:
            continue
        if not place.is_known("ingressclasses") or not place.side.objects:
            continue
        told.add(cluster.name)
        classes = place.wide.get("IngressClass", {})
        if wanted not in classes:
            there = f"the cluster has {listed(classes)}" if classes else "the cluster has none"
            yield place.in_cluster(
                CODE,
                ERROR,
                f"there is no ingress class '{wanted}'; {there}",
                "install the ingress controller, or correct className in site.yaml",
                at=(*cluster.at, "ingress", "className"),
                about="ingress class",
                commands=(f"{place.kubectl} get ingressclass",),
            )
