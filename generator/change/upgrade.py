"""What an upgrade of a chart brings, from the table of known releases. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from generator.change.sides import EnvironmentSide, Side, Step
from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.lint import history
from generator.lint.consequences import Consequences, Weight, before
from generator.lint.rules.base import every_settings
from generator.lint.written import raw_values
from generator.records import record, replace
from generator.site.app import ChartPin
from generator.site.model import Site
from generator.site.profiles import PROFILES
from generator.site.releases import GATEWAY, HUB, ChartRelease
from generator.versions import Version

# What tells the line of a Pointer, as `site.yaml:41`.
Where = Callable[[Pointer], str]
# A title, and lines that are sentences, or commands to copy.
Fact = tuple[str, Sequence[str]]


# The KubeSpawner that spells names in another way, and what it spells so.
_SAFE_NAMES = Version.parse("7.0.0")
_RENAMED = ("{username}", "{servername}", "{user_server}")


def _part(node: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


@record
class Upgrade:
    """A chart that goes from one exact version to another in some environments.

    `step` are both versions. `sides` are those environments as they will be, of the newer site.
    """

    site: Site
    chart: str
    old: ChartPin
    new: ChartPin
    step: tuple[Version, Version]
    sides: tuple[EnvironmentSide, ...] = ()
    where: Where

    @property
    def parts(self) -> tuple[ChartRelease, ChartRelease]:
        """What both versions carry; of an unknown one, what the nearest carries."""
        old, new = (self.site.versions.nearest(self.chart, version) for version in self.step)
        return old, new

    def loses_homes(self, side: EnvironmentSide) -> bool:
        """Whether KubeSpawner 7 comes, and would look for homes by other names (kubespawner#937).

        `claim-{user_server}` is its default; the names of claims by `escape` are those of before.
        """
        was, will = (Version.parse(release.kubespawner) for release in self.parts)
        values = side.values[HUB]
        storage = _part(values, "singleuser", "storage")
        spawner = {**_part(values, "hub", "config", "Spawner")}
        spawner |= _part(values, "hub", "config", "KubeSpawner")
        template = _part(storage, "dynamic").get("pvcNameTemplate")
        named = spawner.get("pvc_name_template") or template or "{user_server}"
        return (
            was < _SAFE_NAMES <= will
            and storage.get("type", "dynamic") == "dynamic"
            and spawner.get("slug_scheme") != "escape"
            and any(name in str(named) for name in _RENAMED)
        )

    def passes(self, since: str) -> bool:
        """Whether the upgrade goes past a version of the chart, or reaches it."""
        return self.step[0] < Version.parse(since) <= self.step[1]


def upgrades(before: Side, after: Side, where: Where) -> tuple[Upgrade, ...]:
    """Each upgrade, once for all environments that make it together."""
    made: dict[tuple[str, str, str], Upgrade] = {}
    for chart in CHARTS:
        for name, side in after.environments.items():
            older = before.environments.get(name)
            old, new = older.pin(chart) if older is not None else None, side.pin(chart)
            if old is None or new is None or old.version is None or new.version is None:
                continue
            if old.text != new.text:
                one = made.get((chart, old.text, new.text)) or Upgrade(
                    site=after.site,
                    chart=chart,
                    old=old,
                    new=new,
                    step=(old.version, new.version),
                    where=where,
                )
                made[chart, old.text, new.text] = replace(one, sides=(*one.sides, side))
    return tuple(made.values())


def of_step(step: Step, chart: str) -> Upgrade | None:
    """The upgrade of a chart that one environment makes; None where it makes none."""
    old, new = (side.pin(chart) for side in step.sides)
    if old is None or new is None or old.text == new.text:
        return None
    if old.version is None or new.version is None:
        return None
    return Upgrade(
        site=step.after.site,
        chart=chart,
        old=old,
        new=new,
        step=(old.version, new.version),
        sides=(step.after,),
        where=lambda at: ".".join(map(str, at)),
    )


def consequences(upgrade: Upgrade, *, keeps_homes: bool) -> Consequences:
    """What an upgrade brings beside restarts: fixed vulnerabilities, homes, values that moved.

    A hub that comes to another place has no homes yet.
    """
    head = f"chart {upgrade.chart} {upgrade.old.text} -> {upgrade.new.text}"
    if fixed := _fixed(upgrade):
        yield Weight.NOTE.of(f"{head} fixes vulnerabilities: {'; '.join(fixed)}")
    old, new = upgrade.step
    is_known = upgrade.site.versions.is_known(upgrade.chart, old)
    if new < old and is_known and (lost := _fixed(replace(upgrade, step=(new, old)))):
        yield Weight.NOTE.of(f"{head} takes back fixes of vulnerabilities: {'; '.join(lost)}")
    if keeps_homes and upgrade.chart == HUB and any(map(upgrade.loses_homes, upgrade.sides)):
        yield Weight.DATA.of(
            f"{head}: a server that runs through the upgrade later starts with an empty home, "
            "where its user's name has other characters than a-z and 0-9",
            before(
                "stop all servers (admin panel, Stop All), or keep the old names of the claims by "
                "hub.config.KubeSpawner.slug_scheme: escape"
            ),
        )
    for at, text in _moved(upgrade).items():
        place = upgrade.where(at)
        yield replace(Weight.NOTE.of(f"{head}: {place}: {text}"), at=at)


def facts(upgrade: Upgrade) -> Iterator[Fact]:
    """What an upgrade brings, from the table of known releases."""
    known, (was, will) = upgrade.site.versions, upgrade.parts
    is_known = known.is_known(upgrade.chart, upgrade.step[0])
    if not known.is_known(upgrade.chart, upgrade.step[1]):
        line = (
            f"{upgrade.chart} {upgrade.new.text} is not known: what follows is about "
            f"{will.version}. Read the chart's changelog, or add a row under 'versions'"
        )
        yield "not known", (line,)
    for name, version in will.parts.items():
        earlier = was.parts[name] if is_known else "unknown"
        line = f"stays {version}" if earlier == version else f"{earlier} -> {version}"
        yield "JupyterHub" if name == HUB else name, (line,)
    if fixed := _fixed(upgrade):
        yield "fixes", fixed
    yield "Kubernetes", (_kubernetes(upgrade),)
    yield from _database(upgrade)
    for note in known.notes:
        if note.part in will.parts:
            before, after = (Version.parse(release.parts[note.part]) for release in (was, will))
            if before < Version.parse(note.since) <= after:
                yield note.about, (f"{note.part} {note.since}: {note.text}",)
    yield from _images(upgrade)
    yield from _partners(upgrade)
    yield from _values(upgrade)


def _fixed(upgrade: Upgrade) -> list[str]:
    """The releases that fix vulnerabilities, with the names of these."""
    return [
        f"{release.version}: {', '.join(release.security)}"
        for release in upgrade.site.versions.releases(upgrade.chart)
        if release.security and upgrade.passes(release.version)
    ]


def _kubernetes(upgrade: Upgrade) -> str:
    needed = upgrade.site.versions.needed_kubernetes(upgrade.chart, upgrade.step[1])
    clusters = {side.cluster.name: side.cluster.kubernetes for side in upgrade.sides}
    judged = (
        f"{name} is at {version}, {'enough' if version >= needed else 'too old'}"
        for name, version in clusters.items()
    )
    return "; ".join((f"needs Kubernetes {needed}", *judged))


def _database(upgrade: Upgrade) -> Iterator[Fact]:
    move = history.hub_move(upgrade.site.versions, upgrade.old, upgrade.new)
    if upgrade.chart != HUB or move is None or move.was == move.will is not None:
        return
    if move.keeps_database:
        yield "database", (move.database,)
        return
    copies = (
        f"{side.environment.name}, with kubectl's context on {side.cluster.name}: "
        f"{history.copy_of_database(side.environment).command}"
        for side in upgrade.sides
    )
    yield "database", (f"{move.database}. Copy it before the merge:", *copies)


def _images(upgrade: Upgrade) -> Iterator[Fact]:
    was, will = upgrade.parts
    if upgrade.chart not in (HUB, GATEWAY):
        return
    if upgrade.chart == HUB and was.jupyterhub == will.jupyterhub:
        return
    is_hub, carried = upgrade.chart == HUB, f"jupyterhub {will.jupyterhub}"
    if not is_hub:
        python = f" (Python {will.python} or newer)" if will.python else ""
        carried = f"dask-gateway {upgrade.new.text}{python}"
    images: dict[str, None] = {}
    for side in upgrade.sides:
        for index, (name, profile) in enumerate(side.profiles.items()):
            if is_hub and profile.jupyterhub == will.jupyterhub:
                continue
            declared = ""
            if is_hub and profile.jupyterhub is not None:
                place = side.settings.origin.at(*PROFILES, index, "jupyterhub")
                declared = f"; then change 'jupyterhub: {profile.jupyterhub}' at "
                declared += upgrade.where(place)
            images[f"{name}: {profile.image}{declared}"] = None
    for side in () if is_hub else upgrade.sides:
        if side.settings.dask is not None and side.settings.dask.worker_image is not None:
            images[f"workers: {side.settings.dask.worker_image}"] = None
    if images:
        yield "images", (f"rebuild with {carried}:", *images)


def _partners(upgrade: Upgrade) -> Iterator[Fact]:
    other = {HUB: GATEWAY, GATEWAY: HUB}.get(upgrade.chart, "")
    running: dict[str, list[str]] = {}
    for side in upgrade.sides:
        if pin := side.pin(other):
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
    yield "partner", ("; ".join(filter(None, (works, apart))),)


def _values(upgrade: Upgrade) -> Iterator[Fact]:
    found = _moved(upgrade)
    if found:
        places = {at: f"{upgrade.where(at)}: {'.'.join(map(str, at))}" for at in found}
        yield "values", [f"{place}: {found[at]}" for at, place in places.items()]


def _moved(upgrade: Upgrade) -> dict[Pointer, str]:
    """The site's own values that mean something else after the upgrade, and what to write."""
    crossed = [
        moved
        for moved in upgrade.site.versions.moved
        if moved.chart == upgrade.chart and upgrade.passes(moved.since)
    ]
    return {
        at: moved.text
        for at, path, value in (_raw(upgrade) if crossed else ())
        for moved in crossed
        if moved.is_met(path, value)
    }


def _raw(upgrade: Upgrade) -> Iterator[tuple[Pointer, Pointer, object]]:
    """The site's own values of the chart: the place of each, its path in the chart, and itself."""
    names = {None, *(side.environment.name for side in upgrade.sides)}
    for settings in every_settings(upgrade.site):
        for at, value in raw_values(settings) if settings.origin.environment in names else ():
            inner = at[2:] if at[:1] == ("environments",) else at
            if inner[0] == CHARTS[upgrade.chart].section:
                yield at, inner[2:], value


def _listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def releases_in_use(site: Site) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Which environments run what: chart -> the pin's text -> their names."""
    found: dict[str, dict[str, list[str]]] = {chart: {} for chart in CHARTS}
    for environment in site.environments:
        for chart, pin in environment.settings.charts.items():
            if CHARTS[chart].is_used(environment.settings):
                found[chart].setdefault(pin.text, []).append(environment.name)
    return found
