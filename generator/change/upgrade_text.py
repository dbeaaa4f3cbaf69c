"""Upgrades of charts, and the table of known releases, as text for a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.change.effects import upgraded
from generator.change.review import Chapter, Review
from generator.change.upgrade import Upgrade, facts
from generator.credentials import printable
from generator.report.columns import aligned
from generator.site.model import Cluster
from generator.site.releases import GATEWAY, HUB, ChartRelease, Versions
from generator.site.support import ARGOCD, INGRESS, KUBERNETES
from generator.versions import Version

_WIDTH = 15


def consequences(upgrades: Sequence[Upgrade], found: Review) -> str:
    """What each upgrade brings, and what the change does besides."""
    chapters = ("".join(_chapter(one)) for one in found.chapters)
    parts = (*map(_upgrade, upgrades), *(f"at the merge, {text}" for text in chapters if text))
    return "".join(f"\n{part}" for part in parts)


def _upgrade(upgrade: Upgrade) -> str:
    names = ", ".join(side.environment.name for side in upgrade.sides)
    pins = printable(f"{upgrade.old.text} -> {upgrade.new.text}")
    text = f"{names}: chart {upgrade.chart} {pins}\n"
    for title, (first, *others) in facts(upgrade):
        text += f"  {title:<{_WIDTH}} {printable(first)}\n"
        text += "".join(f"  {'':<{_WIDTH}}   {printable(line)}\n" for line in others)
    return text


def _chapter(chapter: Chapter) -> Iterator[str]:
    """The effects, but for what the facts about the hub's chart tell above."""
    listed = [one for one in chapter.consequences if upgraded(one) != HUB]
    if listed:
        yield f"{', '.join(chapter.names)}\n"
    for one in listed:
        yield f"  {one.code} {printable(one.sentence)}\n"
        yield from (f"       {act.when}: {printable(act.text)}\n" for act in one.acts)


def releases(
    known: Versions,
    running: Mapping[str, Mapping[str, Sequence[str]]],
    clusters: Iterable[Cluster] = (),
) -> str:
    """The known releases, the newest first, with who runs what and what fixes vulnerabilities.

    Below them, until when each Kubernetes, Argo CD and ingress controller gets fixes.
    """
    hub: list[tuple[str, ...]] = [
        ("jupyterhub", "JupyterHub", "kubespawner", "oauthenticator", "Kubernetes", GATEWAY)
    ]
    hub += [
        (one.version, *one.parts.values(), one.kubernetes, _partners(known, HUB, one))
        for one in reversed(known.releases(HUB))
    ]
    gateway: list[tuple[str, ...]] = [(GATEWAY, "client's Python", "Kubernetes", HUB)]
    gateway += [
        (one.version, one.python, one.kubernetes, _partners(known, GATEWAY, one))
        for one in reversed(known.releases(GATEWAY))
    ]
    # Those that run a release without a row.
    strays = "".join(
        f"{', '.join(names)}: {chart} {printable(version)}, which hubops does not know\n"
        for chart, pins in running.items()
        for version, names in pins.items()
        if version not in {one.version for one in known.releases(chart)}
    )
    parts = (
        _table(hub, known.releases(HUB), running.get(HUB, {})),
        _table(gateway, known.releases(GATEWAY), running.get(GATEWAY, {})),
        strays,
        _support(known, tuple(clusters)),
        "The last column: tested releases of the other chart. '*': the release fixes "
        "vulnerabilities.\n",
    )
    return "\n".join(filter(None, parts))


def _support(known: Versions, clusters: Sequence[Cluster]) -> str:
    """What gets fixes until when, the newest first, and the clusters that run it."""
    versions = {
        KUBERNETES: ("Kubernetes", [one.kubernetes for one in clusters]),
        ARGOCD: ("Argo CD", [one.argocd for one in clusters]),
    }
    support, text = known.support, ""
    for kind, (title, run) in versions.items():
        found = [support.find(kind, version) for version in run]
        rows: list[tuple[str, ...]] = [(title, "released", "fixes until", "clusters")]
        for row in reversed([*support.rows.get(kind, {}).values()]):
            users = (one.name for one, its in zip(clusters, found, strict=True) if its is row)
            rows.append((row.name, row.released, row.until, ", ".join(users)))
        text += "".join(f"{printable(line).rstrip()}\n" for line in aligned(rows)) + "\n"
    for row in support.rows.get(INGRESS, {}).values():
        text += f"{row.name}: fixes until {row.until}\n" if row.until else ""
    return f"{text}As of {support.of}.\n"


def _partners(known: Versions, chart: str, release: ChartRelease) -> str:
    return ", ".join(known.partners(chart, Version.parse(release.version)))


def _table(
    rows: Sequence[Sequence[str]],
    table: Sequence[ChartRelease],
    running: Mapping[str, Sequence[str]],
) -> str:
    """Rows below a head; after each the advisories, and who runs it and how far behind."""
    marks, newer = [], 0
    for one in reversed(table):
        said = [f"* {', '.join(one.security)}"] if one.security else []
        if one.version in running:
            behind = f" ({newer} newer with fixed vulnerabilities)" if newer else ""
            said.append(f"<- {', '.join(running[one.version])}{behind}")
        newer += bool(one.security)
        marks.append("  ".join(said))
    lines = zip(aligned(rows), ["", *marks], strict=True)
    return "".join(f"{f'{line}  {mark}'.rstrip()}\n" for line, mark in lines)
