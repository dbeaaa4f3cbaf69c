"""What services and roles may do changes.

Their rights at the hub's API hold from the hub's restart on: the scopes, who has a role, and which
services administer. A service that is removed is refused at once.
"""

from collections.abc import Iterator, Mapping

from generator.change.difference import members
from generator.change.sides import Step
from generator.charts.hub_services import DASK_GROUPS, ROLES, every_service, named
from generator.lint.consequences import Consequences, Weight
from generator.site.model import Json, Settings

_LISTS = ("scopes", "users", "groups", "services")


def check(step: Step) -> Consequences:
    """One effect that names each service and role."""
    said = []
    for of, kind in ((every_service, "service"), (_roles, "role")):
        old, new = (of(side.settings) for side in step.sides)
        for name in dict.fromkeys((*old, *new)):
            rights = _rights(old.get(name), new.get(name))
            said += [f"{kind} {name}: {', '.join(rights)}"] if rights else []
    groups = members(*(tuple(side.settings.at(DASK_GROUPS) or ()) for side in step.sides))
    said += [f"groups that may use Dask: {' '.join(groups)}"] if groups else []
    said += [one.spelled for one in step.written if one.under("hub", "loadRoles")]
    if said:
        yield Weight.ACCESS.of(f"what services and roles may do changes: {'; '.join(said)}")


def _roles(settings: Settings) -> Mapping[str, Mapping[str, Json]]:
    return named(settings, ROLES)


def _rights(old: Mapping[str, Json] | None, new: Mapping[str, Json] | None) -> list[str]:
    """What one of them gains and loses, in words."""
    was, now = old or {}, new or {}
    return [
        *(["new"] if old is None else ["removed"] if new is None else []),
        *_administers(was, now),
        *(
            f"{key} {' '.join(changed)}"
            for key in _LISTS
            if (changed := members(tuple(was.get(key) or ()), tuple(now.get(key) or ())))
        ),
    ]


def _administers(was: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[str]:
    if bool(was.get("admin")) != bool(now.get("admin")):
        yield "administers" if now.get("admin") else "no longer administers"
