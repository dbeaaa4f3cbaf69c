"""The Sealed Secrets controller is not there, does not run, or has not read the newest values.

While it is away nothing is decrypted, and a Secret keeps its old values. The namespace's
Application waits for it.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, listed
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import condition, minutes, name, namespace, number, text

CODE = "D121"
_SOON = 2  # minutes that a controller takes at most


def check(look: Look) -> Diagnoses:
    """One for each cluster where it is away, or for each environment that waits for it."""
    told: set[str] = set()
    for place in look.places:
        waiting = _unread(place)
        found = place.controllers("sealed-secrets")
        is_asked = place.is_known("deployments") and bool(place.all("SealedSecret"))
        ready = any(number(one, "status.readyReplicas") for one in found)
        commands: tuple[str, ...] = ()
        if is_asked and not ready and place.cluster.name not in told:
            told.add(place.cluster.name)
            if found:
                where, it = namespace(found[0]), name(found[0])
                message = f"the Sealed Secrets controller '{where}/{it}' has no ready pod"
                commands = (
                    f"{place.kubectl} get pods -n {where}",
                    f"{place.kubectl} describe deployment {it} -n {where}",
                )
                help = "see why its pod does not start"
            elif waiting:
                message = "there is no Sealed Secrets controller in the cluster"
                help = "install it"
            else:
                continue
            yield place.in_cluster(
                CODE, ERROR, message, help, commands=commands, about="sealed controller"
            )
        if waiting:
            yield place.found(
                CODE,
                ERROR,
                f"the controller has not read the newest values of {listed(waiting)}",
                "see whether the Sealed Secrets controller runs",
                commands=(f"{place.kubectl} get pods -A | grep sealed-secrets",),
                about="sealed unread",
                follows=("sealed controller",),
            )


def _unread(place: LiveEnvironment) -> list[str]:
    unread = []
    for sealed in place.all("SealedSecret"):
        observed = number(sealed, "status.observedGeneration")
        said = condition(sealed, "Synced")
        is_new = minutes(text(sealed, "metadata.creationTimestamp"), place.look.now) < _SOON
        if (not said and not is_new) or observed not in (0, number(sealed, "metadata.generation")):
            unread.append(name(sealed))
    return unread
