"""A chart value switches off something that hubops promises, or that it depends on.

The README's security model no longer holds there: a policy is off, more people can log in, pods
have more power, or data does not survive. Lint names the same values (C320, C321, C322).
"""

from generator.change.sides import Arrival, EnvironmentSide, Step
from generator.charts.overrides import Place, dotted, overrides, raw
from generator.charts.promises import broken
from generator.lint.consequences import Consequences, Weight, before
from generator.merge import same

# What a heavier effect tells where it changes.
_BY_OTHERS = (("jupyterhub", ("ingress", "enabled")),)


def check(step: Step | Arrival) -> Consequences:
    """One effect for each promise: the values that newly switch it off, and what then happens."""
    was = _broken(step.before) if isinstance(step, Step) else {}
    said: dict[str, list[str]] = {}
    for place, why in _broken(step.after).items():
        if was.get(place) != why and not (isinstance(step, Step) and place in _BY_OTHERS):
            said.setdefault(why, []).append(dotted(place[1]))
    for why, paths in said.items():
        yield Weight.ACCESS.of(
            f"security: values set {', '.join(paths)}: {why}",
            before("check that this is intentional, and who agreed to it"),
        )


def told(step: Step, *path: str) -> bool:
    """Whether this effect speaks of a value of the hub, or of one below it."""
    places = _broken(step.after).keys() - _broken(step.before).keys()
    return any(app == "jupyterhub" and at[: len(path)] == path for app, at in places)


def _broken(side: EnvironmentSide) -> dict[tuple[str, Place], str]:
    """Why each value of an environment matters that breaks a promise, by app and path."""
    found: dict[tuple[str, Place], str] = {}
    for written in raw(side.settings):
        name = written.chart.name
        for one in overrides(side.site, written, side.settings, (side.environment,)):
            why = written.chart.why_protected(one.path)
            is_longer = written.chart.is_extendable(one.path) and isinstance(one.after, list)
            if why and not is_longer and not same(one.before, one.after):
                found[name, one.path] = why
        for promise in broken(name, written.values, side.settings):
            found[name, promise.path] = promise.why
    return found
