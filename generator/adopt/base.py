"""What the modules of the import hand to each other."""

from collections.abc import Callable, Collection, Iterator, Mapping

from generator.diagnostics import Pointer
from generator.merge import same
from generator.records import field, record
from generator.site.model import Json

Path = tuple[str, ...]
JUPYTERHUB, DASK_GATEWAY = "jupyterhub", "dask-gateway"
CHARTS = (JUPYTERHUB, DASK_GATEWAY)


@record
class Row:
    """One line of a table of the report: a value of a chart, what is said of it, and its place."""

    path: Path
    text: str
    chart: str = ""
    place: str = ""


@record
class Question:
    """What a person has to look at; `at` is its place in site.yaml, empty where it has none."""

    text: str
    at: Pointer = ()


# Takes a question's text and its place in site.yaml.
Ask = Callable[[str, Pointer], None]


@record
class Foreign:
    """The values that a release has today; `withheld` are those that only files of secrets have.

    `above` are the keys that they are below, by file.
    `sealed_traits` are the traits, `Class.trait`, whose values site.yaml says are sealed.
    """

    chart: str
    values: Mapping[str, Json]
    places: Mapping[Path, str] = field(factory=dict)
    comments: Mapping[Path, str] = field(factory=dict)
    withheld: Mapping[str, Json] = field(factory=dict, hidden=True)
    sealed_traits: tuple[str, ...] = ()
    version: str | None = None
    release: str | None = None
    repository: str | None = None
    above: Mapping[str, Pointer] = field(factory=dict)

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
    provider: str | None = None
    sync: Mapping[str, bool] | None = None
    versions: Mapping[str, str] = field(factory=dict)
    releases: Mapping[str, str] = field(factory=dict)


def leaves(values: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every value that is no map, and every empty map, with its path; a list is one value."""
    if isinstance(values, Mapping) and (values or not path):
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, values


def texts(value: Json) -> Iterator[str]:
    """Every text in a value, keys excepted."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | Mapping):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from texts(one)


def nearest(values: Json, path: Pointer) -> Pointer:
    """As much of a path as there is, through maps."""
    for depth, step in enumerate(path):
        if not isinstance(values, Mapping) or step not in values:
            return path[:depth]
        values = values[step]
    return path


def is_below(path: Path, places: Collection[Path]) -> bool:
    """Whether a path is one of the places, or below one."""
    return any(path[:depth] in places for depth in range(1, len(path) + 1))


def at(values: Json, *path: str | int, default: Json = None) -> Json:
    """The value at a path, or the default where there is none."""
    for step in path:
        if not isinstance(values, Mapping) or step not in values:
            return default
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
    """A copy of the values with one more at a path; what is no map on the way is replaced."""
    first, *rest = path
    below = values.get(first)
    inner = below if isinstance(below, Mapping) else {}
    return {**values, first: placed(inner, tuple(rest), value) if rest else value}


def removed(values: Mapping[str, Json], path: Path) -> dict[str, Json]:
    """A copy of the values without what is at a path, and without a map that gets empty."""
    first, *rest = path
    kept = dict(values)
    below = kept.pop(first, None)
    inner = removed(below, tuple(rest)) if rest and isinstance(below, Mapping) else {}
    return {**values, first: inner} if inner else kept


def dotted(path: Path) -> str:
    """A path as people write it; a key that holds a dot stands in quotes."""
    return ".".join(f'"{step}"' if "." in step else step for step in path)


def changed(base: Json, target: Json) -> dict[str, Json]:
    """What turns one map into another as an override; a null removes."""
    change: dict[str, Json] = {key: None for key in base if key not in target}
    for key, value in target.items():
        before = base.get(key, ...)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            if below := changed(before, value):
                change[key] = below
        elif before is ... or not alike(before, value):
            change[key] = value
    return change
