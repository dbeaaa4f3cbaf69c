"""The given files -> the values of each chart, with the file and line of each key."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import takewhile
from typing import Any

from generator.adopt import applications, umbrella, withheld
from generator.adopt.base import CHARTS, Facts, Foreign, Path, Question, Row, dotted
from generator.adopt.layers import Layer, Part, Statement, Text, layer, text_of
from generator.adopt.secrets import Secret
from generator.adopt.withheld import WithheldText, shown_path
from generator.charts import CHARTS as KNOWN
from generator.credentials import shown
from generator.diagnostics import GeneratorError, UsageError
from generator.records import field, fields, record, replace
from generator.site.model import Json

_VERSION = re.compile(r"(?:--version[= ]|\bchart\s+(?:version\s+)?)v?(\d+\.\d+\.\d+)\b", re.ASCII)
_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[= ]([a-z0-9-]+)\b", re.ASCII)
_HOME = re.compile(r"https?://[\w./-]*helm-chart\b|https?://helm\.dask\.org\b", re.ASCII)


@record
class InputFiles:
    """The files that a command line names."""

    jupyterhub: tuple[Text, ...] = ()
    dask_gateway: tuple[Text, ...] = ()
    secrets: tuple[Text, ...] = ()
    meta: tuple[Text, ...] = ()
    applications: tuple[Text, ...] = ()

    @property
    def by_chart(self) -> Mapping[str, tuple[Text, ...]]:
        """The values files of each chart."""
        return dict(zip(CHARTS, (self.jupyterhub, self.dask_gateway), strict=True))

    def refuse_contradictions(self) -> None:
        """UsageError where two of them describe the same release, or none does."""
        others = {
            "--jupyterhub or --dask-gateway": self.jupyterhub or self.dask_gateway,
            "--application": self.applications,
        }
        named = [form for form, files in others.items() if files]
        if self.meta and named:
            raise UsageError(
                f"--meta can't be used with {named[0]}: each gives all values of a release",
                "give --meta for the umbrella chart daskhub, otherwise the files of the releases",
            )
        if not (self.meta or named):
            raise UsageError(
                "no values were given",
                "give --jupyterhub FILE (and --dask-gateway FILE), --meta FILE or "
                "--application FILE",
            )


@record
class RunningReleases:
    """All that the files say: the values by chart, facts, and what can't be used.

    `unused` are values of files of secrets that no chart has, `ordinary` the texts of all others.
    """

    charts: Mapping[str, Foreign]
    hints: Facts
    left: tuple[Row, ...]
    questions: tuple[Question, ...]
    is_umbrella: bool
    unused: tuple[Secret, ...] = ()
    withheld: tuple[WithheldText, ...] = ()
    ordinary: tuple[str, ...] = field(factory=tuple, hidden=True)


def releases(given: InputFiles) -> RunningReleases:
    """What the files say. GeneratorError for a file without values, UsageError for a wrong mix."""
    given.refuse_contradictions()
    secret = list(_secrets(given))
    said = [*_values(given), *applications.statements(given.applications), *secret]
    parts = [one for one in said if isinstance(one, Part)]
    by_chart = {chart: [part for part in parts if part.chart == chart] for chart in CHARTS}
    others = (*given.jupyterhub, *given.dask_gateway, *given.meta, *given.applications)
    return RunningReleases(
        charts={chart: foreign(chart, own) for chart, own in by_chart.items() if own},
        hints=reduce(combined, (one for one in said if isinstance(one, Facts)), Facts()),
        left=tuple(one for one in said if isinstance(one, Row)),
        questions=(*(one for one in said if isinstance(one, Question)), *_homes(given)),
        is_umbrella=any(part.of_umbrella for part in parts),
        unused=tuple(one for one in secret if isinstance(one, Secret)),
        withheld=tuple(one for one in secret if isinstance(one, WithheldText)),
        ordinary=tuple(file.content.decode(errors="replace") for file in others),
    )


def combined(first: Facts, then: Facts) -> Facts:
    """What either says; the first where both do."""
    pairs = ((name, getattr(first, name), getattr(then, name)) for name in fields(Facts))
    said = {name: then if first is None else first for name, first, then in pairs}
    return Facts(**{**said, "versions": {**then.versions, **first.versions}})


def _values(given: InputFiles) -> Iterator[Statement]:
    for chart, files in given.by_chart.items():
        for file in files:
            values = layer(text_of(file), file.name)
            umbrella.refuse(values)
            yield Part(chart=chart, layer=values)
            yield _heading(chart, file)
            yield from _repetitions(values)
    for file in given.meta:
        values = layer(text_of(file), file.name)
        if not any(isinstance(values.values.get(chart), Mapping) for chart in CHARTS):
            raise GeneratorError(
                f"{file.name}: neither 'jupyterhub' nor 'dask-gateway' at the root; nothing was "
                "written",
                "give the values of one chart with --jupyterhub or --dask-gateway",
            )
        yield from umbrella.charts(values)
        yield from _repetitions(values)


def _secrets(given: InputFiles) -> Iterator[Statement | Secret | WithheldText]:
    for file in given.secrets:
        values = layer(text_of(file), file.name, is_secret=True)
        yield from _divided(values)
        yield from withheld.lines(values)
        yield from _repetitions(values)


def _divided(mixed: Layer) -> Iterator[Part | Row | Secret]:
    """The parts of a file that mixes both charts' values, and what is said of any other key."""
    for root, value in mixed.values.items():
        below = mixed.below(root)
        charts = [chart for chart in CHARTS if root in KNOWN[chart].roots]
        if root in CHARTS and below is not None:
            yield Part(chart=root, layer=below)
        elif len(charts) == 1:
            own = {at: line for at, line in mixed.where.at.items() if at[:1] == (root,)}
            alone = replace(mixed, values={root: value}, where=replace(mixed.where, at=own))
            yield Part(chart=charts[0], layer=alone)
        else:
            reason = "both charts have this key" if charts else "no chart has this key at the root"
            text, place = f"{reason}; not used", mixed.place((root,))
            path, (shown, hidden) = shown_path((root,)), withheld.parted({root: value}, {})
            if shown:
                yield Row(path=path, text=text, place=place)
            if hidden:
                yield Secret(chart="", path=path, place=place, advice=text, is_withheld=True)


