"""What went back in the environments since the Git base, and for whom."""

from collections.abc import Callable, Iterator

from generator.diagnostics import Pointer
from generator.records import record
from generator.site.model import Environment, Settings, Site

# How a setting was in the base and how it is now, where it went back; else None.
Judge = Callable[[Settings, Settings], tuple[str, str] | None]

_NAMED = 3


@record
class Lowered:
    """A setting that went back, its place, and the environments where it did."""

    at: Pointer
    before: str
    after: str
    environments: tuple[Environment, ...]

    @property
    def where(self) -> str:
        """Words that name the environments."""
        names = [f"'{environment.name}'" for environment in self.environments]
        if len(names) > _NAMED:
            names[_NAMED - 1 :] = [f"{len(names) - _NAMED + 1} more"]
        listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        return f"environment{'s' if len(self.environments) > 1 else ''} {listed}"


def lowered(site: Site, base: Site, judge: Judge, *path: str) -> Iterator[Lowered]:
    """What a judge says went back at a path, once for each place and for each earlier state."""
    groups: dict[tuple[Pointer, str, str], list[Environment]] = {}
    for before, now in kept(site, base):
        texts = judge(before.settings, now.settings)
        if texts is not None:
            groups.setdefault((now.settings.origin.at(*path), *texts), []).append(now)
    for (at, old, new), environments in groups.items():
        yield Lowered(at=at, before=old, after=new, environments=tuple(environments))


def kept(site: Site, base: Site) -> Iterator[tuple[Environment, Environment]]:
    """Each environment that runs where the base ran it: what it was, and what it is.

    One that is new, or moved to another cluster or namespace, begins with new volumes.
    """
    earlier = {environment.name: environment for environment in base.environments}
    for environment in site.environments:
        before = earlier.get(environment.name)
        if before is None or before.namespace != environment.namespace:
            continue
        if _is_one_cluster(base, before.cluster, site, environment.cluster):
            yield before, environment


def _is_one_cluster(base: Site, before: str, site: Site, now: str) -> bool:
    """Whether two entries are one cluster: by name, for an address may change, or by address."""
    old, new = base.clusters.get(before), site.clusters.get(now)
    if before == now or old is None or new is None:
        return before == now
    return old.identity == new.identity
