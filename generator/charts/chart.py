"""A chart: its facts and its rows, and the values that follow from them."""

import hashlib
import json
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from generator import names
from generator.charts.rows import PROVIDER, Path, ValueRow, above, place, source
from generator.charts.spellings import image_parts
from generator.merge import interned, merge
from generator.records import field, record
from generator.site.app import ChartPin
from generator.site.model import Json, Release, Settings
from generator.versions import Version, VersionRange

Values = dict[str, Any]
# What an environment's SealedSecrets hold: secret name -> key -> ciphertext.
Ciphertexts = Mapping[str, Mapping[str, str]]
Numbers = tuple[Path, ...]

# Of shared values that are kept.
_MOST_CASES = 256
canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode


def no_restart(release: Release, values: Values, encrypted: Ciphertexts) -> Values:
    """Nothing: the chart restarts its pods by itself."""
    return {}


@record
class Chart:
    """One Helm chart: what holds for all its supported versions, and its table of values.

    `wave`: when Argo CD syncs it among the apps. `roots`: the keys at the root of its values.
    `numbers`: what its values.schema.json wants as numbers, `*` for any key.
    `supported`: the versions that values can be made for. `is_required`: every site has it.
    `python_of`: the root key whose `extraConfig` is Python that its server runs.
    `random_fields`: what it generates again on each render, as Argo CD's `ignoreDifferences`.
    `is_complete`: whether settings hold enough to make values.
    `of_others`: all that its shared values follow from in another chart's section, by its key.
    `more_values`: values whose keys follow from settings, merged over those of the rows.
    `restart_values`: pod annotations that restart what reads a changed value or secret once.
    """

    name: str
    repository: str
    supported: str
    wave: int
    rows: tuple[ValueRow, ...]
    roots: frozenset[str] = frozenset()
    numbers: Numbers = ()
    is_required: bool = False
    python_of: str = ""
    random_fields: Sequence[Mapping[str, Json]] = ()
    is_complete: Callable[[Settings], bool] = lambda settings: True
    of_others: Mapping[str, Callable[[Settings], Hashable]] = field(factory=dict)
    more_values: Callable[[Settings], Values] = lambda settings: {}
    restart_values: Callable[[Release, Values, Ciphertexts], Values] = no_restart

    @cached_property
    def section(self) -> str:
        """The key of site.yaml that holds the chart's settings."""
        return names.section(self.name)

    def repository_of(self, pin: ChartPin) -> str:
        """The chart repository as Argo CD wants it: an OCI registry has no scheme.

        https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ (OCI registries)
        """
        return (pin.repository or self.repository).removeprefix("oci://")

    def supports(self, version: Version) -> bool:
        """Whether values can be made for this version."""
        return version in VersionRange.parse(self.supported)

    def is_used(self, settings: Settings) -> bool:
        """Whether an environment with these settings runs the chart."""
        return self.is_in(settings.sections)

    def is_in(self, sections: Collection[str]) -> bool:
        """The same by the sections that its settings have."""
        return self.is_required or self.section in sections

    def release_name(self, settings: Settings) -> str:
        """The Helm release."""
        return settings.at(f"{self.section}.releaseName") or self.name

    def skips_crds(self, settings: Settings) -> bool:
        """Whether another release in the cluster installs the chart's CRDs."""
        return settings.at(f"{self.section}.installCRDs") is False

    def version(self, settings: Settings) -> Version | None:
        """The pinned version; None without one, or where its text is not an exact version."""
        pin = settings.charts.get(self.name)
        return pin.version if pin is not None else None

    def shared_values(self, settings: Settings) -> Values:
        """The values that follow from settings alone, equal in all clusters; not to be changed.

        Equal ones are the very same maps, which merges keep and patches need not look into.
        """
        version = self.version(settings)
        if version is None or not self.is_used(settings) or not self.is_complete(settings):
            return {}
        said = [
            (name, of(settings) if (of := self.of_others.get(name)) else section.said)
            for name, section in settings.sections.items()
        ]
        pins = [(pin.name, pin.text) for pin in settings.charts.values()]
        case = (settings.secrets, *said, *pins)
        values = self._shared.get(case)
        if values is None:
            if len(self._shared) >= _MOST_CASES:
                self._shared.clear()
            values = self._written(settings, settings, is_placed=False)
            values = interned(merge(values, self.more_values(settings)), self._parts)
            self._shared[case] = values
        return values

    def placed_values(self, release: Release) -> Values:
        """The values that only an environment or its cluster knows."""
        return self._written(release, release.settings, is_placed=True)

    def effective_values(self, release: Release) -> Values:
        """The values of one release: shared, placed and raw, without the hash that restarts it."""
        values: Values = merge(self.shared_values(release.settings), self.placed_values(release))
        effective: Values = merge(values, self.raw_values(release.settings))
        return effective

    def raw_values(self, settings: Settings) -> Mapping[str, Any]:
        """What site.yaml writes under the section's `values`."""
        section = settings.sections.get(self.section)
        return section.values if section is not None else {}

    def canonical(self, settings: Settings, values: Values) -> str:
        """Effective values as canonical JSON: what is shared is not written again at each release.

        It is the very same object there; `_texts` have its text.
        """
        return _canonical(values, self.shared_values(settings), self._texts)

    def _written(self, of: Settings | Release, settings: Settings, *, is_placed: bool) -> Values:
        version, provider = self.version(settings), settings.at(PROVIDER)
        case = (is_placed, version and version.text, provider, *settings.sections)
        writers = self._writers.get(case)
        if writers is None:
            held = (row for row in self.rows if row.is_written and row.is_placed == is_placed)
            writers = [(row.path, row.writer()) for row in held if row.holds(settings, version)]
            self._writers[case] = writers
        values: Values = {}
        for path, write in writers:
            value = write(of)
            if value is not None:
                place(values, path, value)
        return values

    @cached_property
    def _writers(self) -> dict[tuple[Any, ...], list[tuple[Path, Callable[[Any], Json]]]]:
        """By what decides which rows hold, which a site has few of: what writes their values."""
        return {}

    @cached_property
    def _shared(self) -> dict[tuple[Any, ...], Values]:
        """By all that they follow from: shared values, which few of a site's environments vary."""
        return {}

    @cached_property
    def _parts(self) -> dict[bytes, Json]:
        """The maps and lists in them, equal ones once."""
        return {}

    @cached_property
    def _texts(self) -> dict[int, dict[str, str]]:
        """By the identity of one of those maps, which stay: its entries as canonical JSON."""
        return {}

    @cached_property
    def table(self) -> Mapping[Path, ValueRow]:
        """The rows by their paths."""
        return {row.path: row for row in self.rows}

    @cached_property
    def defaults(self) -> Values:
        """What hubops counts on and leaves to the chart's defaults; None: computed last."""
        found: Values = {}
        for row in self.rows:
            if row.default is not ...:
                place(found, row.path, row.default)
        return found

    def _above(self, path: Path) -> Iterator[ValueRow]:
        return above(self.table, self._starred, path)

    @cached_property
    def _starred(self) -> tuple[ValueRow, ...]:
        return tuple(row for row in self.rows if "*" in row.path)

    def owner(self, path: Path) -> str | None:
        """The key of site.yaml that is the place to change a value."""
        row = next(self._above(path), None)
        if row is None or not row.is_owned:
            return None
        is_of_row = len(row.path) == len(path) or row.spelled is not None
        return source(row, path) if is_of_row else None

    def why_protected(self, path: Path) -> str | None:
        """Why a value stays as it is, from its row or from one of a map that it is in."""
        return next((row.why for row in self._above(path) if row.is_protected), None)

    def why_new(self, path: Path) -> str | None:
        """Why hubops writes a value that the user did not; an empty section explains nothing."""
        rows = self._above(path)
        return next((row.reason for row in rows if row.reason and row.value != {}), None)

    def why_dropped(self, path: Path) -> str | None:
        """Why an import does not carry a value, whatever hubops writes."""
        return next((row.dropped for row in self._above(path) if row.dropped), None)

    def is_extendable(self, path: Path) -> bool:
        """Whether a list may be longer, as long as hubops' own entries are in it."""
        row = self.table.get(path)
        return row is not None and row.is_extendable

    def wants_number(self, path: tuple[str | int, ...]) -> bool:
        """Whether the chart wants a number at a path."""
        return any(
            len(path) == len(number)
            and all(step in ("*", key) for step, key in zip(number, path, strict=True))
            for number in self.numbers
        )


