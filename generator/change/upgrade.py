"""What an upgrade of a chart brings, from the table of known releases. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.change.sides import EnvironmentSide, Side
from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.lint import history
from generator.lint.rules.base import every_settings, raw_values
from generator.records import record
from generator.site.model import ChartPin, Site
from generator.site.releases import GATEWAY, HUB, ChartRelease
from generator.versions import Version

# What tells the line of a Pointer, as `site.yaml:41`.
Where = Callable[[Pointer], str]


@record
class Fact:
    """One thing to know; its lines are sentences, or commands to copy."""

    title: str
    lines: tuple[str, ...]


@record
class Upgrade:
    """A chart that goes from one exact version to another in some environments.

    `sides` are those environments as they will be, of the newer site.
    """

    site: Site
    chart: str
    old: ChartPin
    new: ChartPin
    sides: tuple[EnvironmentSide, ...]
    where: Where

    @property
    def step(self) -> tuple[Version, Version]:
        """Both versions."""
        assert self.old.version is not None
        assert self.new.version is not None
        return self.old.version, self.new.version

    @property
    def parts(self) -> tuple[ChartRelease, ChartRelease]:
        """What both versions carry; of an unknown one, what the nearest carries."""
        old, new = (self.site.versions.nearest(self.chart, version) for version in self.step)
        return old, new

    def passes(self, since: str) -> bool:
        """Whether the upgrade goes past a version of the chart, or reaches it."""
        old, new = self.step
        return old < Version.parse(since) <= new


def upgrades(before: Side, after: Side, where: Where) -> tuple[Upgrade, ...]:
    """Each upgrade, once for all environments that make it together."""
    groups: dict[tuple[str, str, str], list[tuple[ChartPin, ChartPin, EnvironmentSide]]] = {}
    for chart in CHARTS:
        for name, side in after.environments.items():
            older = before.environments.get(name)
            old, new = older.pin(chart) if older is not None else None, side.pin(chart)
            if old is None or new is None or old.version is None or new.version is None:
                continue
            if old.text != new.text:
                groups.setdefault((chart, old.text, new.text), []).append((old, new, side))
    return tuple(
        Upgrade(
            site=after.site,
            chart=chart,
            old=group[0][0],
            new=group[0][1],
            sides=tuple(side for _, _, side in group),
            where=where,
        )
        for (chart, _, _), group in groups.items()
    )


def facts(upgrade: Upgrade) -> Iterator[Fact]:
    """What an upgrade brings, from the table of known releases."""
    for part in _FACTS:
        yield from part(upgrade)


def _unknown(upgrade: Upgrade) -> Iterator[Fact]:
    if not upgrade.site.versions.is_known(upgrade.chart, upgrade.step[1]):
        line = (
            f"{upgrade.chart} {upgrade.new.text} is not known: what follows is about "
            f"{upgrade.parts[1].version}. Read the chart's changelog, or add a row under 'versions'"
        )
        yield Fact(title="not known", lines=(line,))


def _parts(upgrade: Upgrade) -> Iterator[Fact]:
    was, will = (release.parts for release in upgrade.parts)
    for name, version in will.items():
        line = f"stays {version}" if was[name] == version else f"{was[name]} -> {version}"
        yield Fact(title="JupyterHub" if name == HUB else name, lines=(line,))


def _security(upgrade: Upgrade) -> Iterator[Fact]:
    fixed = tuple(
        f"{release.version}: {', '.join(release.security)}"
        for release in upgrade.site.versions.releases(upgrade.chart)
        if release.security and upgrade.passes(release.version)
    )
    if fixed:
        yield Fact(title="fixes", lines=fixed)


def _kubernetes(upgrade: Upgrade) -> Iterator[Fact]:
    needed = upgrade.site.versions.needed_kubernetes(upgrade.chart, upgrade.step[1])
    clusters = {side.cluster.name: side.cluster.kubernetes for side in upgrade.sides}
    judged = (
        f"{name} is at {version}, {'enough' if version >= needed else 'too old'}"
        for name, version in clusters.items()
    )
    yield Fact(title="Kubernetes", lines=("; ".join((f"needs Kubernetes {needed}", *judged)),))


def _database(upgrade: Upgrade) -> Iterator[Fact]:
    move = history.hub_move(upgrade.site.versions, upgrade.old, upgrade.new)
    if upgrade.chart != HUB or move is None or move.was == move.will is not None:
        return
    if move.keeps_database:
        yield Fact(title="database", lines=(move.database,))
        return
    copies = (
        f"{side.environment.name}, with kubectl's context on {side.cluster.name}: "
        f"{history.copy_of_database(side.environment).command}"
        for side in upgrade.sides
    )
    line = f"{move.database}. Copy it before the merge:"
    yield Fact(title="database", lines=(line, *copies))


def _notes(upgrade: Upgrade) -> Iterator[Fact]:
    was, will = (release.parts for release in upgrade.parts)
    for note in upgrade.site.versions.notes:
        if note.part in will:
            since = Version.parse(note.since)
            if Version.parse(was[note.part]) < since <= Version.parse(will[note.part]):
                yield Fact(title=note.about, lines=(f"{note.part} {note.since}: {note.text}",))


def _images(upgrade: Upgrade) -> Iterator[Fact]:
    """The images to rebuild, each once, with what they must carry."""
    was, will = upgrade.parts
    if upgrade.chart == HUB:
        if was.jupyterhub == will.jupyterhub:
            return
        carried, images = f"jupyterhub {will.jupyterhub}", _notebooks(upgrade)
    elif upgrade.chart == GATEWAY:
        python = f" (Python {will.python} or newer)" if will.python else ""
        carried, images = f"dask-gateway {upgrade.new.text}{python}", _with_workers(upgrade)
    else:
        return
    yield Fact(title="images", lines=(f"rebuild with {carried}:", *dict.fromkeys(images)))


def _notebooks(upgrade: Upgrade) -> Iterator[str]:
    for side in upgrade.sides:
        for index, (name, profile) in enumerate(side.profiles.items()):
            declared = ""
            if profile.jupyterhub is not None:
                at = ("jupyterhub", "servers", "profiles", index, "jupyterhub")
                place = upgrade.where(side.settings.origin.at(*at))
                declared = f"; then change 'jupyterhub: {profile.jupyterhub}' at {place}"
            yield f"{name}: {profile.image}{declared}"


def _with_workers(upgrade: Upgrade) -> Iterator[str]:
    for side in upgrade.sides:
        yield from (f"{name}: {profile.image}" for name, profile in side.profiles.items())
    for side in upgrade.sides:
        dask = side.settings.dask
        if dask is not None and dask.worker_image is not None:
            yield f"workers: {dask.worker_image}"


def _partners(upgrade: Upgrade) -> Iterator[Fact]:
    other = {HUB: GATEWAY, GATEWAY: HUB}.get(upgrade.chart, "")
    running: dict[str, list[str]] = {}
    for side in upgrade.sides:
        pin = side.pin(other)
        if pin is not None:
            running.setdefault(pin.text, []).append(side.environment.name)
    if not running:
        return
    seen = upgrade.site.versions.partners(upgrade.chart, upgrade.step[1])
    works = f"works with {other} {_listed(seen, 'or')}" if seen else f"not tested with any {other}"
    apart = "; ".join(
        f"{_listed(names, 'and')} {'run' if len(names) > 1 else 'runs'} {version}: test that pair "
        "first"
        for version, names in running.items()
        if version not in seen
    )
    yield Fact(title="partner", lines=("; ".join(filter(None, (works, apart))),))


def _values(upgrade: Upgrade) -> Iterator[Fact]:
    """What this site's own values hold that means something else from then on."""
    crossed = [
        moved
        for moved in upgrade.site.versions.moved
        if moved.chart == upgrade.chart and upgrade.passes(moved.since)
    ]
    found = {
        at: moved.text
        for at, path, value in (_raw(upgrade) if crossed else ())
        for moved in crossed
        if moved.is_met(path, value)
    }
    if found:
        lines = (
            f"{upgrade.where(at)}: {'.'.join(map(str, at))}: {text}" for at, text in found.items()
        )
        yield Fact(title="values", lines=tuple(lines))


def _raw(upgrade: Upgrade) -> Iterator[tuple[Pointer, Pointer, object]]:
    """The site's own values of the chart: the place of each, its path in the chart, and itself."""
    names = {side.environment.name for side in upgrade.sides}
    for settings in every_settings(upgrade.site):
        environment = settings.origin.environment
        if environment is not None and environment not in names:
            continue
        for at, value in raw_values(settings):
            inner = at[2:] if at[:1] == ("environments",) else at
            if inner[0] == CHARTS[upgrade.chart].section:
                yield at, inner[2:], value


_FACTS: tuple[Callable[[Upgrade], Iterator[Fact]], ...] = (
    _unknown,
    _parts,
    _security,
    _kubernetes,
    _database,
    _notes,
    _images,
    _partners,
    _values,
)


def _listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def releases_in_use(site: Site) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Which environments run what: chart -> the pin's text -> their names."""
    found: dict[str, dict[str, tuple[str, ...]]] = {chart: {} for chart in CHARTS}
    for environment in site.environments:
        for chart, pin in environment.settings.charts.items():
            if CHARTS[chart].is_used(environment.settings):
                names = found[chart].get(pin.text, ())
                found[chart][pin.text] = (*names, environment.name)
    return found
