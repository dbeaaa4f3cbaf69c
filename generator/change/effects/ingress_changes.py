"""How the address is served changes.

Another ingress class hands the address to another controller: the site is unreachable until that
one serves it. Another issuer makes a new certificate, which browsers may refuse until it is there.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.site.model import Ingress

CODE = "E023"


def check(step: Step) -> Iterator[Effect]:
    """One effect where class or issuer differ."""
    if step.both is None:
        return
    old, new = (side.cluster.ingress for side in step.both)
    changed = {
        "class": (old.class_name, new.class_name),
        "class written as": (_form(old), _form(new)),
    }
    said = [f"{what} {one} -> {other}" for what, (one, other) in changed.items() if one != other]
    if said:
        yield _effect(f"ingress {', '.join(said)}: unreachable until it is served anew", "class")
    if old.cluster_issuer != new.cluster_issuer:
        issuers = f"{old.cluster_issuer or 'none'} -> {new.cluster_issuer or 'none'}"
        served = (
            "until the new certificate is there, browsers may refuse the site"
            if new.cluster_issuer
            else "the ingress controller's own certificate is served"
        )
        yield _effect(f"ingress issuer {issuers}: {served}", "issuer")


def _effect(message: str, named: str) -> Effect:
    return Effect(
        code=CODE,
        weight=Weight.CUT,
        message=message,
        acts=(f"see that the {named} exists in the cluster",),
        before_merge=True,
    )


def _form(ingress: Ingress) -> str:
    return "annotation" if ingress.as_annotation else "field"
