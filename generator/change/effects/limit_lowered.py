"""A limit is lower than what may be in use.

Running servers and Dask clusters keep their limits. At its next start, a notebook that needs more
memory than the new limit is killed, and a Dask cluster gets fewer workers.
"""

from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight, after
from generator.quantities import amount
from generator.site.model import Settings

Quantity = str | int | float | None


def check(step: Step) -> Consequences:
    """One effect that names each limit that is lower than before."""
    old, new = (_limits(side.settings) for side in step.sides)
    lowered = [
        f"{name} {old[name] or 'none'} -> {limit}"
        for name, limit in new.items()
        if name in old and _is_lower(old[name], limit)
    ]
    if lowered:
        yield Weight.NEXT_START.of(
            f"lowered: {', '.join(lowered)}. What runs keeps its limit; what needs more fails at "
            "its next start",
            after("tell the users"),
        )


def _is_lower(old: Quantity, new: Quantity) -> bool:
    return new is not None and (old is None or amount(new) < amount(old))


def _limits(settings: Settings) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    hub, dask = settings.hub, settings.dask
    if hub is not None:
        found["servers' cpu limit"] = hub.cpu.limit
        found["servers' memory limit"] = hub.memory.limit
        found["servers' ephemeral storage limit"] = hub.ephemeral_storage.limit
    if dask is not None and dask.limits is not None:
        for what in ("cores", "memory", "workers"):
            found[f"{what} of a Dask cluster"] = getattr(dask.limits, what)
    return found
