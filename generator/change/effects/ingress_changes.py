"""How the address is served changes.

Another ingress class gives the address to another controller: the site is unreachable until that
one serves it. Another issuer makes a new certificate; browsers may refuse the site until it is
ready.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, before, consequence
from generator.site.model import Ingress

CODE = "E023"


def check(step: Step) -> Iterator[Consequence]:
    """One effect where class or issuer differ."""
    old, new = (side.cluster.ingress for side in step.sides)
    changed = {
        "class": (old.class_name, new.class_name),
        "class written as": (_form(old), _form(new)),
    }
    said = [f"{what} {was} -> {now}" for what, (was, now) in changed.items() if was != now]
    if said:
        yield _cut(f"ingress {', '.join(said)}: unreachable until the new one serves it", "class")
    if old.cluster_issuer != new.cluster_issuer:
        served = (
            "browsers may refuse the site until the new certificate is ready"
            if new.cluster_issuer
            else "the ingress controller serves its own certificate"
        )
        issuers = f"{old.cluster_issuer or 'none'} -> {new.cluster_issuer or 'none'}"
        yield _cut(f"ingress issuer {issuers}: {served}", "issuer")


def _cut(sentence: str, named: str) -> Consequence:
    return consequence(
        Weight.CUT, sentence, before(f"check that the {named} exists in the cluster")
    )


def _form(ingress: Ingress) -> str:
    return "annotation" if ingress.as_annotation else "field"
