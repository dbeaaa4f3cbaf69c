"""The packaged charts that are here: the cache, charts.lock on disk, and how a chart comes in.

A chart counts only under the digest that charts.lock names; another file of its name counts as not
there. The first one that comes for a pin is locked; from then on another one of the same version is
an error that names both digests. The cache is the folder that HUBOPS_CACHE names, or
`.cache/charts` beside site.yaml.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.diagnostics import GeneratorError
from generator.io import writer
from generator.packaged import lock as chart_lock
from generator.packaged.lock import Lock, Locked, Pin
from generator.records import record
from generator.site.model import ChartPin, Environment, Site

if TYPE_CHECKING:
    from generator.lint.rules.base import PackagedChart
    from generator.packaged.archive import Archive
    from generator.packaged.pull import Download

CACHE_VARIABLE = "HUBOPS_CACHE"


def pin_of(chart: str, pin: ChartPin) -> Pin:
    """The pin with the repository that it means."""
    return Pin(name=chart, repository=pin.repository or CHARTS[chart].repository, version=pin.text)


def pins_of(environment: Environment) -> Iterator[Pin]:
    """The charts that an environment runs."""
    for app in apps_in(environment):
        if app in CHARTS:
            yield pin_of(app, environment.settings.charts[app])


def pins(site: Site) -> tuple[Pin, ...]:
    """The charts that a site runs, each once, in order."""
    return tuple(sorted({pin for environment in site.environments for pin in pins_of(environment)}))


@record
class Store:
    """The cache and the lock of one site."""

    cache: Path
    lock_path: Path
    lock: Lock

    def find(self, pin: Pin) -> Path | None:
        """The cached chart of a pin: of its locked digest, or the one of its name if not locked.

        What is locked for another pin is never taken for one that is not.
        """
        locked = self.lock.get(pin)
        others = {one.sha256 for one in self.lock.values()}
        for path in _places(self.cache, pin, locked.sha256 if locked else ""):
            digest = _digest(path)
            fits = digest == locked.sha256 if locked is not None else digest not in others
            if digest is not None and fits:
                return path
        return None

    def stranger(self, pin: Pin) -> Path | None:
        """A file of the chart's name in the cache that is not the locked chart."""
        plain, _ = _places(self.cache, pin, "")
        is_there = pin in self.lock and self.find(pin) is None and _digest(plain) is not None
        return plain if is_there else None

    def keep(self, archive: Archive) -> Path:
        """Puts a chart into the cache, beside others of its name that the lock holds."""
        pin = Pin(name=archive.name, repository="", version=archive.version)
        plain, own = _places(self.cache, pin, archive.sha256)
        held = {locked.sha256 for locked in self.lock.values()} - {archive.sha256}
        path = own if _digest(plain) in held else plain
        writer.put(self.cache, path.name, archive.content, writer.PACKAGED_CHART)
        return path

    def accept(self, pin: Pin, archive: Archive, source: str) -> Locked:
        """What the lock holds of a chart that came in; GeneratorError when it is not that one."""
        if (archive.name, archive.version) != (pin.name, pin.version):
            raise GeneratorError(
                f"{source}: this is {archive.name} {archive.version}, not {pin.name} {pin.version}",
                "a repository or a file that is mixed up: do not use it",
            )
        locked = self.lock.get(pin)
        if locked is not None:
            require_same(pin, locked.sha256, source, archive.sha256)
            return locked
        return Locked(
            pin=pin,
            app_version=archive.app_version,
            kube_version=archive.kube_version,
            sha256=archive.sha256,
            size=len(archive.content),
        )


def require_same(pin: Pin, locked: str, source: str, sha256: str) -> None:
    """GeneratorError, which names both digests, when a chart is not the one that is locked."""
    if sha256 != locked:
        raise GeneratorError(
            f"{pin}: the chart is not the one in {chart_lock.NAME}",
            "a version that is published again is an attack or an accident: ask its maintainers. "
            f"To accept the new one, delete its entry from {chart_lock.NAME} and fetch again",
            (f"{chart_lock.NAME}: sha256 {locked}", f"{source}: sha256 {sha256}"),
        )


