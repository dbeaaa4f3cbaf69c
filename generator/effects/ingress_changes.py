"""How the address is served changes.

Another ingress class hands the address to another controller, and another issuer asks for a new
certificate: the site can be unreachable until both have done their part.
"""

from collections.abc import Iterator

from generator.effects.base import Effect, Weight
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
        "class as annotation": (old.as_annotation, new.as_annotation),
    }
    said = [f"{what} {one} -> {other}" for what, (one, other) in changed.items() if one != other]
    if said:
        yield Effect(
            code=CODE,
            weight=Weight.CUT,
            message=f"ingress {', '.join(said)}: unreachable until it is served anew",
            act="see that the class and the issuer exist in the cluster",
            before_merge=True,
        )
