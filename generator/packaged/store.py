"""The packaged charts that are here: the cache, charts.lock on disk, and how a chart comes in.

A chart counts only under the digest that charts.lock names; another file of its name counts as not
there. The first one that comes for a pin is locked; from then on another one of the same version is
an error that names both digests. The cache is the folder that HUBOPS_CACHE names, or
`.cache/charts` beside site.yaml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.diagnostics import GeneratorError
from generator.io import writer
from generator.packaged import cache_folder
from generator.packaged import lock as chart_lock
from generator.packaged.lock import Lock, LockEntry, PinnedChart
from generator.records import record, replace
from generator.site.app import ChartPin
from generator.site.model import Environment, Site

if TYPE_CHECKING:
    from generator.lint.rules.base import PackagedChart
    from generator.packaged.pull import Download


def pin_of(chart: str, pin: ChartPin) -> PinnedChart:
    """The pin with the repository that it means."""
    repository = pin.repository or CHARTS[chart].repository
    return PinnedChart(name=chart, repository=repository, version=pin.text)


def pins_of(environment: Environment) -> Iterator[PinnedChart]:
    """The charts that an environment runs."""
    for app in apps_in(environment):
        if app in CHARTS:
            yield pin_of(app, environment.settings.charts[app])
    for further in environment.apps:
        yield pin_of(further.pin.name, further.pin)


def pins(site: Site) -> list[PinnedChart]:
    """The charts that a site runs, each once, in order."""
    return sorted({pin for environment in site.places for pin in pins_of(environment)})


@record
class Store:
    """The cache and the lock of one site."""

    cache: Path
    lock_path: Path
    lock: Lock

    def find(self, pin: PinnedChart) -> Path | None:
        """The cached chart of a pin: of its locked digest, or the one of its name if not locked.

        A chart that is locked for another pin is never taken.
        """
        entry = self.lock.get(pin)
        others = {other.sha256 for other in self.lock.values()}
        for path in _places(self.cache, pin, entry.sha256 if entry else ""):
            digest = _digest(path)
            is_it = digest == entry.sha256 if entry is not None else digest not in others
            if digest is not None and is_it:
                return path
        return None

    def stranger(self, pin: PinnedChart) -> Path | None:
        """A file of the chart's name in the cache that is not the locked chart."""
        plain, _ = _places(self.cache, pin, "")
        is_there = pin in self.lock and self.find(pin) is None and _digest(plain) is not None
        return plain if is_there else None

    def keep(self, entry: LockEntry, content: bytes) -> Path:
        """Puts a chart into the cache, beside others of its name that the lock holds."""
        plain, own = _places(self.cache, entry.pin, entry.sha256)
        held = {other.sha256 for other in self.lock.values()} - {entry.sha256}
        path = own if _digest(plain) in held else plain
        # Through no link on the way to a cache in the site's folder: a checkout may bring one.
        site = self.lock_path.parent.absolute()
        root = site if path.is_relative_to(site) else self.cache
        writer.put(root, str(path.relative_to(root)), content, writer.PACKAGED_CHART)
        return path

    def accept(self, pin: PinnedChart, chart: LockEntry, source: str) -> LockEntry:
        """A chart that came in as the lock has it; GeneratorError when it is another chart."""
        own = chart.pin
        if (own.name, own.version) != (pin.name, pin.version):
            raise GeneratorError(
                f"{source}: this is {own.name} {own.version}, not {pin.name} {pin.version}",
                "the repository or the file is mixed up: do not use it",
            )
        self.require_locked(pin, chart.sha256, source)
        return self.lock.get(pin) or replace(chart, pin=pin)

    def require_locked(self, pin: PinnedChart, sha256: str, source: str) -> None:
        """GeneratorError, which names both digests, when a chart is not the one that is locked."""
        entry = self.lock.get(pin)
        if entry is not None and entry.sha256 != sha256:
            raise GeneratorError(
                f"{pin}: the chart is not the one in {chart_lock.NAME}",
                "a version that is published again is an attack or an accident: ask its "
                f"maintainers. To accept the new one, delete its entry from {chart_lock.NAME} and "
                "fetch again",
                _digests(chart_lock.NAME, entry.sha256, source, sha256),
            )


def _digests(first: object, sha256: str, second: object, other: str | None) -> tuple[str, str]:
    return f"{first}: sha256 {sha256}", f"{second}: sha256 {other}"


def opened(root: Path) -> Store:
    """The store of the site in this folder; GeneratorError when its lock can't be read."""
    path = root / chart_lock.NAME
    try:
        lock = chart_lock.parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        lock = {}
    except OSError as error:
        raise GeneratorError.refused(path, error, "fix it and run again") from None
    return Store(cache=cache_folder(root).absolute(), lock_path=path, lock=lock)


