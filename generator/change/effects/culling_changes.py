"""When servers are stopped without being asked changes.

The hub stops servers that no one uses, and with `maxAge` also those that someone does: what a
notebook computes or has not saved is lost. A shorter time holds from the hub's restart on, for
servers that run already too.
"""

from collections.abc import Iterator

from generator.change.effects import promises_broken
from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.lint.consequences import Act, Consequences, Weight, before

# jupyterhub values.yaml, cull.timeout.
_CHARTS_OWN = 3600
_TOLD = (("enabled",), ("timeout",), ("maxAge",))
_UNITS = ((3600, "h"), (60, "m"), (1, "s"))


def check(step: Step) -> Consequences:
    """One effect for servers without activity, one for those of an age."""
    was, now = map(_idle, step.sides)
    if was != now:
        stops = f"stopped after {_said(now)}" if now else "no longer stopped"
        yield (Weight.CUT if now and (not was or now < was) else Weight.NOTE).of(
            f"servers that no one uses are {stops} (before: {_said(was)})", *_tell(was, now)
        )
    was, now = map(_age, step.sides)
    if was != now and now:
        yield (Weight.CUT if not was or now < was else Weight.NOTE).of(
            f"every server is stopped when it is {_said(now)} old, also one that is in use "
            f"(before: {_said(was)})",
            *_tell(was, now),
        )
    elif was != now:
        yield Weight.NOTE.of("servers are no longer stopped for their age")
    changed = step.changed("jupyterhub", "cull", but=_TOLD)
    if rest := [one.spelled for one in changed if not promises_broken.told(step, *one.path)]:
        yield Weight.NOTE.of(f"how the hub looks for servers to stop changes: {', '.join(rest)}")


def _tell(was: int, now: int) -> Iterator[Act]:
    if now and (not was or now < was):
        yield before("tell the users when their servers will be stopped")


def _idle(side: EnvironmentSide) -> int:
    """After how many seconds without activity a server is stopped; 0 for never."""
    return _seconds(side, "timeout", _CHARTS_OWN)


def _age(side: EnvironmentSide) -> int:
    """The age in seconds at which a server is stopped; 0 for none."""
    return _seconds(side, "maxAge", 0)


def _seconds(side: EnvironmentSide, key: str, otherwise: int) -> int:
    values = side.values["jupyterhub"]
    if rows.at(values, ("cull", "enabled")) is False:
        return 0
    said = rows.at(values, ("cull", key))
    return said if type(said) is int else otherwise


def _said(seconds: int) -> str:
    """The time as site.yaml would write it."""
    if not seconds:
        return "never"
    size, unit = next(one for one in _UNITS if seconds % one[0] == 0)
    return f"{seconds // size}{unit}"
