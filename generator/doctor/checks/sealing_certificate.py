"""The controller shows a certificate that the repository does not have.

The controller makes a new key every 30 days and keeps the old ones, so sealed values stay valid;
but new values should be sealed for the newest certificate. Where it lost its keys (a new or
restored cluster), it can decrypt nothing that was sealed before.
"""

from generator.change.prerequisites import controller_options
from generator.doctor.checks.base import ERROR, WARNING, Diagnoses
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import condition, name, namespace, text

CODE = "D122"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    told: set[str] = set()
    for place in look.places:
        cluster = place.cluster.name
        shown = look.snapshot.certificates.get(cluster, ())
        known = look.repository_certificates.get(cluster, ())
        if cluster in told or not shown or not known or set(shown) & set(known):
            continue
        told.add(cluster)
        lost = any(
            "no key could decrypt" in text(condition(one, "Synced"), "message")
            for each in look.places
            if each.cluster.name == cluster
            for one in each.all("SealedSecret")
        )
        yield place.in_cluster(
            CODE,
            ERROR if lost else WARNING,
            f"the controller's certificate sha256:{shown[0][:12]} is not in "
            f"{place.cluster.sealing_certificate}"
            + (", and it can't decrypt what was sealed for the old one" if lost else ""),
            "replace the certificate and seal again" if lost else "add the new certificate",
            commands=(
                f"{_fetch(place)} | hubops certificate {cluster} - "
                + ("--replace" if lost else "--install"),
                *((f"hubops seal {place.environment.name} --reseal",) if lost else ()),
            ),
            at=(*place.cluster.at, "sealingCertificate"),
            about="sealing certificate",
        )


def _fetch(place: LiveEnvironment) -> str:
    """The command that prints the certificate of the controller that runs."""
    kubeseal = place.kubectl.replace("kubectl", "kubeseal", 1)
    found = place.controllers("sealed-secrets")
    options = controller_options(name(found[0]), namespace(found[0])) if found else ""
    return f"{kubeseal} {options}--fetch-cert"
