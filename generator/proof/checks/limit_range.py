"""A LimitRange refuses a pod or a claim.

A LimitRange in the environment's `extra/` folder holds for every pod of the namespace: the hub's
own, users' servers of every profile, Dask pods. What is above its `max` or below its `min` is
refused by the API server, also where its defaults fill in what a container leaves out: a default
limit below a guarantee stops every server, and so does a limit too far above its guarantee
(`maxLimitRequestRatio`). Change the LimitRange, or what is asked for.

See https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, place_of_pod
from generator.proof.checks.quotas import (
    Allowance,
    Asked,
    bounds,
    claims,
    containers_asked,
    pod_asked,
    shown,
)
from generator.proof.checks.user_pods import each_once
from generator.proof.checks.workloads import Namespace, Pod
from generator.proof.rendering import Rendering

finding = errors("M937")

_HELP = "change the LimitRange, or what is asked for"


def check(rendering: Rendering) -> Findings:
    """One finding for each resource of a pod or claim that a LimitRange refuses."""
    for environment in rendering.site.environments:
        releases = tuple(one for one in rendering.releases if one.environment is environment)
        ranges = bounds(Namespace(releases=releases))
        for release in releases if ranges else ():
            faults = [*each_once(release, partial(_refused, ranges))]
            faults += [
                fault for claim in claims([release]) for fault in _of_claim(claim[:2], ranges)
            ]
            for owner, what in faults:
                at = place_of_pod(release, "extraResource" if "ephemeral" in what else "guarantee")
                text = f"{release.app}: {owner} {what}"
                yield anchored(finding, environment, at, text, _HELP)


def _refused(ranges: list[Allowance], pod: Pod) -> Iterator[str]:
    for one in containers_asked(pod, ranges):
        for resource, request in one.requests.items():
            limit = one.limits.get(resource)
            if limit is not None and request > limit and resource in _filled(ranges):
                yield (
                    f"has container '{one.name}', whose {resource} request is above the limit "
                    f"that LimitRange '{_filled(ranges)[resource]}' gives"
                )
        yield from _outside(one, ranges, "Container", f"has container '{one.name}' with")
    yield from _outside(pod_asked(pod, ranges), ranges, "Pod", "asks for")


def _filled(ranges: Iterable[Allowance]) -> dict[str, str]:
    """The resources that a LimitRange has a default limit of, and its name."""
    return {resource: one.name for one in ranges for resource in one.default_limits}


def _outside(asked: Asked, ranges: Iterable[Allowance], kind: str, verb: str) -> Iterator[str]:
    for one in ranges:
        yield from _too_far(asked, one, verb) if one.kind == kind else ()
        for resource, high in one.max.items() if one.kind == kind else ():
            most = max(
                asked.limits.get(resource, Fraction(0)), asked.requests.get(resource, Fraction(0))
            )
            if most > high:
                yield f"{verb} more {resource} than LimitRange '{one.name}' allows"
            elif resource not in asked.limits:
                yield f"{verb} no limit of {resource}, which LimitRange '{one.name}' demands"
        for resource, low in one.min.items() if one.kind == kind else ():
            if asked.requests.get(resource, Fraction(0)) < low:
                yield f"{verb} less {resource} than LimitRange '{one.name}' demands"


def _too_far(asked: Asked, one: Allowance, verb: str) -> Iterator[str]:
    """Where a limit is more than so many times the request; both must be there."""
    for resource, ratio in one.max_ratio.items():
        request, limit = (of.get(resource, Fraction(0)) for of in (asked.requests, asked.limits))
        if not request or not limit:
            missing = "request" if not request else "limit"
            yield f"{verb} no {missing} of {resource}, which LimitRange '{one.name}' demands"
        elif limit > request * ratio:
            yield (
                f"{verb} a {resource} limit of more than {shown(ratio)} times its request, which "
                f"LimitRange '{one.name}' refuses"
            )


def _of_claim(
    claim: tuple[str, Fraction], ranges: Iterable[Allowance]
) -> Iterator[tuple[str, str]]:
    owner, size = claim
    for one in ranges:
        if one.kind == "PersistentVolumeClaim":
            if size > one.max.get("storage", size):
                yield owner, f"asks for more storage than LimitRange '{one.name}' allows"
            if size < one.min.get("storage", size):
                yield owner, f"asks for less storage than LimitRange '{one.name}' demands"
