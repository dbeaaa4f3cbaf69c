"""What moving a chart pin brings, from the table of known releases. Pure.

Environments that go from one release to another together are told as one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.change.effects.chart_upgrade import copy_command
from generator.change.sides import Place, Side
from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.lint.rules.base import every_settings, raw_values
from generator.records import record
from generator.site.model import ChartPin, Hub, Settings, Site
from generator.site.releases import GATEWAY, HUB, ChartRelease
from generator.versions import Version

# Where a Pointer stands, as `site.yaml:41`.
Where = Callable[[Pointer], str]

_SECTIONS = {"jupyterhub": HUB, "daskGateway": GATEWAY}


@record
class Fact:
    """One thing to know; its lines are sentences, or commands to copy."""

    title: str
    lines: tuple[str, ...]


@record
class Upgrade:
    """A chart that goes from one release to another in some environments."""

    environments: tuple[str, ...]
    chart: str
    old: str
    new: str
    facts: tuple[Fact, ...]


@record
class _Move:
    """The same with the two sites, and the environments as they are then."""

    site: Site
    chart: str
    old: Version
    new: Version
    places: tuple[Place, ...]
    where: Where

    @property
    def was(self) -> ChartRelease:
        """What the older release brings."""
        return self.site.versions.nearest(self.chart, self.old)

    @property
    def will(self) -> ChartRelease:
        """What the newer release brings."""
        return self.site.versions.nearest(self.chart, self.new)

    def changes(self, part: str) -> bool:
        """Whether a part that the chart carries changes its version."""
        return self.was.parts.get(part) != self.will.parts.get(part)


def upgrades(before: Site, after: Site, where: Where) -> tuple[Upgrade, ...]:
    """Each chart that moves, and what that brings; exact versions only, for others are refused."""
    return tuple(
        Upgrade(
            environments=tuple(place.environment.name for place in move.places),
            chart=move.chart,
            old=move.old.text,
            new=move.new.text,
            facts=tuple(fact for part in _FACTS for fact in part(move)),
        )
        for move in _moves(before, after, where)
    )


def going_back(before: Site, after: Site) -> tuple[tuple[str, ChartPin, ChartPin], ...]:
    """The environments whose hub could not read its database any more, with the two pins."""
    known = after.versions
    return tuple(
        (place.environment.name, old, new)
        for place, old, new in _moved(before, after)
        if old.name == HUB and old.version and new.version and new.version < old.version
        if not known.keeps_database(old.version, new.version)
    )


def _moved(before: Site, after: Site) -> Iterator[tuple[Place, ChartPin, ChartPin]]:
    earlier = Side(site=before).places
    for chart in (HUB, GATEWAY):
        for name, place in Side(site=after).places.items():
            old = earlier[name].pin(chart) if name in earlier else None
            new = place.pin(chart)
            if old is not None and new is not None and old.text != new.text:
                yield place, old, new


def _moves(before: Site, after: Site, where: Where) -> Iterator[_Move]:
    groups: dict[tuple[str, Version, Version], list[Place]] = {}
    for place, old, new in _moved(before, after):
        if old.version is not None and new.version is not None:
            groups.setdefault((new.name, old.version, new.version), []).append(place)
    for (chart, was, will), places in groups.items():
        yield _Move(site=after, chart=chart, old=was, new=will, places=tuple(places), where=where)


def _unknown(move: _Move) -> Iterator[Fact]:
    if not move.site.versions.is_known(move.chart, move.new):
        line = (
            f"{move.chart} {move.new} is not known: all that follows is taken from "
            f"{move.will.version}. Read the chart's changelog, or add a row under 'versions'"
        )
        yield Fact(title="not known", lines=(line,))


def _parts(move: _Move) -> Iterator[Fact]:
    was, will = move.was.parts, move.will.parts
    for name in will:
        stays = was[name] == will[name]
        line = f"stays {will[name]}" if stays else f"{was[name]} -> {will[name]}"
        yield Fact(title="JupyterHub" if name == HUB else name, lines=(line,))


def _security(move: _Move) -> Iterator[Fact]:
    mended = tuple(
        f"{one.version}: {', '.join(one.security)}"
        for one in move.site.versions.releases(move.chart)
        if one.security and move.old < Version.parse(one.version) <= move.new
    )
    if mended:
        yield Fact(title="mends", lines=mended)


def _kubernetes(move: _Move) -> Iterator[Fact]:
    needed = move.site.versions.needed_kubernetes(move.chart, move.new)
    clusters = {place.cluster.name: place.cluster for place in move.places}
    stand = (
        f"{name} is at {one.kubernetes}, {'enough' if one.kubernetes >= needed else 'too old'}"
        for name, one in clusters.items()
    )
    yield Fact(title="Kubernetes", lines=("; ".join((f"needs Kubernetes {needed}", *stand)),))


def _database(move: _Move) -> Iterator[Fact]:
    if move.chart != HUB:
        return
    if move.site.versions.keeps_database(move.old, move.new):
        if move.changes(HUB):
            line = f"keeps its form: JupyterHub {move.was.jupyterhub} can still read it"
            yield Fact(title="database", lines=(line,))
        return
    line = (
        f"one way: JupyterHub {move.will.jupyterhub} upgrades it when it starts, and "
        f"{move.was.jupyterhub} can't read it again. Copy it before the merge:"
        if move.was.database != move.will.database
        else "may be upgraded, and can't go back then. Copy it before the merge:"
    )
    copies = (f"{_placed(place)}: {copy_command(place)}" for place in move.places)
    yield Fact(title="database", lines=(line, *copies))


def _placed(place: Place) -> str:
    return f"{place.environment.name}, with kubectl's context on {place.cluster.name}"


def _notes(move: _Move) -> Iterator[Fact]:
    was, will = move.was.parts, move.will.parts
    for note in move.site.versions.notes:
        if note.part in will:
            since = Version.parse(note.since)
            if Version.parse(was[note.part]) < since <= Version.parse(will[note.part]):
                yield Fact(title=note.about, lines=(f"{note.part} {note.since}: {note.text}",))


def _images(move: _Move) -> Iterator[Fact]:
    """The images to build anew, each once, with what they are to carry."""
    if move.chart == HUB:
        if not move.changes(HUB):
            return
        carried, images = f"jupyterhub {move.will.jupyterhub}", _notebooks(move)
    else:
        python = f" (Python {move.will.python} or newer)" if move.will.python else ""
        carried, images = f"dask-gateway {move.new}{python}", _with_workers(move)
    lines = dict.fromkeys(images)
    yield Fact(title="images", lines=(f"build anew, with {carried}:", *lines))


def _notebooks(move: _Move) -> Iterator[str]:
    for settings, hub in _hubs(move):
        for index, profile in enumerate(hub.profiles):
            declared = ""
            if profile.jupyterhub is not None:
                at = ("jupyterhub", "servers", "profiles", index, "jupyterhub")
                place = move.where(settings.origin.at(*at))
                declared = f"; then change 'jupyterhub: {profile.jupyterhub}' at {place}"
            yield f"{profile.slug or profile.name}: {profile.image}{declared}"


def _with_workers(move: _Move) -> Iterator[str]:
    for _, hub in _hubs(move):
        yield from (f"{one.slug or one.name}: {one.image}" for one in hub.profiles)
    for place in move.places:
        dask = place.environment.settings.dask
        if dask is not None and dask.worker_image is not None:
            yield f"workers: {dask.worker_image}"


def _hubs(move: _Move) -> Iterator[tuple[Settings, Hub]]:
    for place in move.places:
        settings = place.environment.settings
        if settings.hub is not None:
            yield settings, settings.hub


def _clusters(move: _Move) -> Iterator[Fact]:
    if move.chart == GATEWAY:
        line = "end running Dask clusters before the merge: they are cut off"
        yield Fact(title="Dask clusters", lines=(line,))


def _partners(move: _Move) -> Iterator[Fact]:
    other = GATEWAY if move.chart == HUB else HUB
    running: dict[str, list[str]] = {}
    for place in move.places:
        pin = place.pin(other)
        if pin is not None:
            running.setdefault(pin.text, []).append(place.environment.name)
    if not running:
        return
    seen = move.site.versions.partners(move.chart, move.new)
    head = f"seen to work with {other} {_either(seen)}" if seen else f"not seen with any {other}"
    apart = "; ".join(
        f"{_both(names)} {'run' if len(names) > 1 else 'runs'} {version}: try that pair first"
        for version, names in running.items()
        if version not in seen
    )
    yield Fact(title="partner", lines=(f"{head}; {apart}" if apart else head,))


def _values(move: _Move) -> Iterator[Fact]:
    """What this site's own values hold that means something else from then on."""
    crossed = [
        moved
        for moved in move.site.versions.moved
        if moved.chart == move.chart and move.old < Version.parse(moved.since) <= move.new
    ]
    found = {
        at: moved.text
        for at, path, value in (_raw(move) if crossed else ())
        for moved in crossed
        if moved.is_met(path, value)
    }
    lines = (f"{move.where(at)}: {'.'.join(map(str, at))}: {text}" for at, text in found.items())
    if found:
        yield Fact(title="values", lines=tuple(lines))


def _raw(move: _Move) -> Iterator[tuple[Pointer, Pointer, object]]:
    """The site's own values of the chart: where each stands, its path in the chart, and itself."""
    names = {place.environment.name for place in move.places}
    for settings in every_settings(move.site):
        environment = settings.origin.environment
        if environment is not None and environment not in names:
            continue
        for at, value in raw_values(settings):
            inner = at[2:] if at[:1] == ("environments",) else at
            if _SECTIONS[str(inner[0])] == move.chart:
                yield at, inner[2:], value


_FACTS: tuple[Callable[[_Move], Iterable[Fact]], ...] = (
    _unknown,
    _parts,
    _security,
    _kubernetes,
    _database,
    _notes,
    _images,
    _clusters,
    _partners,
    _values,
)


def _both(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def running(site: Site) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Which environments run what: chart -> the pin's text -> their names."""
    found: dict[str, dict[str, tuple[str, ...]]] = {chart: {} for chart in CHARTS}
    for environment in site.environments:
        for chart, pin in environment.settings.charts.items():
            if chart == HUB or environment.settings.dask is not None:
                names = found[chart].get(pin.text, ())
                found[chart][pin.text] = (*names, environment.name)
    return found