def keys(text: str) -> frozenset[str]:
    """The keys that a text holds, with spaces between."""
    return frozenset(text.split())


def paths(table: Mapping[str, str]) -> Numbers:
    """Paths with spaces between keys, by the path that they begin with."""
    return tuple(
        (*begin.split(), *path.split("."))
        for begin, paths in table.items()
        for path in paths.split()
    )


def image_fields(image: str) -> Values:
    """An image as a chart's `name` and `tag`; a tag is pulled again, for it may move."""
    is_fixed = "@sha256:" in image
    return {**image_parts(image), **({} if is_fixed else {"pullPolicy": "Always"})}


def fingerprint(content: object) -> str:
    """The SHA-256 of JSON-like data, independent of the order of its keys."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _canonical(values: Values, shared: Values, known: dict[int, dict[str, str]]) -> str:
    entries = known.setdefault(id(shared), {})
    parts: list[str] = []
    for key in sorted(values):
        value, common = values[key], shared.get(key)
        if value is common:
            entry = entries.get(key)
            if entry is None:
                entries[key] = entry = f"{canonical(key)}:{canonical(value)}"
        elif type(value) is dict and type(common) is dict:
            entry = f"{canonical(key)}:{_canonical(value, common, known)}"
        else:
            entry = f"{canonical(key)}:{canonical(value)}"
        parts.append(entry)
    return f"{{{','.join(parts)}}}"