def overlaid(below: Json, above: Json) -> Json:
    """Values over values, like Helm's -f; a null stays, for it removes a chart's default."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    met = {key: overlaid(below[key], above[key]) for key in below if key in above}
    return {**below, **above, **met}


def foreign(chart: str, parts: Iterable[Part]) -> Foreign:
    """A chart's values, later parts over the earlier; of its release, what the last part says."""
    values: Json = {}
    ordinary: Json = {}
    places, comments = dict[Path, str](), dict[Path, str]()
    release: dict[str, Any] = {}
    for part in parts:
        values = overlaid(values, part.layer.values)
        if not part.layer.is_secret:
            ordinary = values
        for path in part.layer.where.at:
            if path and all(isinstance(step, str) for step in path):
                steps = tuple(map(str, path))
                places[steps] = part.layer.place(path)
                comments[steps] = "" if part.layer.is_secret else part.layer.comment(path)
        named = {name: getattr(part, name) for name in ("version", "release", "repository")}
        release |= {name: fact for name, fact in named.items() if fact is not None}
    shown, hidden = withheld.parted(values, ordinary)
    return Foreign(
        chart=chart, values=shown, places=places, comments=comments, withheld=hidden, **release
    )


def _repetitions(values: Layer) -> Iterator[Question]:
    for path, first, again in values.where.again:
        steps = tuple(map(str, path))
        named = dotted(shown_path(steps) if values.is_secret else steps)
        yield Question(
            text=f"{values.name}: '{named}' is written in line {first} and "
            f"in line {again}; Helm takes the last, and so does hubops"
        )


def _heading(chart: str, file: Text) -> Facts:
    lines = file.content.decode(errors="replace").removeprefix("\ufeff").split("\n")
    head = takewhile(lambda line: line.strip()[:1] in ("", "#"), lines)
    text = "\n".join(head)
    version, namespace = _VERSION.search(text), _NAMESPACE.search(text)
    return Facts(
        versions={chart: version[1]} if version else {},
        namespace=namespace[1] if namespace else None,
    )


def _homes(given: InputFiles) -> Iterator[Question]:
    for chart, files in given.by_chart.items():
        texts = (file.content.decode(errors="replace") for file in files)
        homes = {home for text in texts for home in _HOME.findall(text)}
        if len(homes) > 1:
            named = " and ".join(map(shown, sorted(homes)))
            text = f"the files name two repositories of the chart {chart}: {named}; hubops uses "
            yield Question(text=f"{text}the current one", at=("charts", chart))
