"""A node is not ready, under pressure, or closed for new pods.

Pods on it stop or are evicted, and new ones find no place.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, listed
from generator.doctor.look import Look
from generator.doctor.reading import flag, is_true, name

CODE = "D184"
_PRESSURE = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")


def check(look: Look) -> Diagnoses:
    """One for each cluster and kind of trouble."""
    for place in {one.cluster.name: one for one in look.places}.values():
        nodes = place.everywhere("Node")
        down = [name(one) for one in nodes if not is_true(one, "Ready")]
        closed = [name(one) for one in nodes if flag(one, "spec.unschedulable")]
        pressed = [
            f"{name(one)}: {kind}" for one in nodes for kind in _PRESSURE if is_true(one, kind)
        ]
        usable = len(nodes) - len({*down, *closed})
        show = (f"{place.kubectl} get nodes",)
        if down:
            yield place.in_cluster(
                CODE,
                WARNING if usable else ERROR,
                f"{listed(down)} not ready",
                "see the node and its kubelet",
                about="nodes",
                commands=show,
            )
        if pressed:
            yield place.in_cluster(
                CODE,
                WARNING,
                f"a node is short of something: {listed(pressed)}",
                "free it, or add a node",
                about="nodes",
                commands=show,
            )
        if closed:
            yield place.in_cluster(
                CODE,
                WARNING if usable else ERROR,
                f"{listed(closed)} closed for new pods",
                "open them again when their maintenance is over",
                about="nodes",
                commands=tuple(f"{place.kubectl} uncordon {one}" for one in closed[:3]),
            )
