"""How the address is served changes.

Another ingress class gives the address to another controller: the site is unreachable until that
one serves it. Another issuer makes a new certificate; browsers may refuse the site until it is
ready.
"""

from generator.change.difference import arrows
from generator.change.sides import Step
from generator.lint.consequences import Act, Consequences, Weight, before


def check(step: Step) -> Consequences:
    """One effect where class or issuer differ."""
    old, new = (side.cluster.ingress for side in step.sides)
    forms = ["annotation" if one.as_annotation else "field" for one in (old, new)]
    said = arrows(
        {"class": (old.class_name, new.class_name), "class written as": (forms[0], forms[1])}
    )
    if said:
        sentence = f"ingress {', '.join(said)}: unreachable until the new one serves it"
        yield Weight.CUT.of(sentence, _exists("class"))
    if old.cluster_issuer != new.cluster_issuer:
        served = (
            "browsers may refuse the site until the new certificate is ready"
            if new.cluster_issuer
            else "the ingress controller serves its own certificate"
        )
        issuers = f"{old.cluster_issuer or 'none'} -> {new.cluster_issuer or 'none'}"
        yield Weight.CUT.of(f"ingress issuer {issuers}: {served}", _exists("issuer"))


def _exists(what: str) -> Act:
    return before(f"check that the {what} exists in the cluster")
