"""What the limits of a Dask cluster leave beside its scheduler, and how many workers fit there.

The arithmetic is dask-gateway's own: the scheduler counts against both limits.
(dask_gateway_server/backends/base.py, ClusterConfig)
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.charts.rows import at
from generator.quantities import GIB, amount
from generator.records import record
from generator.site.model import DaskGateway, Limits, Option

if TYPE_CHECKING:  # few sizes need it
    from fractions import Fraction

Quantity = str | int | float


@record
class Resource:
    """Cores or memory: the limit, and what the scheduler and a worker take of it.

    `unit` is what sizes are spelled in.
    """

    name: str
    limit: Quantity
    scheduler: Quantity
    worker: Option
    unit: int
    suffix: str

    @property
    def room(self) -> "int | Fraction":
        """What is left beside the scheduler; below zero where it does not fit itself."""
        return amount(self.limit) - amount(self.scheduler)

    @property
    def is_in_order(self) -> bool:
        """Whether a worker's default lies inside its range."""
        worker = self.worker
        return amount(worker.min) <= amount(worker.default) <= amount(worker.max)

    def fits(self, size: Quantity) -> bool:
        """Whether one worker of a size finds room."""
        return amount(size) <= self.room

    def count(self, size: Quantity) -> int:
        """How many workers of a size find room; a floating point division, as dask-gateway's."""
        return _count(self.room, amount(size))

    def needed(self, size: Quantity, workers: int) -> str:
        """The limit, rounded up to a thousandth, under which so many workers of a size fit."""
        from fractions import Fraction

        step = Fraction(self.unit, 1000)
        least = -(-(amount(self.scheduler) + amount(size) * workers) // step) * step
        if _count(least - amount(self.scheduler), amount(size)) < workers:
            least += step
        return self.shown(least)

    def shown(self, size: "int | Fraction") -> str:
        """A size in words; at most three decimals."""
        return f"{float(size / self.unit):.3f}".rstrip("0").rstrip(".") + self.suffix


def _count(room: "int | Fraction", size: "int | Fraction") -> int:
    return max(0, int(float(room) // float(size)))


def resources(dask: DaskGateway) -> tuple[Resource, ...]:
    """Cores and memory; nothing where no limits are known, or raw values set sizes of their own."""
    limits = dask.limits
    if limits is None or (dask.values and _is_resized(dask)):
        return ()
    # The defaults of ClusterConfig.
    cores = dask.worker_cores or Option.of("1")
    memory = dask.worker_memory or Option.of("2Gi")
    return _both(limits, (dask.scheduler_cores, dask.scheduler_memory), cores, memory)


@lru_cache(maxsize=256)  # the environments of a fleet have few sizes
def _both(
    limits: Limits, scheduler: tuple[Quantity, Quantity], cores: Option, memory: Option
) -> tuple[Resource, ...]:
    return (
        Resource(
            name="cores",
            limit=limits.cores,
            scheduler=scheduler[0],
            worker=cores,
            unit=1,
            suffix="",
        ),
        Resource(
            name="memory",
            limit=limits.memory,
            scheduler=scheduler[1],
            worker=memory,
            unit=GIB,
            suffix="Gi",
        ),
    )


def _is_resized(dask: DaskGateway) -> bool:
    """Whether raw values set sizes of their own."""
    parts = [at(dask.values, ("gateway", "backend", part)) for part in ("scheduler", "worker")]
    sizes = ("cores", "memory")
    return any(isinstance(part, Mapping) and not part.keys().isdisjoint(sizes) for part in parts)
