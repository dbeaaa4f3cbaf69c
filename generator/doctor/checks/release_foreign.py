"""Objects of the charts belong to another Helm release or Application.

Labels and annotations of a Helm release that someone installed by hand, or of another Application:
Helm says "invalid ownership metadata", and Argo CD fights over the object. Remove the old release
without its objects, or take it over as docs/adopting.md says.
"""

from collections.abc import Iterator

from generator import names
from generator.doctor.checks.base import WARNING, Diagnoses, listed
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import annotation, name

CODE = "D137"
_KINDS = ("Deployment", "Ingress", "PersistentVolumeClaim")


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        helm, others = _helm(place), dict(_others(place))
        if helm:
            yield place.found(
                CODE,
                WARNING,
                f"{listed(helm)} carry the marks of a Helm release that was installed by hand",
                "take the release over as docs/adopting.md says, then delete its records",
                commands=(
                    f"{place.kubectl} get secrets -n {place.environment.namespace} -l owner=helm",
                ),
                about="release",
            )
        for what, owner in others.items():
            yield place.found(
                CODE,
                WARNING,
                f"{what} belongs to Application '{owner}', which is not of this environment",
                "remove it from that Application first",
                about="shared",
                commands=(f"argocd app get {owner}",),
            )


def _helm(place: LiveEnvironment) -> list[str]:
    return [
        f"{kind} {name(one)}"
        for kind in _KINDS
        for one in place.all(kind)
        if annotation(one, "meta.helm.sh/release-name")
        and not annotation(one, "argocd.argoproj.io/tracking-id")
    ]


def _others(place: LiveEnvironment) -> Iterator[tuple[str, str]]:
    site, environment = place.look.site.name, place.environment.name
    own = {
        names.application(site, app, environment)
        for app in ("namespace", "jupyterhub", "dask-gateway")
    }
    for kind in _KINDS:
        for one in place.all(kind):
            owner = annotation(one, "argocd.argoproj.io/tracking-id").partition(":")[0]
            if owner and owner not in own:
                yield f"{kind} '{name(one)}'", owner
