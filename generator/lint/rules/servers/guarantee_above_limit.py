"""A guarantee is above its limit.

Kubernetes refuses a pod that requests more than its limit, so no user's server can start, or the
hub or its proxy can't. Lower the guarantee or raise the limit. What a profile or a choice leaves
out is that of all servers: a lower limit there needs a lower guarantee beside it.

Bad:
    jupyterhub:
      servers:
        memory: {guarantee: 4Gi, limit: 2Gi}
Good:
    jupyterhub:
      servers:
        memory: {guarantee: 2Gi, limit: 4Gi}

See https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, hubs
from generator.quantities import amount
from generator.site.hub import Hub
from generator.site.model import Json, Site
from generator.site.origin import Origin
from generator.site.profiles import PROFILES, Keys, Profile

finding = errors("L401")

_SERVERS = PROFILES[:-1]
# A bound and where it is written; what is not written is not known.
Bound = tuple[Json, Pointer]
# The guarantee and the limit that a server has.
Bounds = tuple[Bound, Bound]


def check(site: Site) -> Findings:
    """A finding at each such guarantee: of servers, however users choose, or of the hub's pods."""
    for settings, hub, _ in hubs(site):
        for kind in ("cpu", "memory", "ephemeralStorage"):
            for bounds in dict.fromkeys(_bounds(hub, kind)):
                yield from _above(settings.origin, kind, bounds, "no server could start")
        for pod in ("hub", "proxy"):
            for kind in settings.at(f"jupyterhub.{pod}.resources") or ():
                place = ("jupyterhub", pod, "resources", kind)
                said = [(*place, name) for name in ("guarantee", "limit")]
                guarantee, limit = ((settings.at(".".join(path)), path) for path in said)
                bounds = (guarantee, limit)
                yield from _above(settings.origin, kind, bounds, f"the {pod} could not start")


def _above(origin: Origin, kind: str, bounds: Bounds, then: str) -> Findings:
    (guarantee, its_place), (limit, other) = bounds
    is_written = None not in (guarantee, limit) and "none" not in (guarantee, limit)
    if is_written and amount(guarantee) > amount(limit):
        yield finding(
            _blamed(origin, its_place, other),
            f"the {kind} guarantee {guarantee} is above the limit {limit}",
            f"lower the guarantee or raise the limit: {then}",
        )


def _bounds(hub: Hub, kind: str) -> Iterator[Bounds]:
    """What servers have of a kind, however users choose; what all have first."""
    nothing: Bound = (None, ())
    common = _changed((nothing, nothing), hub.servers, kind, _SERVERS)
    yield common
    for index, profile in enumerate(hub.profiles):
        at = (*PROFILES, index)
        if profile.options or kind in profile.keys:
            yield from _of_options(profile, kind, at, _changed(common, profile.keys, kind, at))


def _of_options(profile: Profile, kind: str, at: Pointer, own: Bounds) -> Iterator[Bounds]:
    """The profile's own bounds, and those that its choices make of them, in KubeSpawner's order."""
    possible = {own}
    for number, option in enumerate(profile.options):
        places = [(*at, "options", number, "choices", one) for one in range(len(option.choices))]
        choices = list(zip(option.choices, places, strict=True))
        possible = {
            _changed(bounds, choice.keys, kind, place)
            for bounds in possible
            for choice, place in choices
        } or possible
    yield from sorted(possible, key=str)


def _changed(bounds: Bounds, keys: Keys, kind: str, at: Pointer) -> Bounds:
    guarantee, limit = bounds
    if f"{kind}.guarantee" in keys:
        guarantee = keys[f"{kind}.guarantee"], (*at, kind, "guarantee")
    if f"{kind}.limit" in keys:
        limit = keys[f"{kind}.limit"], (*at, kind, "limit")
    return guarantee, limit


def _blamed(origin: Origin, guarantee: Pointer, limit: Pointer) -> Pointer:
    """The one of the two to point at: that of the environment, or of the narrower choice."""
    pointers = [origin.at(*path) for path in (guarantee, limit)]
    own = [at for at in pointers if at[:1] == ("environments",)]
    return own[0] if len(own) == 1 else max(pointers, key=len)
