"""Upgrades of charts, and the table of known releases, as text for a terminal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from generator.change.effects import chart_upgrade
from generator.change.review import Chapter, Review
from generator.change.upgrade import Upgrade, facts
from generator.report.columns import aligned
from generator.site.releases import GATEWAY, HUB, ChartRelease, Versions
from generator.versions import Version

_WIDTH = 15


def consequences(upgrades: Sequence[Upgrade], found: Review) -> str:
    """What each upgrade brings, and what the change does besides."""
    parts = ["".join(_upgrade(one)) for one in upgrades]
    chapters = ["".join(_chapter(one)) for one in (*found.environments, *found.clusters)]
    parts += [f"at the merge, {text}" for text in chapters if text]
    return "".join(f"\n{part}" for part in parts)


def _upgrade(upgrade: Upgrade) -> Iterator[str]:
    names = ", ".join(side.environment.name for side in upgrade.sides)
    yield f"{names}: chart {upgrade.chart} {upgrade.old.text} -> {upgrade.new.text}\n"
    for fact in facts(upgrade):
        first, *others = fact.lines
        yield f"  {fact.title:<{_WIDTH}} {first}\n"
        yield from (f"  {'':<{_WIDTH}}   {line}\n" for line in others)


def _chapter(chapter: Chapter) -> Iterator[str]:
    """The effects, but for what the facts about the hub's chart tell above."""
    listed = [
        one
        for one in chapter.consequences
        if one.code != chart_upgrade.CODE or not one.sentence.startswith(f"chart {HUB} ")
    ]
    if not listed:
        return
    yield f"{', '.join(chapter.names)}\n"
    for one in listed:
        yield f"  {one.code} {one.sentence}\n"
        for act in one.acts:
            yield f"       {act.when}: {act.text}\n"


def releases(known: Versions, running: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    """The known releases, the newest first, with who runs what and what fixes vulnerabilities."""
    tables = (
        _table(
            [head, *(row(one, known) for one in reversed(known.releases(chart)))],
            ["", *_marks(known.releases(chart), running.get(chart, {}))],
        )
        for chart, (head, row) in _TABLES.items()
    )
    stray = "".join(_strays(known, running))
    legend = (
        "The last column: tested releases of the other chart. '*': the release fixes "
        "vulnerabilities.\n"
    )
    return "\n".join(filter(None, (*tables, stray, legend)))


_TABLES: Mapping[
    str, tuple[tuple[str, ...], Callable[[ChartRelease, Versions], tuple[str, ...]]]
] = {
    HUB: (
        ("jupyterhub", "JupyterHub", "kubespawner", "oauthenticator", "Kubernetes", GATEWAY),
        lambda one, known: (
            *(one.version, *one.parts.values(), one.kubernetes),
            _partners(known, HUB, one),
        ),
    ),
    GATEWAY: (
        (GATEWAY, "client's Python", "Kubernetes", HUB),
        lambda one, known: (
            *(one.version, one.python, one.kubernetes),
            _partners(known, GATEWAY, one),
        ),
    ),
}


def _partners(known: Versions, chart: str, release: ChartRelease) -> str:
    return ", ".join(known.partners(chart, Version.parse(release.version)))


def _marks(table: Sequence[ChartRelease], running: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """After each row, the newest first: the advisories, and who runs it and how far behind."""
    for index in range(len(table) - 1, -1, -1):
        one = table[index]
        said = [f"* {', '.join(one.security)}"] if one.security else []
        if one.version in running:
            newer = sum(bool(other.security) for other in table[index + 1 :])
            behind = f" ({newer} newer with fixed vulnerabilities)" if newer else ""
            said.append(f"<- {', '.join(running[one.version])}{behind}")
        yield "  ".join(said)


def _table(rows: Sequence[tuple[str, ...]], marks: Iterable[str]) -> str:
    lines = zip(aligned(rows), marks, strict=True)
    return "".join(f"{f'{line}  {mark}'.rstrip()}\n" for line, mark in lines)


def _strays(known: Versions, running: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[str]:
    """Those that run a release without a row."""
    for chart, pins in running.items():
        rows = {one.version for one in known.releases(chart)}
        for version, names in pins.items():
            if version not in rows:
                yield f"{', '.join(names)}: {chart} {version}, which hubops does not know\n"
