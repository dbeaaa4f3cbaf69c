"""A SealedSecret is not decrypted.

A placeholder is not sealed yet; a value that was sealed for another cluster, namespace or name
can't be decrypted; and the controller does not write over a Secret that is not its own. One such
value holds back the whole Secret, the namespace's Application, and everything after it. The Secret
that was there before stays.
"""

import re

from generator.doctor.checks.base import ERROR, Diagnoses, listed, sentence
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import Object, condition, name, number, part, text

CODE = "D120"


def check(look: Look) -> Diagnoses:
    """One for each SealedSecret."""
    for place in look.places:
        for sealed in place.all("SealedSecret"):
            synced = condition(sealed, "Synced")
            if text(synced, "status") == "False":
                yield _not_decrypted(place, sealed, text(synced, "message"))


def _not_decrypted(place: LiveEnvironment, sealed: Object, said: str) -> Diagnosis:
    environment, secret = place.environment.name, name(sealed)
    message, help, commands, follows = _unsealed_here(place, sealed) or _refused(
        place, secret, said
    )
    observed, generation = "status.observedGeneration", "metadata.generation"
    if not follows and number(sealed, observed) not in (0, number(sealed, generation)):
        follows = ("sealed controller",)
    return place.found(
        CODE,
        ERROR,
        message,
        help,
        about="sealed",
        subject=secret,
        follows=follows,
        commands=tuple(one.format(environment=environment) for one in commands),
    )


_Words = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def _unsealed_here(place: LiveEnvironment, sealed: Object) -> _Words | None:
    """What the SealedSecret itself shows: values that no controller could decrypt."""
    secret, states = name(sealed), part(sealed, "states")
    placeholders = [f"{secret}/{key}" for key, state in states.items() if state == "placeholder"]
    malformed = [f"{secret}/{key}" for key, state in states.items() if state == "malformed"]
    if placeholders:
        verb = "is still a placeholder" if len(placeholders) == 1 else "are still placeholders"
        seal = ("hubops seal {environment}",)
        return f"{listed(placeholders, 6)} {verb}", "seal the values, and merge", seal, ()
    if malformed:
        again = ("hubops seal {environment} --reseal",)
        return f"{listed(malformed)} can't be a sealed value", "seal again, and merge", again, ()
    return None


def _refused(place: LiveEnvironment, secret: str, said: str) -> _Words:
    """What the controller says."""
    inside = f"-n {place.environment.namespace}"
    if "already exists" in said or "not managed" in said:
        return (
            f"Secret '{secret}' exists and is not the SealedSecret's own: the controller does not "
            "write over it",
            "if the sealed values are right, let the controller take the Secret over",
            (
                f"{place.kubectl} annotate secret {secret} {inside} "
                "sealedsecrets.bitnami.com/managed=true",
            ),
            (),
        )
    keys = re.search(r"no key could decrypt secret \(([^)]*)\)", said)
    if keys is not None:
        what = listed(f"{secret}/{key.strip()}" for key in keys[1].split(","))
        return (
            f"the cluster can't decrypt {what}: sealed for another cluster, namespace or name, or "
            "the controller lost its keys",
            "compare the certificate, then seal again",
            (f"hubops certificate {place.cluster.name}", "hubops seal {environment} --reseal"),
            ("sealing certificate",),
        )
    return (
        f"SealedSecret '{secret}' is not decrypted: {sentence(said)}",
        "see what the controller says",
        (f"{place.kubectl} get sealedsecret {secret} {inside} -o yaml",),
        (),
    )