def opened(root: Path) -> Store:
    """The store of the site in this folder; GeneratorError when its lock can't be read."""
    path = root / chart_lock.NAME
    try:
        lock = chart_lock.parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        lock = {}
    except OSError as error:
        raise GeneratorError.refused(path, error, "fix it and run again") from None
    return Store(cache=_cache(root).absolute(), lock_path=path, lock=lock)


def _cache(root: Path) -> Path:
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else root / ".cache" / "charts"


def at_hand(root: Path, site: Site) -> Mapping[tuple[str, str], PackagedChart]:
    """The schemas and default values of the pinned charts that are in the cache.

    Where two repositories have a version, and only one chart of it is known, it stands for neither.
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
    paths = (store.stranger(pin) for pin in _every_pin(site)) if store is not None else ()
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
    wanted = wanted or [Pin(name=name, repository="", version=version)]
    charts = (_values(store, pin) for pin in wanted)
    return next((chart.defaults for chart in charts if chart is not None), None)


def _opened_if_filled(root: Path) -> Store | None:
    """The store; None without a cache, and where charts.lock is broken: `charts fetch` says so."""
    try:
        return opened(root) if _cache(root).is_dir() else None
    except (OSError, GeneratorError):
        return None


def _every_pin(site: Site) -> tuple[Pin, ...]:
    settings = (site.shared, *(settings for settings, _ in site.variants()))
    return tuple(
        sorted(
            {
                pin_of(chart, pin)
                for each in settings
                for chart, pin in each.charts.items()
                if pin.version is not None
            }
        )
    )


def _values(store: Store, pin: Pin) -> PackagedChart | None:
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

    locked: Locked
    path: Path
    is_fetched: bool


def obtain(
    store: Store,
    pin: Pin,
    download: Download | None,
    progress: Callable[[str], None] = lambda text: None,
) -> Obtained:
    """The chart of a pin, from the cache or fetched by Helm; without a download the cache alone.

    One that is not locked yet is fetched where that is allowed: what lies in a cache under its name
    may be from anywhere. GeneratorError when it can't be had, or is not the one that is locked;
    ToolError when there is no Helm to fetch it.
    """
    from generator.packaged import archive, pull

    path, locked = store.find(pin), store.lock.get(pin)
    if path is not None and (locked is not None or download is None):
        if locked is None:
            locked = store.accept(pin, archive.opened(path.read_bytes(), str(path)), str(path))
        return Obtained(locked=locked, path=path, is_fetched=False)
    if download is None:
        raise _absent(store, pin)
    progress(f"helm pull {pin}")
    pulled = pull.pull(pin, download, store.lock_path.parent)
    if locked is not None and pulled.index_sha256:
        require_same(pin, locked.sha256, f"the index of {pin.repository}", pulled.index_sha256)
    chart = archive.opened(pulled.content, pulled.source)
    locked = store.accept(pin, chart, pulled.source)
    if pulled.index_sha256 not in ("", chart.sha256):
        raise GeneratorError(
            f"{pulled.source}: the archive is not the one that the index names",
            "the repository is changing, or somebody changes what it sends: try again later",
            (f"index: sha256 {pulled.index_sha256}", f"archive: sha256 {chart.sha256}"),
        )
    return Obtained(locked=locked, path=store.keep(chart), is_fetched=True)


def _absent(store: Store, pin: Pin) -> GeneratorError:
    details: tuple[str, ...] = ()
    stranger = store.stranger(pin)
    if stranger is not None:
        locked = store.lock[pin].sha256
        details = (
            f"{chart_lock.NAME}: sha256 {locked}",
            f"{stranger}: sha256 {_digest(stranger)}",
        )
    help = "run 'hubops charts fetch' where there is a network, or 'hubops charts add FILE.tgz'"
    return GeneratorError(f"{pin}: not in the cache {store.cache}", help, details)


def _places(cache: Path, pin: Pin, sha256: str) -> tuple[Path, Path]:
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


def write_lock(store: Store, locked: Collection[Locked]) -> bool:
    """Writes charts.lock; whether anything changed."""
    content, root = chart_lock.emitted(locked), store.lock_path.parent
    return writer.put(root, chart_lock.NAME, content, writer.CHARTS_LOCK)
