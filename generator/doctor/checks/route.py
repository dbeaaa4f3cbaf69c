"""A gateway does not take the hub's HTTPRoute.

No Gateway accepts the route, or a name in it leads nowhere: the host then serves nothing.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, sentence
from generator.doctor.look import Look
from generator.doctor.reading import entries, name, text

CODE = "D151"


def check(look: Look) -> Diagnoses:
    """One for each route."""
    for place in look.places:
        for route in place.all("HTTPRoute"):
            refused = [
                text(one, "message")
                for parent in entries(route, "status.parents")
                for one in entries(parent, "conditions")
                if text(one, "type") in ("Accepted", "ResolvedRefs")
                and text(one, "status") == "False"
            ]
            if refused or not entries(route, "status.parents"):
                why = sentence(refused[0]) if refused else "no controller answers for its Gateway"
                yield place.found(
                    CODE,
                    ERROR,
                    f"HTTPRoute '{name(route)}' is not accepted: {why}",
                    "see the Gateway and its listeners",
                    about="ingress",
                    breaks=True,
                    commands=(
                        f"{place.kubectl} describe httproute {name(route)} "
                        f"-n {place.environment.namespace}",
                    ),
                    at=(*place.cluster.at, "gateway" if place.cluster.gateway else "ingress"),
                )
