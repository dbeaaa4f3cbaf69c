"""A Secret that site.yaml seals was made by someone else.

Its owner is not the SealedSecret: somebody created it by hand, or another tool did. The values that
run are then not the sealed ones, and a restored namespace would lack them.
"""

from generator.build.repository import secrets_of
from generator.doctor.checks.base import WARNING, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import annotation, entries, text

CODE = "D124"


def check(look: Look) -> Diagnoses:
    """One for each Secret."""
    for place in look.places:
        for secret in secrets_of(place.environment):
            live = place.inside.get("Secret", {}).get(secret.name)
            owners = {text(one, "kind") for one in entries(live, "metadata.ownerReferences")}
            if live is None or "SealedSecret" in owners:
                continue
            if annotation(live, "sealedsecrets.bitnami.com/managed") == "true":
                continue
            yield place.found(
                CODE,
                WARNING,
                f"Secret '{secret.name}' is not the SealedSecret's own",
                "seal its values, then let the controller take it over",
                commands=(
                    f"{place.kubectl} annotate secret {secret.name} "
                    f"-n {place.environment.namespace} sealedsecrets.bitnami.com/managed=true",
                ),
                about="secret owner",
                follows=("sealed",),
            )
