"""How the address is served changes.

Another ingress class hands the address to another controller, and another issuer asks for a new
certificate: the site can be unreachable until both have done their part.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
from generator.model import Ingress
from generator.situation import Step

CODE = "E023"


def check(step: Step) -> Iterator[Effect]:
    """One effect where class or issuer differ."""
    if step.both is None:
        return
    old, new = (side.cluster.ingress for side in step.both)
    changed = {
        "class": (old.class_name, new.class_name),
        "issuer": (old.cluster_issuer, new.cluster_issuer),
        "class written as": (_form(old), _form(new)),
    }
    said = [
        f"{what} {one or 'none'} -> {other or 'none'}"
        for what, (one, other) in changed.items()
        if one != other
    ]
    if said:
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"ingress {', '.join(said)}: unreachable until it is served anew",
            acts=("see that the class and the issuer exist in the cluster",),
            before_merge=True,
        )


def _form(ingress: Ingress) -> str:
    return "annotation" if ingress.as_annotation else "field"
