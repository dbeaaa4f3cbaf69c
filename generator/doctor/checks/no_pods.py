"""A part of the hub or of Dask Gateway has no pod.

The Deployment is missing, scaled to nothing or paused, or the API server refuses its pods: a quota,
Pod Security, a webhook or a LimitRange.
"""

from typing import Any

from generator.build.repository import apps_in
from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look, component_of
from generator.doctor.parts import NEEDED, PARTS, about
from generator.doctor.reading import Object, condition, flag, label, name, number, text

CODE = "D130"


def check(look: Look) -> Diagnoses:
    """One for each Deployment without the pods that it should have."""
    for place in look.places:
        if not place.is_known("deployments"):
            continue
        live = {component_of_deployment(one): one for one in place.all("Deployment")}
        for app in apps_in(place.environment):
            for part in PARTS.get(app, ()):
                yield from _part(place, app, part, live.get(part))


def component_of_deployment(one: Object) -> str:
    """The component; Dask Gateway's Deployments say it in their names alone."""
    if label(one, "app.kubernetes.io/name") == "dask-gateway":
        first = name(one).partition("-")[0]
        return {"api": "gateway"}.get(first, first)
    return component_of(one)


def _part(place: LiveEnvironment, app: str, part: str, one: Object | None) -> Diagnoses:
    if one is None:
        if place.side.objects:
            yield _missing(place, app, part)
        return
    kind, inside, deployment = about(part), f"-n {place.environment.namespace}", name(one)
    shared: dict[str, Any] = {"breaks": part in NEEDED, "subject": deployment}
    failure = condition(one, "ReplicaFailure")
    if not number(one, "spec.replicas"):
        scale = f"{place.kubectl} scale deployment/{deployment} --replicas=1 {inside}"
        message = f"Deployment '{deployment}' is scaled to 0"
        yield place.found(
            CODE, ERROR, message, "scale it up again", about=kind, commands=(scale,), **shared
        )
    elif text(failure, "status") == "True":
        said = text(failure, "message")
        yield place.found(
            CODE,
            ERROR,
            f"the pods of '{deployment}' are refused: {sentence(said)}",
            _cure(said),
            about="quota" if "quota" in said else "security",
            commands=(f"{place.kubectl} describe replicasets {inside}",),
            **shared,
        )
    elif flag(one, "spec.paused"):
        resume = f"{place.kubectl} rollout resume deployment/{deployment} {inside}"
        message = f"Deployment '{deployment}' is paused: changes do not reach its pods"
        yield place.found(
            CODE, WARNING, message, "resume it", about=f"paused {kind}", commands=(resume,)
        )


def _missing(place: LiveEnvironment, app: str, part: str) -> Diagnosis:
    name = f"{place.look.site.name}-{app}-{place.environment.name}"
    return place.found(
        CODE,
        ERROR,
        f"there is no Deployment of the {part}",
        "sync its Application",
        follows=(app, "jupyterhub", "namespace", "root", "cluster-root", "namespace gone"),
        about=f"{app} deployment",
        breaks=part in NEEDED,
        commands=(f"argocd app sync {name}",),
    )


def _cure(said: str) -> str:
    if "exceeded quota" in said:
        return "raise the quota, or stop what uses it up"
    if "PodSecurity" in said:
        return "take the refused setting out of the values"
    return "see what refuses them"
