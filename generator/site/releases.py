"""The chart releases that are known: what each brings, which pairs work, what moves between them.

The packaged table stands in generator/charts/versions.json, with its sources; a site's own rows
(`versions` in site.yaml) extend it and take the place of equal ones.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from generator.records import record, replace
from generator.site.support import Support
from generator.versions import Version

Raw = Mapping[str, Any]
Path = tuple[str | int, ...]

HUB, GATEWAY = "jupyterhub", "dask-gateway"
# What a row must say of a chart's release, beside the Kubernetes that each needs.
_NEEDED = {HUB: (HUB, "kubespawner", "oauthenticator", "kubernetes")}
_TEXTS = (
    *("kubernetes", "jupyterhub", "kubespawner", "oauthenticator", "database", "image"),
    *("proxy", "traefik", "python", "crds", "released"),
)


@record
class ChartRelease:
    """One release of a chart; versions as they are spelled.

    Of `jupyterhub` what it carries, its proxy among it, the newest revision of its database, and an
    image with a Dask client that fits it and the releases after it (each "" where none is known);
    of `dask-gateway` the oldest Python that its client runs on, and its CRDs, which are the same
    where this is; of both the tag of Traefik's image. `security` are the vulnerabilities that it
    fixes first.
    """

    version: str
    kubernetes: str
    jupyterhub: str = ""
    kubespawner: str = ""
    oauthenticator: str = ""
    proxy: str = ""
    traefik: str = ""
    database: str = ""
    image: str = ""
    python: str = ""
    crds: str = ""
    released: str = ""
    security: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, str]:
        """What it carries, by name."""
        parts = {name: getattr(self, name) for name in (HUB, "kubespawner", "oauthenticator")}
        return {name: version for name, version in parts.items() if version}


@record
class Note:
    """What everybody notices of a part (`kubespawner`) from one of its versions on."""

    part: str
    since: str
    about: str
    text: str


@record
class Moved:
    """Chart values that mean something else from a release on; a pattern for each step to them.

    With `contains`, only texts at the path or below that it is found in.
    """

    chart: str
    since: str
    path: tuple[str, ...]
    text: str
    contains: str = ""

    def is_met(self, path: Path, value: Any) -> bool:
        """Whether a value of a site is one of them; a value below one is not."""
        steps = tuple(map(str, path))
        if self.contains and not (isinstance(value, str) and re.search(self.contains, value)):
            return False
        if len(steps) != len(self.path) and not (self.contains and len(steps) > len(self.path)):
            return False
        met = zip(self.path, steps, strict=False)
        return all(re.fullmatch(pattern, step) for pattern, step in met)


@record
class Versions:
    """The known releases of charts, each once and in order, and the pairs seen to work.

    Of a chart without any, nothing is assumed: each of its releases is taken for itself.
    """

    charts: dict[str, tuple[ChartRelease, ...]]
    pairs: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    moved: tuple[Moved, ...] = ()
    support: Support = Support()

    @classmethod
    def of(cls, raw: Raw) -> "Versions":
        """The table that a data file or a site describes; rows without what they need are left."""
        notes = tuple(Note(**note) for note in raw.get("notes", ()))
        moved = tuple(
            Moved(**{**row, "path": tuple(row["path"].split())}) for row in raw.get("moved", ())
        )
        return cls(
            charts={
                chart: found
                for chart, rows in raw.items()
                if (found := _releases(rows, _NEEDED.get(chart, ("kubernetes",))))
            },
            pairs=tuple(_pairs(raw.get("pairs"))),
            notes=notes,
            moved=moved,
            support=Support.read(_mapping(raw.get("support"))),
        )

    def extended(self, raw: Raw) -> "Versions":
        """The table with a site's own rows."""
        own = Versions.of({key: rows for key, rows in raw.items() if key not in ("notes", "moved")})
        support = self.support.extended(_mapping(raw.get("support")))
        if not (own.charts or own.pairs):
            return replace(self, support=support) if raw.get("support") else self
        pairs = dict.fromkeys((*self.pairs, *own.pairs))
        return replace(
            self,
            charts=self.charts
            | {chart: _merged(self.releases(chart), rows) for chart, rows in own.charts.items()},
            pairs=tuple(sorted(pairs, key=_parsed)),
            support=support,
        )

    def releases(self, chart: str) -> tuple[ChartRelease, ...]:
        """The known releases of a chart, the oldest first."""
        return self.charts.get(chart, ())

    def exact(self, chart: str, version: Version) -> ChartRelease:
        """The release itself; of an unknown one no more than its version."""
        if self.is_known(chart, version):
            return self.nearest(chart, version)
        return ChartRelease(version=version.text, kubernetes="")

    def is_known(self, chart: str, version: Version) -> bool:
        """Whether a chart's release stands in the table."""
        return chart not in self.charts or version in self._tables[chart]

    def nearest(self, chart: str, version: Version) -> ChartRelease:
        """The release itself, or what an unknown one is taken for: the newest known up to it.

        A pre-release is taken for the newest one before it with the same first number, and where
        there is none for its release: the first of a new series already has what the series brings.
        """
        if chart not in self.charts:
            return ChartRelease(version=version.text, kubernetes="0.0")
        at = (chart, version)
        if at not in self._found:
            known = self._tables[chart]
            before = [release for release in known if release.numbers <= version.numbers]
            series = [
                one for one in before if one <= version and one.numbers[0] == version.numbers[0]
            ]
            self._found[at] = known[max(series or before, default=min(known))]
        return self._found[at]

    def hub_release(self, version: Version) -> ChartRelease:
        """What a release of `jupyterhub` carries; an unknown one, what the nearest carries."""
        return self.nearest(HUB, version)

    def needed_kubernetes(self, chart: str, version: Version) -> Version:
        """The oldest Kubernetes that a release accepts (`kubeVersion` of its Chart.yaml)."""
        return Version.parse(self.nearest(chart, version).kubernetes)

    def keeps_database(self, old: Version, new: Version) -> bool:
        """Whether both releases are known to have the same revision of the hub's database."""
        if not (self.is_known(HUB, old) and self.is_known(HUB, new)):
            return False
        was, will = self.hub_release(old), self.hub_release(new)
        return was.jupyterhub == will.jupyterhub or was.database == will.database != ""

    def keeps_proxy(self, old: Version, new: Version) -> bool:
        """Whether both releases are known to have the same pod of the proxy."""
        if not (self.is_known(HUB, old) and self.is_known(HUB, new)):
            return False
        return self.hub_release(old).proxy == self.hub_release(new).proxy != ""

    def keeps_crds(self, old: Version, new: Version) -> bool:
        """Whether both releases are known to bring the same CRDs of Dask Gateway."""
        if not (self.is_known(GATEWAY, old) and self.is_known(GATEWAY, new)):
            return old == new
        was, will = (self.nearest(GATEWAY, version).crds for version in (old, new))
        return old == new or was == will != ""

    def are_a_pair(self, hub: Version, gateway: Version) -> bool:
        """Whether two releases were seen to work together."""
        return (hub, gateway) in self._parsed_pairs

    def nearest_pairs(self, hub: Version, gateway: Version) -> tuple[tuple[str, str], ...]:
        """The pairs that two releases come near to, the lower first.

        Those with the same `jupyterhub`; where there is none, the next below and the next above.
        """
        pairs = self._parsed_pairs
        same = [pair for pair in pairs if pair[0] == hub]
        below = [pair for pair in pairs if pair[0] < hub]
        above = [pair for pair in pairs if pair[0] > hub]
        last = sorted(below, key=lambda pair: (pair[0], pair[1] == gateway))[-1:]
        first = sorted(above, key=lambda pair: (pair[0], pair[1] != gateway))[:1]
        return tuple((one.text, other.text) for one, other in same or last + first)

    def partners(self, chart: str, version: Version) -> tuple[str, ...]:
        """The releases of the other chart that one was seen to work with."""
        mine, other = (0, 1) if chart == HUB else (1, 0)
        return tuple(pair[other].text for pair in self._parsed_pairs if pair[mine] == version)

    @cached_property
    def _tables(self) -> dict[str, dict[Version, ChartRelease]]:
        return {
            chart: {Version.parse(one.version): one for one in releases}
            for chart, releases in self.charts.items()
        }

    @cached_property
    def _found(self) -> dict[tuple[str, Version], ChartRelease]:
        return {}

    @cached_property
    def _parsed_pairs(self) -> tuple[tuple[Version, Version], ...]:
        return tuple(sorted(map(_parsed, self.pairs)))


