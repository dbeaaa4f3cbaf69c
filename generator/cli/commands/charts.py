"""`hubops charts`: the packaged charts that site.yaml pins, fetched by digest or carried in."""

from collections.abc import Callable
from pathlib import Path

from generator.cli.commands.site import FOUND, Terminal, site_or_said
from generator.diagnostics import GeneratorError
from generator.io import worktree, writer
from generator.packaged import archive as chart_archive
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.lock import Locked, Pin
from generator.packaged.pull import Download
from generator.packaged.store import Obtained, Store
from generator.records import replace
from generator.site.model import Site

_FIRST_USE = (
    f"\n{chart_lock.NAME} is new for these: what came first is now the one that counts. Compare "
    "the digests with what the charts' maintainers publish, then commit the file\n"
)


def fetch(site_path: Path, terminal: Terminal, download: Download | None = None) -> int:
    """0 when every pinned chart is in the cache and locked. Without a download: no network.

    GeneratorError, when all others are there, for those that can't be had or are not the locked.
    """
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    with writer.lock(site_path.parent):
        store = before = chart_store.opened(site_path.parent)
        locked: list[Locked] = []
        failures: list[GeneratorError] = []
        for pin in chart_store.pins(site):
            try:
                obtained = chart_store.obtain(store, pin, download, terminal.progress)
            except GeneratorError as error:
                failures.append(error)
                locked += [store.lock[pin]] if pin in store.lock else []
            else:
                locked.append(obtained.locked)
                store = replace(store, lock={**store.lock, pin: obtained.locked})
                terminal.out(_line(obtained))
            terminal.progress("")
        _lock(before, locked, terminal)
    if failures:
        raise _together(failures)
    return 0


def refreshed(
    site: Site, root: Path, terminal: Terminal, download: Download | None
) -> Callable[[], None] | None:
    """What brings charts.lock up to a site, once all its charts are at hand; None without a lock.

    GeneratorError when one of them can't be had, or is not the locked one; nothing is written then.
    """
    store = before = chart_store.opened(root)
    if not store.lock_path.exists():
        return None
    locked: list[Locked] = []
    for pin in chart_store.pins(site):
        try:
            obtained = chart_store.obtain(store, pin, download, terminal.progress)
        finally:
            terminal.progress("")
        locked.append(obtained.locked)
        store = replace(store, lock={**store.lock, pin: obtained.locked})
    return lambda: _lock(before, locked, terminal)


def _line(obtained: Obtained) -> str:
    verb = "fetched" if obtained.is_fetched else "cached"
    locked = obtained.locked
    return f"{verb:<9} {locked.pin.name} {locked.pin.version}  sha256 {locked.sha256}\n"


def _lock(store: Store, locked: list[Locked], terminal: Terminal) -> None:
    """Writes the lock, and says what is new in it and what is gone from it."""
    new = [one.pin for one in locked if one.pin not in store.lock]
    dropped = sorted(store.lock.keys() - {one.pin for one in locked})
    if not locked and not store.lock:
        return
    if chart_store.write_lock(store, locked):
        for verb, pins in (("locked", new), ("dropped", dropped)):
            terminal.out("".join(f"{verb:<9} {pin}\n" for pin in pins))
    if new:
        terminal.note(_FIRST_USE)


def _together(failures: list[GeneratorError]) -> GeneratorError:
    first, *others = failures
    if not others:
        return first
    told = [
        line for error in failures for line in (error.message, *(f"  {d}" for d in error.details))
    ]
    return GeneratorError(f"{len(failures)} charts can't be had", first.help, tuple(told))


def add(site_path: Path, archive_path: Path, terminal: Terminal) -> int:
    """0 when a packaged chart that a person brought is in the cache, and locked if it is pinned.

    GeneratorError when it is no chart, or not the one that is locked.
    """
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    archive = chart_archive.opened(_content(archive_path), str(archive_path))
    with writer.lock(site_path.parent):
        store = chart_store.opened(site_path.parent)
        meant = _pins(site, archive.name, archive.version)
        locked = _accepted(store, meant, archive, str(archive_path))
        store.keep(archive)
        terminal.out(f"{'added':<9} {archive.name} {archive.version}  sha256 {archive.sha256}\n")
        if not meant:
            terminal.note(
                f"{site_path.name} pins no {archive.name} {archive.version}: not locked\n"
            )
        kept = {**store.lock, **{one.pin: one for one in locked}}
        _lock(store, list(kept.values()), terminal)
    return 0


def _accepted(
    store: Store, meant: list[Pin], archive: chart_archive.Archive, source: str
) -> list[Locked]:
    """The pins that the chart is for: of two repositories those whose lock names its digest."""
    found: list[Locked] = []
    failure: GeneratorError | None = None
    for pin in meant:
        try:
            found.append(store.accept(pin, archive, source))
        except GeneratorError as error:
            failure = error
    if failure is not None and not found:
        raise failure
    return found


def _pins(site: Site, name: str, version: str) -> list[Pin]:
    return [pin for pin in chart_store.pins(site) if (pin.name, pin.version) == (name, version)]


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise GeneratorError(f"{path}: no such file", "give the path of a packaged chart")
        with path.open("rb") as file:
            return file.read(chart_archive.MAX_PACKED + 1)
    except OSError as error:
        raise GeneratorError.refused(path, error, "give the path of a packaged chart") from None
