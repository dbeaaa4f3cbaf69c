"""What the modules of the import hand to each other."""

from collections.abc import Iterator, Mapping

from generator import charts
from generator.diagnostics import Pointer
from generator.merge import same
from generator.records import field, record
from generator.site.model import Json

Path = tuple[str, ...]
JUPYTERHUB, DASK_GATEWAY = "jupyterhub", "dask-gateway"
CHARTS = (JUPYTERHUB, DASK_GATEWAY)
SECTIONS = {name: chart.section for name, chart in charts.CHARTS.items()}


@record
class Row:
    """One line of a table of the report: a value of a chart, what is said of it, and its place."""

    chart: str
    path: Path
    text: str
    place: str = ""


@record
class Question:
    """What a person has to look at: what is in doubt, and what was taken meanwhile.

    `at` is its place in site.yaml; empty where it has none.
    """

    text: str
    at: Pointer = ()


@record
class Foreign:
    """The values that a release has today, whatever files they came from.

    `places` tell the file and line of each; `comments` are those behind values, by path.
    `given_as_secret` are the paths that a file of secrets had the last word on.
    """

    chart: str
    values: Mapping[str, Json]
    places: Mapping[Path, str] = field(factory=dict)
    comments: Mapping[Path, str] = field(factory=dict)
    given_as_secret: frozenset[Path] = frozenset()
    version: str | None = None
    release: str | None = None
    repository: str | None = None

    def place(self, path: Path) -> str:
        """The file and line of a value, or of the nearest that holds it."""
        depths = range(len(path), -1, -1)
        return next((self.places[path[:n]] for n in depths if path[:n] in self.places), "")


@record
class Facts:
    """What no values file can say: given by flags, or found in an Application or a comment."""

    site: str | None = None
    repository: str | None = None
    cluster: str | None = None
    server: str | None = None
    registered_name: str | None = None
    kubernetes: str | None = None
    namespace: str | None = None
    environment: str | None = None
    host: str | None = None
    storage_class: str | None = None
    ingress_class: str | None = None
    argocd_namespace: str | None = None
    sync: Mapping[str, bool] | None = None
    versions: Mapping[str, str] = field(factory=dict)


def leaves(values: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every value that is no map, and every empty map, with its path; a list is one value."""
    if isinstance(values, Mapping) and (values or not path):
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, values


def at(values: Json, *path: str) -> Json:
    """What stands at a path, or None."""
    for step in path:
        if not isinstance(values, Mapping) or step not in values:
            return None
        values = values[step]
    return values


def alike(one: Json, other: Json) -> bool:
    """Equality of YAML data where 1.0 is 1, as it is in JSON and in site.yaml."""
    return same(_plain(one), _plain(other))


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value == value and abs(value) < 2**53 and value == int(value):
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    return value


def placed(values: Mapping[str, Json], path: Path, value: Json) -> dict[str, Json]:
    """A copy of the values with one more at a path."""
    first, *rest = path
    below = values.get(first)
    inner = below if isinstance(below, Mapping) else {}
    return {**values, first: placed(inner, tuple(rest), value) if rest else value}


def put(into: dict[str, Json], path: Path, value: Json) -> None:
    """Sets a value in maps that nobody else holds; what is no map on the way is replaced."""
    *above, last = path
    for step in above:
        below = into.get(step)
        if not isinstance(below, dict):
            below = into[step] = {}
        into = below
    into[last] = value


def removed(values: Mapping[str, Json], path: Path) -> dict[str, Json]:
    """A copy of the values without what stands at a path, and without a map that gets empty."""
    first, *rest = path
    if first not in values:
        return dict(values)
    kept = {key: value for key, value in values.items() if key != first}
    below = values[first]
    if rest and isinstance(below, Mapping):
        inner = removed(below, tuple(rest))
        return (
            {key: inner if key == first else value for key, value in values.items()}
            if (inner)
            else kept
        )
    return kept


def dotted(path: Path) -> str:
    """A path as people write it; a key that holds a dot stands in quotes."""
    return ".".join(f'"{step}"' if "." in step else step for step in path)


def why_protected(chart: str, path: Path, own: Json) -> str | None:
    """Why a value stays as hubops writes it; None where it may be another.

    `own` are the values that hubops writes.
    """
    described = charts.CHARTS[chart]
    why = described.why_protected(path)
    is_there = why is not None and (_stands(own, path) or _stands(described.defaults, path))
    return why if is_there else None


def owned_by(chart: str, path: Path) -> str | None:
    """The key of site.yaml that a value follows from."""
    return charts.CHARTS[chart].owner(path)


def _stands(values: Json, path: Path) -> bool:
    for step in path:
        if not isinstance(values, Mapping):
            return True
        if step not in values:
            return False
        values = values[step]
    return True