def _releases(raw: Any, needed: Sequence[str]) -> tuple[ChartRelease, ...]:
    rows = raw.items() if isinstance(raw, Mapping) else ()
    found = (
        ChartRelease(version=version, security=_words(row.get("security")), **_texts(row))
        for version, row in rows
        if isinstance(row, Mapping) and all(isinstance(row.get(key), str) for key in needed)
    )
    return _ordered(found)


def _texts(row: Raw) -> dict[str, str]:
    return {key: text for key, text in row.items() if key in _TEXTS and isinstance(text, str)}


def _mapping(raw: Any) -> Raw:
    return raw if isinstance(raw, Mapping) else {}


def _words(raw: Any) -> tuple[str, ...]:
    return tuple(word for word in raw if word is not None) if isinstance(raw, list) else ()


def _pairs(raw: Any) -> Iterator[tuple[str, str]]:
    for pair in raw if isinstance(raw, list) else ():
        if isinstance(pair, Mapping) and pair.keys() >= {HUB, GATEWAY}:
            yield pair[HUB], pair[GATEWAY]


def _parsed(pair: tuple[str, str]) -> tuple[Version, Version]:
    return Version.parse(pair[0]), Version.parse(pair[1])


def _ordered(releases: Iterable[ChartRelease]) -> tuple[ChartRelease, ...]:
    return tuple(sorted(releases, key=lambda release: Version.parse(release.version)))


def _merged(
    known: tuple[ChartRelease, ...], own: tuple[ChartRelease, ...]
) -> tuple[ChartRelease, ...]:
    table = {Version.parse(one.version): one for one in (*known, *own)}
    return _ordered(table.values())