def at_hand(root: Path, site: Site) -> Mapping[tuple[str, str], PackagedChart]:
    """The schemas and default values of the pinned charts that are in the cache.

    Of a version that two repositories have none is taken: their charts may differ.
    """
    store = _opened_if_filled(root)
    if store is None:
        return {}
    charts: dict[tuple[str, str], list[PackagedChart | None]] = {}
    for pin in _every_pin(site):
        charts.setdefault((pin.name, pin.version), []).append(_values(store, pin))
    return {
        key: chart for key, (chart, *others) in charts.items() if chart is not None and not others
    }


def strangers(root: Path, site: Site) -> tuple[str, ...]:
    """A sentence for each file in the cache that has a pinned chart's name but not its digest."""
    store = _opened_if_filled(root)
    paths = (
        (store.stranger(pin) for pin in _every_pin(site, *site.places)) if store is not None else ()
    )
    return tuple(
        f"{path} is not the chart in {chart_lock.NAME} and is ignored; "
        "'hubops charts fetch' replaces it"
        for path in paths
        if path is not None
    )


def defaults(root: Path, name: str, version: str) -> Mapping[str, object] | None:
    """The default values of a chart that is in the cache; None where it is not."""
    store = _opened_if_filled(root)
    if store is None:
        return None
    wanted = [pin for pin in store.lock if (pin.name, pin.version) == (name, version)]
    wanted = wanted or [PinnedChart(name=name, repository="", version=version)]
    charts = (_values(store, pin) for pin in wanted)
    return next((chart.defaults for chart in charts if chart is not None), None)


def _opened_if_filled(root: Path) -> Store | None:
    """The store; None without a cache, and where charts.lock is broken: `charts fetch` says so."""
    try:
        return opened(root) if cache_folder(root).is_dir() else None
    except (OSError, GeneratorError):
        return None


def _every_pin(site: Site, *places: Environment) -> list[PinnedChart]:
    """The pins of the charts that hubops makes values for, and of the further ones of places."""
    charts = [site.shared.charts, *(settings.charts for settings, _ in site.variants)]
    written = {(name, pin) for each in charts for name, pin in each.items()}
    written |= {(app.pin.name, app.pin) for place in places for app in place.apps}
    return sorted({pin_of(name, pin) for name, pin in written if pin.version is not None})


def _values(store: Store, pin: PinnedChart) -> PackagedChart | None:
    path = store.find(pin)
    if path is None:
        return None
    from generator.packaged import archive  # 10 ms to load, and most often no chart is at hand

    try:
        return archive.values(path.read_bytes(), pin.name)
    except OSError:
        return None


@record
class Obtained:
    """A chart that is in the cache now, and whether it was fetched for that."""

    entry: LockEntry
    path: Path
    is_fetched: bool


def obtain(
    store: Store,
    pin: PinnedChart,
    download: Download | None,
    progress: Callable[[str], None] = lambda text: None,
) -> Obtained:
    """The chart of a pin, from the cache or fetched by Helm; without a download the cache alone.

    One that is not locked yet is fetched where that is allowed: what a cache holds under its name
    may be from anywhere. GeneratorError when it can't be had, or is not the one that is locked;
    ToolError when there is no Helm to fetch it.
    """
    from generator.packaged import archive, pull

    path, entry = store.find(pin), store.lock.get(pin)
    if path is not None and (entry is not None or download is None):
        if entry is None:
            entry = store.accept(pin, archive.opened(path.read_bytes(), str(path)), str(path))
        return Obtained(entry=entry, path=path, is_fetched=False)
    if download is None:
        raise _absent(store, pin)
    progress(f"helm pull {pin}")
    pulled = pull.pull(pin, download)
    if pulled.index_sha256:
        store.require_locked(pin, pulled.index_sha256, f"the index of {pin.repository}")
    chart = archive.opened(pulled.content, pulled.source)
    entry = store.accept(pin, chart, pulled.source)
    if pulled.index_sha256 not in ("", chart.sha256):
        raise GeneratorError(
            f"{pulled.source}: the archive is not the one that the index names",
            "the repository is changing, or someone changes what it sends: try again later",
            _digests("index", pulled.index_sha256, "archive", chart.sha256),
        )
    path = store.keep(chart, pulled.content)
    return Obtained(entry=entry, path=path, is_fetched=True)


def _absent(store: Store, pin: PinnedChart) -> GeneratorError:
    stranger = store.stranger(pin)
    details: tuple[str, ...] = ()
    if stranger is not None:
        locked = store.lock[pin].sha256
        details = _digests(chart_lock.NAME, locked, stranger, _digest(stranger))
    help = "run 'hubops charts fetch' where there is a network, or 'hubops charts add FILE.tgz'"
    return GeneratorError(f"{pin}: not in the cache {store.cache}", help, details)


def _places(cache: Path, pin: PinnedChart, sha256: str) -> tuple[Path, Path]:
    """Where a chart may be: under its name; and with its digest, beside another of that name."""
    name = f"{pin.name}-{pin.version}"
    return cache / f"{name}.tgz", cache / f"{name}.{sha256[:16]}.tgz"


def _digest(path: Path) -> str | None:
    try:
        if not path.is_file():  # a pipe would never end
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
