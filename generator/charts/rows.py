"""A chart as a table: one row for each value that hubops writes, or counts on.

From the row follow the value, its origin in site.yaml, what an override of it means (C313, C315,
C320), what an import reads back, and the reason it gives for a value that is new or left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.charts.spellings import Spelling
from generator.diagnostics import Pointer
from generator.records import record
from generator.site.model import Json, Settings
from generator.versions import Version, VersionRange

Path = tuple[str, ...]

HOST = "environments.<environment>.host"
PATH = "environments.<environment>.path"
NAMESPACE = "environments.<environment>.namespace"
CLUSTER = "clusters.<cluster>."
PROVIDER = "jupyterhub.authentication.provider"
SEALED = "the real one is sealed into the Secret 'hub-secrets', and every render must be the same"
CHART_DEFAULT = "the chart's default, written out"
WIRED = "it ties the user servers to the gateway of their own environment"
TO_GATEWAY = "without the entry for Dask Gateway nothing reaches it"
HAS_GATEWAY = "an import writes daskGateway where it finds values of Dask Gateway"
# Steps of a path that stand for any entry of a list, and for any key of a map.
_ANY = ("#", "*")
TLS = "TLS ends at the ingress, which takes its certificate from the cluster issuer"


@record
class ValueRow:
    """One value of a chart, or the rows' common ground above several.

    `path`: where it is in the chart's values; a step `#` is any entry of a list, `*` any key of a
    map, and the same step of `follows` is that entry or key.
    `follows`: the key of site.yaml it follows from; none where hubops chooses the value.
    What is written: `spelled` passes the key through, and says how to read it back; `value` is a
    constant or computed, of the Settings, or of the Release where the row follows from an
    environment or a cluster. A row with neither describes a value that another row writes, or that
    hubops leaves to the chart, whose `default` it counts on (None: it is computed last).
    `providers` and `versions` (of the chart) say when the row holds; one that follows from a whole
    section holds where the site has it.
    `why`: the reason for hubops' choice. `is_protected`: no override may change it (C320), but
    `is_extendable` lists may get longer. `is_free`: an override is not worth a word (else C313).
    `creates`: the cluster-wide kind that a true here creates (C315); `why` says what to do instead.
    `dropped`: why an import does not carry such a value.
    `inverse`: what reads the value back where `spelled` does not, or why nothing does; values of an
    environment or a cluster are read by adopt/placement, and protected ones are never read.
    """

    path: Path
    follows: str = ""
    spelled: Spelling | None = None
    value: Json | Callable[[Any], Json] = None
    default: Json = ...
    providers: tuple[str, ...] = ()
    versions: str = ""
    why: str = ""
    is_protected: bool = False
    is_extendable: bool = False
    is_free: bool = False
    creates: str = ""
    dropped: str = ""
    inverse: str = ""

    @property
    def is_written(self) -> bool:
        """Whether hubops writes a value for this very row."""
        return self.spelled is not None or self.value is not None

    @property
    def is_placed(self) -> bool:
        """Whether only an environment or its cluster knows the value."""
        return self.follows.startswith(("environments.", "clusters."))

    @property
    def is_owned(self) -> bool:
        """Whether a key of site.yaml is the place to change the value."""
        is_key = "." in self.follows and not self.follows.startswith("charts.")
        return is_key and not (self.is_protected or self.is_free)

    @property
    def reason(self) -> str:
        """Why the value is what it is, as an import says it of a new one."""
        if self.why or not self.is_placed:
            return self.why
        return f"it follows from the {'cluster' if self.follows.startswith(CLUSTER) else 'host'}"

    def holds(self, settings: Settings, version: Version | None) -> bool:
        """Whether the row applies to these settings and this version of its chart."""
        if self.providers and settings.at(PROVIDER) not in self.providers:
            return False
        if self.follows and "." not in self.follows and self.follows not in settings.sections:
            return False
        return not self.versions or (
            version is not None and version in VersionRange.parse(self.versions)
        )

    def writer(self) -> Callable[[Any], Json]:
        """What gives the value, of Settings or of a Release; None where it is left out."""
        value, spelled = self.value, self.spelled
        if callable(value):
            return value
        if value is not None or spelled is None:
            return (lambda of: dict(value)) if isinstance(value, dict) else lambda of: value
        follows, there = self.follows, spelled.there

        def passed(settings: Settings) -> Json:
            setting = settings.keys.get(follows)
            return None if setting is None else there(setting)

        return passed


def row(path: str, follows: str = "", spelled: Spelling | None = None, /, **more: Any) -> ValueRow:
    """A row, its path with spaces between the keys."""
    return ValueRow(path=tuple(path.split(" ")), follows=follows, spelled=spelled, **more)


def fixed(path: str, value: Json, why: str, /, **more: Any) -> ValueRow:
    """The row of a constant, which `values` may override."""
    return row(path, value=value, why=why, **more)


def kept(path: str, why: str, follows: str = "", /, **more: Any) -> ValueRow:
    """The row of a protected value."""
    return row(path, follows, why=why, is_protected=True, **more)


def place(into: dict[str, Json], path: Sequence[str], value: Json) -> None:
    """Puts a value at a path; maps on the way are made."""
    for step in path[:-1]:
        into = into.setdefault(step, {})
    into[path[-1]] = value


def origin(rows: Iterable[ValueRow], path: Pointer) -> Pointer | None:
    """The key of site.yaml that a value follows from; None without one.

    A list that is passed through has its entries where the setting's list has them.
    """
    # A row that only needs to know the cluster follows from no key of it.
    keyed = (row for row in rows if row.follows and not row.follows.endswith(">"))
    fitting = [row for row in keyed if _begins(row.path, path)]
    if not fitting:
        return None
    nearest = max(fitting, key=lambda row: len(row.path))
    is_same = nearest.spelled is not None and not nearest.spelled.is_renaming
    rest = path[len(nearest.path) :] if is_same else ()
    return (*_named(nearest, path), *rest)


def source(row: ValueRow, path: Pointer) -> str:
    """The key of site.yaml that a row follows from, with the names that the path has."""
    return ".".join(map(str, _named(row, path)))


def _named(row: ValueRow, path: Pointer) -> Pointer:
    taken = {key: step for step, key in zip(path, row.path, strict=False) if key in _ANY}
    first = {"#": 0, **taken}
    return tuple(first.get(step, step) for step in row.follows.split("."))


def read_back(rows: Iterable[ValueRow], values: Json, provider: str = "") -> dict[str, Json]:
    """The settings that a chart's values say, as far as rows pass them through, by section.

    Where two rows spell one setting, the first counts.
    """
    settings: dict[str, Json] = {}
    for row in rows:
        if row.spelled is not None and (not row.providers or provider in row.providers):
            key = row.follows.split(".")
            value = at(values, row.path)
            setting = row.spelled.back(value) if value is not None else None
            if setting not in (None, []) and at(settings, key) is None:
                place(settings, key, setting)
    return settings


def at(values: Json, path: Iterable[str]) -> Json:
    """What is at a path, or None."""
    for step in path:
        if not isinstance(values, Mapping) or step not in values:
            return None
        values = values[step]
    return values


def _begins(pattern: Path, path: Pointer) -> bool:
    return len(pattern) <= len(path) and all(
        key == step or key == "*" or (key == "#" and isinstance(step, int))
        for key, step in zip(pattern, path, strict=False)
    )


def above(
    table: Mapping[Path, ValueRow], starred: Iterable[ValueRow], path: Path
) -> Iterator[ValueRow]:
    """The rows of a path and of the maps that it is in, the nearest first.

    `starred` are the table's rows with `*` in their path, which stands for any key.
    """
    for depth in range(len(path), 0, -1):
        if path[:depth] in table:
            yield table[path[:depth]]
        else:
            here = (row for row in starred if len(row.path) == depth)
            yield from (row for row in here if _begins(row.path, path))
