"""The given files -> the values of each chart, with the file and line of each key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import takewhile
from typing import Any

from generator.adopt import application_sets, applications, encrypted, umbrella, withheld
from generator.adopt.base import (
    CHARTS,
    DASK_GATEWAY,
    Facts,
    Foreign,
    Path,
    Question,
    Row,
    at,
    dotted,
)
from generator.adopt.further_apps import FurtherApp
from generator.adopt.layers import (
    Checkout,
    Layer,
    Part,
    Statement,
    Text,
    documents,
    layer,
    text_of,
)
from generator.adopt.secrets import Secret
from generator.adopt.withheld import WithheldText, shown_path
from generator.charts import CHARTS as KNOWN
from generator.credentials import shown
from generator.diagnostics import UsageError
from generator.names import is_label
from generator.records import field, fields, record, replace
from generator.site.model import Json

_VERSION = re.compile(r"(?:--version[= ]|\bchart\s+(?:version\s+)?)v?(\d+\.\d+\.\d+)\b", re.ASCII)
_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[= ]([a-z0-9-]+)\b", re.ASCII)
_HOME = re.compile(r"https?://[\w./-]*helm-chart\b|https?://helm\.dask\.org\b", re.ASCII)


_OFF = "the umbrella chart leaves the chart out where this is false"


@record
class InputFiles:
    """The files that a command line names."""

    jupyterhub: tuple[Text, ...] = ()
    dask_gateway: tuple[Text, ...] = ()
    secrets: tuple[Text, ...] = ()
    meta: tuple[Text, ...] = ()
    applications: tuple[Text, ...] = ()
    level: str | None = None
    checkout: Checkout = field(factory=Checkout)

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
                "give --meta for an umbrella chart, otherwise the files of the releases",
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
    umbrella: str
    apps: tuple[FurtherApp, ...] = ()
    unused: tuple[Secret, ...] = ()
    withheld: tuple[WithheldText, ...] = ()
    ordinary: tuple[str, ...] = field(factory=tuple, hidden=True)


def releases(given: InputFiles) -> RunningReleases:
    """What the files say of one environment. GeneratorError and UsageError as `by_environment`."""
    return next(iter(by_environment(given).values()))


def by_environment(given: InputFiles) -> dict[str, RunningReleases]:
    """What the files say of each environment that an ApplicationSet has; of one, without a name.

    GeneratorError for a file without values, UsageError for a wrong mix.
    """
    given.refuse_contradictions()
    read = [document for file in given.applications for document in documents(file)]
    sets = [one for one in read if one.values.get("kind") == application_sets.KIND]
    if not sets:
        return {"": _releases(given, read, Facts())}
    plain = [one for one in read if one not in sets]
    by_name: dict[str, list[Layer]] = {}
    for one in sets:
        for name, document in application_sets.applications(one, given.checkout).items():
            by_name.setdefault(name, []).append(document)
    site = at(sets[0].values, "metadata", "name")
    said = Facts(site=site if isinstance(site, str) else None)
    found = {
        name: _releases(given, [*of_it, *plain], replace(said, environment=name))
        for name, of_it in by_name.items()
    }
    servers = [(one.hints.server, one.hints.registered_name) for one in found.values()]
    if len(set(servers)) == 1:
        return found
    return {name: _in_own_cluster(one, name) for name, one in found.items()}


def _in_own_cluster(one: RunningReleases, environment: str) -> RunningReleases:
    """The environment in a cluster called as Argo CD calls it, or after the environment."""
    named = one.hints.registered_name
    is_free = named is not None and is_label(named) and named != environment
    cluster = named if is_free else f"{environment}-cluster"
    return replace(one, hints=replace(one.hints, cluster=cluster))


def _releases(given: InputFiles, read: Sequence[Layer], said_first: Facts) -> RunningReleases:
    secret = list(_secrets(given))
    named = {chart: (*files, *given.secrets) for chart, files in given.by_chart.items()}
    of_applications = applications.statements(read, given.checkout, named)
    said = [said_first, *_values(given), *of_applications, *secret]
    parts = [one for one in said if isinstance(one, Part)]
    by_chart = {chart: [part for part in parts if part.chart == chart] for chart in CHARTS}
    charts = {chart: foreign(chart, own) for chart, own in by_chart.items() if own}
    off = charts.get(DASK_GATEWAY)
    is_umbrella = any(part.of_umbrella for part in by_chart[DASK_GATEWAY])
    if off is not None and is_umbrella and off.values.get("enabled") is False:
        del charts[DASK_GATEWAY]
        said.append(
            Row(chart=DASK_GATEWAY, path=("enabled",), text=_OFF, place=off.place(("enabled",)))
        )
    others = (*given.jupyterhub, *given.dask_gateway, *given.meta, *given.applications)
    return RunningReleases(
        charts=charts,
        hints=reduce(combined, (one for one in said if isinstance(one, Facts)), Facts()),
        left=(
            *(one for one in said if isinstance(one, Row)),
            *(row for one in said if isinstance(one, FurtherApp) for row in one.left),
        ),
        questions=(*(one for one in said if isinstance(one, Question)), *_homes(given)),
        apps=tuple(one for one in of_applications if isinstance(one, FurtherApp)),
        umbrella=max((part.of_umbrella for part in parts), key=_tells_more, default=""),
        unused=tuple(one for one in secret if isinstance(one, Secret)),
        withheld=tuple(one for one in secret if isinstance(one, WithheldText)),
        ordinary=tuple(file.content.decode(errors="replace") for file in others),
    )


def _tells_more(name: str) -> int:
    """The order of what the chart around others may be: none, daskhub, any other."""
    return (name != "") + (name not in ("", umbrella.NAME))


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
            yield from (Part(chart=chart, layer=half) for half in encrypted.halves(values))
            yield _heading(chart, file)
            yield from _repetitions(values)
    read = (layer(text_of(file), file.name) for file in given.meta)
    meta = [half for values in read for half in encrypted.halves(values)]
    yield from umbrella.charts(meta, given.level)
    for values in meta:
        yield from _repetitions(values)


def _secrets(given: InputFiles) -> Iterator[Statement | Secret | WithheldText]:
    for file in given.secrets:
        values = layer(text_of(file), file.name, is_secret=True)
        if kept := [*encrypted.keys(values)]:
            for path, text in kept:
                yield Secret(chart="", path=path, place=values.place(()), advice=text)
            yield from withheld.lines(values)
            continue
        for half in encrypted.halves(values):
            yield from _divided(half)
        yield from withheld.lines(values)
        yield from _repetitions(values)


def _divided(mixed: Layer) -> Iterator[Part | Row | Secret]:
    """The parts of a file that mixes both charts' values, and what is said of any other key."""
    for root, value in mixed.values.items():
        below = mixed.below(root)
        charts = [chart for chart in CHARTS if root in KNOWN[chart].roots]
        if root in CHARTS and below is not None:
            yield Part(chart=root, layer=below)
        elif not charts and below is not None and any(one in below.values for one in CHARTS):
            yield from _divided(below)
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


def foreign(chart: str, parts: Sequence[Part]) -> Foreign:
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
        chart=chart,
        values=shown,
        places=places,
        comments=comments,
        withheld=hidden,
        above={part.layer.name: part.layer.above for part in parts},
        **release,
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
