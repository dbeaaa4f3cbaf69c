"""A quota of the namespace is used up, or nearly.

What the quota counts is then refused: pods, claims, or what cert-manager needs for a challenge.
"""

from collections.abc import Iterator

from generator.doctor.checks.base import WARNING, Diagnoses
from generator.doctor.look import LiveEnvironment, Look
from generator.doctor.reading import name, part
from generator.quantities import amount

CODE = "D181"
_NEARLY = 0.9


def check(look: Look) -> Diagnoses:
    """One for each resource of a quota."""
    for place in look.places:
        for quota, resource, used, hard in _nearly_used(place):
            yield place.found(
                CODE,
                WARNING,
                f"quota '{quota}': {used} of {hard} {resource} used",
                "raise it, or free some",
                about="quota used",
                follows=("quota",),
                commands=(
                    f"{place.kubectl} describe quota {quota} -n {place.environment.namespace}",
                ),
            )


def _nearly_used(place: LiveEnvironment) -> Iterator[tuple[str, str, str, str]]:
    for quota in place.all("ResourceQuota"):
        used = part(quota, "status.used")
        for resource, hard in part(quota, "status.hard").items():
            try:
                most, now = amount(str(hard)), amount(str(used.get(resource, "0")))
            except ValueError:
                continue
            if most and now >= most * _NEARLY:
                yield name(quota), resource, str(used[resource]), str(hard)
