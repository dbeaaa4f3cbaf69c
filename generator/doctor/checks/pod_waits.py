"""A pod can't be scheduled, or its volumes can't be mounted.

No node has enough free CPU or memory, the taints and labels do not fit, or a volume is attached to
another node or waits for its claim.
"""

import re

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look, component_of
from generator.doctor.parts import NEEDED, about
from generator.doctor.reading import Object, condition, minutes, name, text

CODE = "D131"
_SOON = 3  # minutes
_CURES = (
    (r"Insufficient (cpu|memory|ephemeral-storage)", "add a node, or lower the guarantees"),
    (r"max volume count", "add a node: the volumes that one can attach are used up"),
    (
        r"taint|node affinity|didn't match|node selector",
        "add a node that fits, or correct the placement",
    ),
    (r"persistentvolumeclaim|unbound", "see why the claim is not bound"),
    (r"too many pods|Too many pods", "add a node: the pods that one can run are used up"),
)


def check(look: Look) -> Diagnoses:
    """One for each component with a pod that waits."""
    for place in look.places:
        told: set[str] = set()
        for pod in place.all("Pod"):
            scheduled = condition(pod, "PodScheduled")
            component = component_of(pod)
            if component in told:
                continue
            if text(scheduled, "status") == "False":
                told.add(component)
                yield _waits(place, pod, "can't be scheduled", text(scheduled, "message"))
            elif said := _unmounted(place, pod):
                told.add(component)
                yield _waits(place, pod, "waits for a volume", said)


def _unmounted(place: LiveEnvironment, pod: Object) -> str:
    """What events say of its volumes, where it has not started for minutes."""
    created = text(pod, "metadata.creationTimestamp")
    if text(pod, "status.phase") != "Pending" or minutes(created, place.look.now) < _SOON:
        return ""
    said = [
        text(event, "message")
        for event in place.all("Event")
        if text(event, "involvedObject.name") == name(pod)
        and text(event, "reason") in ("FailedAttachVolume", "FailedMount")
    ]
    said = [one for one in said if "secret" not in one.lower() and "configmap" not in one.lower()]
    return said[-1] if said else ""


def _waits(place: LiveEnvironment, pod: Object, what: str, said: str) -> Diagnosis:
    component = component_of(pod)
    cures = (help for pattern, help in _CURES if re.search(pattern, said))
    is_claim = "persistentvolumeclaim" in said or "unbound" in said
    is_user = about(component) == "user pods"
    return place.found(
        CODE,
        WARNING if is_user else ERROR,
        f"pod '{name(pod)}' {what}: {sentence(said)}",
        next(cures, "see its events"),
        about=about(component),
        breaks=component in NEEDED,
        follows=("claim", "nodes", "attachments") if is_claim or "volume" in said else ("nodes",),
        commands=(f"{place.kubectl} describe pod {name(pod)} -n {place.environment.namespace}",),
        at=place.settings_at("jupyterhub", "servers") if is_user else place.environment.at,
        subject=name(pod),
    )
