"""A cluster has room for fewer workers than its limit allows.

`limits` apply to one cluster together with its scheduler, which takes 1 core and 2 GiB. Whatever
`workers` says, a cluster gets no more workers than the cores and the memory allow: the number
depends on the size that its user chooses, and dask-gateway gives no message when it scales to
fewer. The finding counts them for the default size and the largest one. Raise the limits, or keep
them and tell users how many workers they get.

Bad:
    daskGateway:
      limits: {cores: 4, memory: 24Gi, workers: 3}
      worker:
        cores: {default: 1, max: 2}
Good:
    daskGateway:
      limits: {cores: 7, memory: 24Gi, workers: 3}
      worker:
        cores: {default: 1, max: 2}
"""

from collections.abc import Sequence
from functools import lru_cache

from generator.charts.dask_sizes import Quantity, Resource, resources
from generator.lint.rules.base import Environments, Findings, blamed, infos, relying
from generator.lint.rules.dask import of_gateways
from generator.quantities import amount
from generator.records import record
from generator.site.model import DaskGateway, Settings

finding = infos("L407")

_LIMITS, _WORKER = ("daskGateway", "limits"), ("daskGateway", "worker")
_SCHEDULER = ("daskGateway", "scheduler")


@record
class _Size:
    """One size of a worker in words, and what it is of each resource."""

    name: str
    takes: Sequence[tuple[Resource, Quantity]]

    def count(self, most: int) -> int:
        """How many workers of this size a cluster gets."""
        return min(most, *(resource.count(size) for resource, size in self.takes))

    def __str__(self) -> str:
        return f"of the {self.name} size ({_listed([size for _, size in self.takes])})"

    def needs(self, workers: int) -> str:
        """The limits that are too low for so many workers, and what they would have to be."""
        low = [(resource, size) for resource, size in self.takes if resource.count(size) < workers]
        limits = " and ".join(
            f"{resource.name} {resource.needed(size, workers)}" for resource, size in low
        )
        return f"for {workers} of the {self.name} size allow {limits}" if limits else ""


def _found(settings: Settings, dask: DaskGateway, environments: Environments) -> Findings:
    """An info at each `limits`; L403 and L406 are about sizes that no cluster has room for."""
    if dask.limits is None:
        return
    texts = _texts(dask.limits.workers, resources(dask))
    if texts is not None:
        fewer = finding(blamed(settings.origin, _LIMITS, _WORKER), *texts)
        yield from relying(fewer, environments, _WORKER, _SCHEDULER)


check = of_gateways(_found)


@lru_cache(maxsize=64)  # the environments of a fleet have few sizes
def _texts(workers: int, both: tuple[Resource, ...]) -> tuple[str, str] | None:
    """The message and the help; None where a cluster gets all workers."""
    sizes = _sizes(both)
    if all(size.count(workers) >= workers for size in sizes):
        return None
    reached = " and ".join(f"{size.count(workers)} {size}" for size in sizes)
    scheduler = _listed([resource.scheduler for resource, _ in sizes[0].takes])
    needs = ", ".join(text for size in sizes if (text := size.needs(workers)))
    return (
        f"of {workers} workers a cluster gets {reached}: its scheduler ({scheduler}) counts "
        "against the limits",
        f"{needs}; or keep the limits, and tell users how many they get",
    )


def _sizes(both: Sequence[Resource]) -> tuple[_Size, ...]:
    """The sizes that have room: the default one, and the largest one where it is another.

    None where the default has no room, or lies outside its own range.
    """
    if not both or not all(
        resource.is_in_order and resource.fits(resource.worker.default) for resource in both
    ):
        return ()
    default = [(resource, resource.worker.default) for resource in both]
    largest = [
        (resource, most if amount(most) > amount(size) and resource.fits(most) else size)
        for resource, size in default
        for most in (resource.worker.max,)  # what a user can choose, where there is room for it
    ]
    sizes = (_Size(name="default", takes=default), _Size(name="largest", takes=largest))
    return sizes if largest != default else sizes[:1]


def _listed(sizes: Sequence[Quantity]) -> str:
    cores, memory = sizes
    return f"{cores} core{'' if amount(cores) == 1 else 's'}, {memory}"
