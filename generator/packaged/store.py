"""The packaged charts that are here: the cache, charts.lock on disk, and how a chart comes in.

A chart counts only under the digest that charts.lock names. The first one that comes for a pin is
locked; from then on another one of the same version is an error that names both digests.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.diagnostics import GeneratorError
from generator.packaged import archive as chart_archive
from generator.packaged import lock as chart_lock
from generator.packaged import registries
from generator.packaged.archive import Archive
from generator.packaged.lock import Lock, Locked, Pin
from generator.packaged.registries.http import Courtesy
from generator.records import record
from generator.site.model import ChartPin, Environment, Site

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

    def keep(self, archive: Archive) -> Path:
        """Puts a chart into the cache, beside others of its name that the lock holds."""
        pin = Pin(name=archive.name, repository="", version=archive.version)
        plain, own = _places(self.cache, pin, archive.sha256)
        held = {locked.sha256 for locked in self.lock.values()} - {archive.sha256}
        path = own if _digest(plain) in held else plain
        replace(path, archive.content)
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


def require_same(pin: Pin, locked: str, source: str, found: str) -> None:
    """GeneratorError, which names both digests, when a chart is not the one that is locked."""
    if found != locked:
        raise GeneratorError(
            f"{pin}: the chart is not the one in {chart_lock.NAME}",
            "a version that is published again is an attack or an accident: ask its maintainers. "
            f"To accept the new one, delete its entry from {chart_lock.NAME} and fetch again",
            (f"{chart_lock.NAME}: sha256 {locked}", f"{source}: sha256 {found}"),
        )


def opened(root: Path) -> Store:
    """The store of the site in this folder; GeneratorError when its lock can't be read."""
    path = root / chart_lock.NAME
    cache = os.environ.get(CACHE_VARIABLE)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        lock: Lock = {}
    except OSError as error:
        raise GeneratorError.refused(path, error, "mend it and run again") from None
    else:
        lock = chart_lock.parse(content, str(path))
    folder = Path(cache) if cache else root / ".cache" / "charts"
    return Store(cache=folder.absolute(), lock_path=path, lock=lock)


@record
class Obtained:
    """A chart that is in the cache now, and whether it was fetched for that."""

    locked: Locked
    path: Path
    is_fetched: bool


def obtain(
    store: Store,
    pin: Pin,
    courtesy: Courtesy | None,
    progress: Callable[[str], None] = lambda text: None,
) -> Obtained:
    """The chart of a pin, from the cache or its repository (without a courtesy: the cache alone).

    One that is not locked yet comes from its repository where there is a network: what lies in a
    cache under its name may be from anywhere. GeneratorError when it can't be had, or is not the
    one that is locked.
    """
    path, locked = store.find(pin), store.lock.get(pin)
    if path is not None and (locked is not None or courtesy is None):
        if locked is None:
            archive = chart_archive.opened(path.read_bytes(), str(path))
            locked = store.accept(pin, archive, str(path))
        return Obtained(locked=locked, path=path, is_fetched=False)
    if courtesy is None:
        raise _absent(store, pin)
    fetched = registries.fetch(pin, courtesy, progress)
    if locked is not None and fetched.told_sha256:
        require_same(pin, locked.sha256, f"the index of {pin.repository}", fetched.told_sha256)
    archive = chart_archive.opened(fetched.content, fetched.address)
    locked = store.accept(pin, archive, fetched.address)
    if fetched.told_sha256 not in ("", archive.sha256):
        raise GeneratorError(
            f"{fetched.address}: the archive is not the one that the index names",
            "the repository is being changed, or somebody changes what passes: try again later",
            (f"index: sha256 {fetched.told_sha256}", f"archive: sha256 {archive.sha256}"),
        )
    return Obtained(locked=locked, path=store.keep(archive), is_fetched=True)


def _absent(store: Store, pin: Pin) -> GeneratorError:
    locked = store.lock.get(pin)
    plain, _ = _places(store.cache, pin, "")
    found = _digest(plain)
    details: tuple[str, ...] = ()
    if locked is not None and found is not None:
        details = (f"{chart_lock.NAME}: sha256 {locked.sha256}", f"{plain}: sha256 {found}")
    help = "run 'hubops charts fetch' where there is a network, or 'hubops charts add FILE.tgz'"
    return GeneratorError(f"{pin}: not in the cache {store.cache}", help, details)


def _places(cache: Path, pin: Pin, sha256: str) -> tuple[Path, Path]:
    """Where a chart may be: under its name; and with its digest, beside another of that name."""
    name = f"{pin.name}-{pin.version}"
    return cache / f"{name}.tgz", cache / f"{name}.{sha256[:16]}.tgz"


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def write_lock(store: Store, locked: Collection[Locked]) -> bool:
    """Writes charts.lock; whether anything changed."""
    content = chart_lock.emitted(locked)
    try:
        if store.lock_path.read_bytes() == content:
            return False
    except OSError:
        pass
    replace(store.lock_path, content)
    return True


def replace(path: Path, content: bytes) -> None:
    """Writes a file as a whole or not at all; GeneratorError when the system refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, staged = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(staged).chmod(0o644)
            Path(staged).replace(path)
        except BaseException:
            Path(staged).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise GeneratorError.refused(
            path, error, "make room or give access, then run again"
        ) from None
