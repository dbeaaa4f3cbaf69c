"""The hub's Ingress is missing, of another class or host, or has no address.

No ingress controller takes care of it: the class is wrong, the controller does not run, or it does
not publish an address (`publishService`). Argo CD counts an Ingress without an address as not
healthy, so the sync never gets past JupyterHub.
"""

from generator.build.repository import apps_in
from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import Object, annotation, entries, found, minutes, name, number, text

CODE = "D150"
_SOON = 3  # minutes


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        if "jupyterhub" not in apps_in(place.environment) or not _class(place):
            continue
        if not place.is_known("ingresses") or not place.side.objects:
            continue
        fault = _fault(place)
        if fault is not None:
            yield fault


def _class(place: LiveEnvironment) -> str:
    """The ingress class that site.yaml names; empty where a Gateway serves the cluster's hosts."""
    return place.cluster.ingress.class_name if place.cluster.ingress is not None else ""


def _fault(place: LiveEnvironment) -> Diagnosis | None:
    host, namespace = place.environment.host, place.environment.namespace
    show = (f"{place.kubectl} get ingress -n {namespace}",)
    every = place.all("Ingress")
    own = [
        one for one in every if host in [text(rule, "host") for rule in entries(one, "spec.rules")]
    ]
    if not own:
        if not place.all("Deployment"):
            return None  # nothing is there yet: its Application says why
        hosts = [text(rule, "host") for one in every for rule in entries(one, "spec.rules")]
        has = f"; the namespace has {listed(hosts)}" if hosts else ""
        return place.found(
            CODE,
            ERROR,
            f"no Ingress serves {host}{has}",
            "sync the hub's Application",
            about="ingress",
            breaks=True,
            commands=show,
            follows=("jupyterhub", "root"),
            at=(*place.environment.at, "host"),
        )
    return _class_or_address(place, own[0], show)


def _class_or_address(
    place: LiveEnvironment, one: Object, show: tuple[str, ...]
) -> Diagnosis | None:
    wanted = _class(place)
    live = text(one, "spec.ingressClassName") or annotation(one, "kubernetes.io/ingress.class")
    if live != wanted:
        return place.found(
            CODE,
            ERROR,
            f"Ingress '{name(one)}' is of class '{live}', and site.yaml says '{wanted}'",
            "sync the hub's Application",
            about="ingress",
            breaks=True,
            commands=show,
            follows=("automation",),
            at=(*place.cluster.at, "ingress", "className"),
        )
    addresses = found(one, "status.loadBalancer.ingress")
    created = text(one, "metadata.creationTimestamp")
    if addresses or minutes(created, place.look.now) < _SOON:
        return None
    running = place.controllers("ingress")
    down = [name(each) for each in running if not number(each, "status.readyReplicas")]
    why = f": the controller {listed(down)} has no ready pod" if down else ""
    return place.found(
        CODE,
        ERROR,
        f"Ingress '{name(one)}' has no address{why}",
        "see the controller's pods" if down else "see the controller's log and its publishService",
        about="ingress",
        breaks=bool(down),
        follows=("ingress class",),
        commands=(
            f"{place.kubectl} describe ingress {name(one)} -n {place.environment.namespace}",
        ),
        at=(*place.cluster.at, "ingress"),
    )
