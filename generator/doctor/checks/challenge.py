"""An HTTP-01 challenge waits.

The certificate authority asks for a page at the host. The solver's Service is a NodePort unless the
issuer says `serviceType: ClusterIP`, and the namespace's quota allows no NodePort: the Challenge
then says "exceeded quota". Otherwise the host does not lead to the cluster, or another Ingress
answers.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, sentence
from generator.doctor.look import Look
from generator.doctor.reading import minutes, name, text

CODE = "D155"
_SOON = 5  # minutes


def check(look: Look) -> Diagnoses:
    """One for each challenge."""
    for place in look.places:
        for one in place.all("Challenge"):
            said, state = text(one, "status.reason"), text(one, "status.state")
            created = text(one, "metadata.creationTimestamp")
            is_refused = "exceeded quota" in said
            if state == "valid" or (minutes(created, look.now) < _SOON and not is_refused):
                continue
            ingress = place.cluster.ingress
            issuer = (ingress.cluster_issuer if ingress is not None else None) or "ISSUER"
            help = "see whether the host leads to this cluster"
            commands = (
                f"{place.kubectl} describe challenge {name(one)} -n {place.environment.namespace}",
            )
            if is_refused:
                help = "set serviceType: ClusterIP in the issuer's HTTP-01 solver"
                commands = (f"{place.kubectl} edit clusterissuer {issuer}",)
            yield place.found(
                CODE,
                ERROR,
                f"the challenge for {text(one, 'spec.dnsName')} waits: "
                f"{sentence(said) or state or 'no reason is given'}",
                help,
                commands=commands,
                about="challenge",
                follows=() if is_refused else ("dns", "ingress"),
                at=(*place.cluster.at, "ingress", "clusterIssuer"),
            )
