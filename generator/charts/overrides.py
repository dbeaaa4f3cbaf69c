"""What site.yaml writes under `values`, beside what hubops itself writes there."""

from collections.abc import Iterator, Mapping
from functools import reduce

from generator.charts import CHARTS
from generator.charts.chart import Chart, Values
from generator.merge import merge
from generator.records import record
from generator.site.model import Environment, Json, Release, Settings, Site

Path = tuple[str, ...]
Place = tuple[str | int, ...]


@record
class Raw:
    """The raw values of one chart, as settings hold them."""

    chart: Chart
    values: Mapping[str, Json]

    @property
    def place(self) -> Path:
        """Their place in the settings."""
        return self.chart.section, "values"


@record
class Override:
    """A value that hubops writes and `values` write too: its path, hubops' value, and theirs.

    Where `before` is a map, it is replaced as a whole by something else.
    """

    path: Path
    before: Json
    after: Json


def raw(settings: Settings) -> Iterator[Raw]:
    """The raw values of each chart that has any."""
    for chart in CHARTS.values():
        values = chart.raw_values(settings)
        if values:
            yield Raw(chart=chart, values=values)


def reached(values: Json, path: Place) -> tuple[int, Json]:
    """How many steps of a path the values have, and the value at the last of them."""
    node = values
    for depth, step in enumerate(path):
        is_there = (
            step in node
            if type(node) is dict
            else 0 <= step < len(node)
            if isinstance(node, list) and isinstance(step, int)
            else isinstance(node, Mapping) and step in node
        )
        if not is_there:
            return depth, node
        node = node[step]
    return len(path), node


def matching(values: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    """The values at a path whose step `*` is any key of a map, each with its own path."""
    found: list[tuple[Path, Json]] = [((), values)]
    for step in path:
        maps = [(at, node) for at, node in found if isinstance(node, Mapping)]
        if step == "*":
            found = [((*at, key), child) for at, node in maps for key, child in node.items()]
        else:
            found = [((*at, step), node[step]) for at, node in maps if step in node]
    return iter(found)


def own_values(site: Site, chart: Chart, settings: Settings, environment: Environment) -> Values:
    """What hubops writes for a chart in one environment, raw values and hashes left out."""
    shared = chart.shared_values(settings)
    placed = _placed(site, chart, environment) if shared else {}
    merged: Values = merge(shared, placed)
    return merged


def _placed(site: Site, chart: Chart, environment: Environment) -> Values:
    """What hubops writes because of the environment and its cluster."""
    cluster = site.clusters.get(environment.cluster)
    if cluster is None:
        return {}
    release = Release(site=site, app=chart.name, environment=environment, cluster=cluster)
    return chart.placed_values(release)


def overrides(
    site: Site, written: Raw, settings: Settings, environments: tuple[Environment, ...]
) -> Iterator[Override]:
    """Where raw values override what hubops writes in any of these environments.

    Nulls are skipped: C310 reports them.
    """
    shared = written.chart.shared_values(settings)
    if not shared:
        return
    placed = [_placed(site, written.chart, environment) for environment in environments]
    for values in placed or [{}]:
        yield from _met([written.chart.defaults, shared, values], written.values, ())


def _met(layers: list[Json], after: Json, path: Path) -> Iterator[Override]:
    """Where a value meets the layers, of which a later one wins."""
    maps = [layer for layer in layers if isinstance(layer, Mapping)]
    if after is None:
        return
    if not maps:
        yield Override(path=path, before=layers[-1], after=after)
    elif isinstance(after, Mapping):
        for key in after:
            below = [layer[key] for layer in maps if key in layer]
            if below:
                yield from _met(below, after[key], (*path, key))
    elif any(maps):
        yield Override(path=path, before=reduce(merge, maps), after=after)


def dotted(path: Place) -> str:
    """A path as people write it."""
    return ".".join(map(str, path))
