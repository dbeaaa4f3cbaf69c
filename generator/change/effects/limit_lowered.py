"""A limit is lower than what may be in use, or is gone.

Running servers and Dask clusters keep their limits. At its next start, a notebook that needs more
memory than the new limit is killed, and a Dask cluster gets fewer workers. Without a memory limit
one server can take its whole node; without a memory guarantee the chart's own holds, 1G.
"""

from collections.abc import Iterator, Mapping

from generator.change.sides import EnvironmentSide, Step
from generator.charts.overrides import reached
from generator.lint.consequences import Consequences, Weight, after, before
from generator.quantities import amount

Quantity = str | int | float | None

# jupyterhub values.yaml, singleuser.memory.guarantee.
_GUARANTEE, _CHARTS_OWN = "servers' memory guarantee", "1G, the chart's own"
# By what people call it: the key of site.yaml, and the chart's value that wins over it.
_SERVERS = {
    "servers' cpu limit": ("cpu.limit", ("singleuser", "cpu", "limit")),
    "servers' memory limit": ("memory.limit", ("singleuser", "memory", "limit")),
    "servers' ephemeral storage limit": (
        "ephemeralStorage.limit",
        ("singleuser", "extraResource", "limits", "ephemeral-storage"),
    ),
    _GUARANTEE: ("memory.guarantee", ("singleuser", "memory", "guarantee")),
}
_OF_PROFILES = {
    key: name.removeprefix("servers' ") for name, (key, _) in _SERVERS.items() if name != _GUARANTEE
}
# KubeSpawner's units, which are binary.
_UNITS = tuple("KMGT")


def check(step: Step) -> Consequences:
    """One effect that names each limit that is lower than before, one for those that are gone."""
    own = {which for side in step.sides for which in _own_limits(side)}
    old, new = ({**_limits(side), **_of_profiles(side, own)} for side in step.sides)
    both = {name: (old[name], limit) for name, limit in new.items() if name in old}
    lowered = [
        f"{name} {was or 'none'} -> {limit}"
        for name, (was, limit) in both.items()
        if limit is not None and name != _GUARANTEE and _is_lower(was, limit)
    ]
    gone = [
        f"{name} {was} -> {_CHARTS_OWN if name == _GUARANTEE else 'none'}"
        for name, (was, limit) in both.items()
        if was is not None and limit is None
    ]
    if lowered:
        yield Weight.NEXT_START.of(
            f"lowered: {', '.join(lowered)}. What runs keeps its limit; what needs more fails at "
            "its next start",
            after("tell the users which limits are lower"),
        )
    if gone:
        yield Weight.NEXT_START.of(
            f"removed: {', '.join(gone)}. Without a limit one server can take its whole node",
            before("check that this is intentional"),
        )


def _is_lower(old: Quantity, new: str | int | float) -> bool:
    try:
        return old is None or amount(new) < amount(old)
    except ValueError:
        return False


def _own_limits(side: EnvironmentSide) -> Iterator[tuple[str, str]]:
    """The limits that profiles set themselves, by profile and key."""
    for slug, profile in side.profiles.items():
        yield from ((slug, key) for key in _OF_PROFILES if key in profile.keys)


def _of_profiles(side: EnvironmentSide, own: set[tuple[str, str]]) -> dict[str, Quantity]:
    """The limits that hold in profiles which set them on one of the sides."""
    hub, found = side.settings.hub, dict[str, Quantity]()
    for slug, key in sorted(own):
        profile = side.profiles.get(slug)
        if hub is not None and profile is not None:
            limit = profile.keys.get(key, hub.servers.get(key))
            found[f"profile {slug}'s {_OF_PROFILES[key]}"] = None if limit == "none" else limit
    return found


def _limits(side: EnvironmentSide) -> Mapping[str, Quantity]:
    found: dict[str, Quantity] = {}
    settings = side.settings
    dask, section = settings.dask, settings.sections.get("jupyterhub")
    for name, (key, path) in _SERVERS.items() if section is not None else ():
        found[name] = settings.at(f"jupyterhub.servers.{key}")
        depth, value = reached(section.values if section is not None else {}, path)
        if depth == len(path) and isinstance(value, str | int | float):
            is_memory = isinstance(value, str) and value.endswith(_UNITS) and "memory" in path
            found[name] = f"{value}i" if is_memory else value
    if dask is not None and dask.limits is not None:
        for what in ("cores", "memory", "workers"):
            found[f"{what} of a Dask cluster"] = getattr(dask.limits, what)
    return found
