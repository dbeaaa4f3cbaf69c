"""The environment's namespace is missing, or is being deleted.

A namespace that is deleted takes the users' homes and the hub's database with it. Argo CD can
create nothing in it until it is gone.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, sentence
from generator.doctor.look import Look
from generator.doctor.reading import condition, text

CODE = "D183"


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        name = place.environment.namespace
        live = place.wide.get("Namespace", {}).get(name)
        if live is None:
            if place.is_known("namespaces") and place.side.objects:
                yield place.found(
                    CODE,
                    ERROR,
                    f"there is no namespace '{name}'",
                    "sync the namespace's Application",
                    about="namespace gone",
                    breaks=True,
                    follows=("namespace", "root", "cluster-root"),
                    at=(*place.environment.at, "namespace"),
                    commands=(
                        f"argocd app sync {look.site.name}-namespace-{place.environment.name}",
                    ),
                )
        elif text(live, "status.phase") == "Terminating" or text(
            live, "metadata.deletionTimestamp"
        ):
            kinds = ("NamespaceContentRemaining", "NamespaceFinalizersRemaining")
            said = sentence(
                text(condition(live, kinds[0]), "message")
                or text(condition(live, kinds[1]), "message")
            )
            yield place.found(
                CODE,
                ERROR,
                f"namespace '{name}' is being deleted" + (f": {said}" if said else ""),
                "save what is left; a deletion can't be stopped",
                about="namespace gone",
                breaks=True,
                at=(*place.environment.at, "namespace"),
                commands=(f"{place.kubectl} get all,pvc -n {name}",),
            )
