"""`hubops charts`: the packaged charts that site.yaml pins, fetched by Helm or carried in."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from generator.cli.loading import site_of
from generator.cli.options import FilePath, command, helm_option, offline_option, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import GeneratorError, ToolError
from generator.io import writer
from generator.packaged import archive
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.lock import LockEntry, PinnedChart
from generator.packaged.pull import Download
from generator.packaged.store import Obtained, Store
from generator.records import replace
from generator.site.model import Site

_FIRST_USE = (
    f"\n{chart_lock.NAME} is new for these charts and from now on accepts no others. Compare the "
    "digests with what the charts' maintainers publish, then commit the file\n"
)


@site_option
@helm_option
@offline_option
def _fetch(site_path: Path, terminal: Terminal, helm: str | None, offline: bool) -> int:
    """Fetch every pinned chart that the cache lacks, and lock what is new.

    \b
    Examples:
      hubops charts fetch
      hubops charts fetch --offline    # are all of them in the cache?

    Runs 'helm pull', with the repositories and logins that your Helm knows ('helm repo add',
    'helm registry login') and the proxy in https_proxy. Exit 1 when site.yaml has an error, 3
    when a chart can't be fetched or is not the locked one, 4 when there is no Helm.
    """
    return fetch(site_path, terminal, None if offline else Download(helm=helm))


def fetch(site_path: Path, terminal: Terminal, download: Download | None = None) -> int:
    """0 when every pinned chart is in the cache and locked. Without a download: no network.

    GeneratorError, when all others are there, for those that can't be had or are not the locked.
    """
    site = site_of(site_path, terminal)
    with writer.lock(site_path.parent):
        before = chart_store.opened(site_path.parent)
        entries: list[LockEntry] = []
        failures: list[GeneratorError] = []
        for pin, result in _obtained(before, site, terminal, download):
            if isinstance(result, GeneratorError):
                failures.append(result)
                entries += [before.lock[pin]] if pin in before.lock else []
            else:
                entries.append(result.entry)
                terminal.out(_line("fetched" if result.is_fetched else "cached", result.entry))
        _lock(before, entries, terminal)
    if failures:
        raise _together(failures)
    return 0


def _obtained(
    store: Store, site: Site, terminal: Terminal, download: Download | None
) -> Iterator[tuple[PinnedChart, Obtained | GeneratorError]]:
    """The chart of each pin, or why it can't be had; what is locked for one is not for another."""
    for pin in chart_store.pins(site):
        try:
            obtained = chart_store.obtain(store, pin, download, terminal.progress)
        except GeneratorError as error:
            yield pin, error
        else:
            store = replace(store, lock={**store.lock, pin: obtained.entry})
            yield pin, obtained
        finally:
            terminal.progress("")


def refreshed(
    site: Site, root: Path, terminal: Terminal, download: Download | None
) -> Callable[[], None] | None:
    """What brings charts.lock up to a site, once all its charts are at hand; None without a lock.

    GeneratorError when one of them can't be had, or is not the locked one; nothing is written then.
    """
    store = chart_store.opened(root)
    if not store.lock_path.exists():
        return None
    entries: list[LockEntry] = []
    for _, result in _obtained(store, site, terminal, download):
        if isinstance(result, GeneratorError):
            raise result
        entries.append(result.entry)
    return lambda: _lock(store, entries, terminal)


def _line(verb: str, chart: LockEntry) -> str:
    named = printable(f"{chart.pin.name} {chart.pin.version}")
    return f"{verb:<9} {named}  sha256 {chart.sha256}\n"


def _lock(store: Store, entries: Iterable[LockEntry], terminal: Terminal) -> None:
    """Writes the lock, and reports what is new in it and what is gone."""
    by_pin = {entry.pin: entry for entry in entries}
    new = sorted(by_pin.keys() - store.lock.keys())
    dropped = sorted(store.lock.keys() - by_pin.keys())
    if not by_pin and not store.lock:
        return
    content = chart_lock.emitted(by_pin.values())
    if writer.put(store.lock_path.parent, chart_lock.NAME, content, writer.CHARTS_LOCK):
        for verb, pins in (("locked", new), ("dropped", dropped)):
            terminal.out("".join(f"{verb:<9} {printable(str(pin))}\n" for pin in pins))
    if new:
        terminal.note(_FIRST_USE)


def _together(failures: list[GeneratorError]) -> GeneratorError:
    """One error for all; a missing Helm keeps its own exit code."""
    first, *others = failures
    if not others:
        return first
    is_one = all(error.help == first.help for error in failures)
    lines = [
        line
        for error in failures
        for line in (
            error.message,
            *(f"  {detail}" for detail in error.details),
            *(() if is_one else (f"  {error.help}",)),
        )
    ]
    kind = ToolError if all(isinstance(error, ToolError) for error in failures) else GeneratorError
    return kind(f"{len(failures)} charts can't be had", first.help if is_one else "", tuple(lines))


@site_option
@click.argument("file", type=FilePath())
def add(site_path: Path, file: Path, terminal: Terminal) -> int:
    """Add a packaged chart that you carried in by hand.

    \b
    Examples:
      hubops charts add jupyterhub-4.4.0.tgz

    Exit 1 when site.yaml has an error, 3 when the file is not a chart or not the locked one.
    """
    site = site_of(site_path, terminal)
    content = _content(file)
    chart = archive.opened(content, str(file))
    with writer.lock(site_path.parent):
        store = chart_store.opened(site_path.parent)
        key = chart.pin.name, chart.pin.version
        pins = [pin for pin in chart_store.pins(site) if (pin.name, pin.version) == key]
        accepted = _accepted(store, pins, chart, str(file))
        store.keep(chart, content)
        terminal.out(_line("added", chart))
        if not pins:
            terminal.note(f"{site_path.name} pins no {printable(' '.join(key))}: not locked\n")
        _lock(store, {**store.lock, **accepted}.values(), terminal)
    return 0


@click.group(commands=[command("fetch", _fetch), command("add", add)])
def charts() -> None:
    """Fetch the charts that site.yaml pins, and lock their digests.

    \b
    Examples:
      hubops charts fetch
      hubops charts add jupyterhub-4.4.0.tgz

    Charts go to .cache/charts, or to the folder that HUBOPS_CACHE names; their digests go to
    charts.lock. Exit 1 when site.yaml has an error, 3 when a chart can't be fetched or does not
    have the locked digest, 4 when there is no Helm to fetch it.
    """


COMMAND = charts


def _accepted(
    store: Store, pins: list[PinnedChart], chart: LockEntry, source: str
) -> dict[PinnedChart, LockEntry]:
    """What the chart is locked as: of two repositories, for the one whose lock has its digest."""
    accepted: dict[PinnedChart, LockEntry] = {}
    failure: GeneratorError | None = None
    for pin in pins:
        try:
            accepted[pin] = store.accept(pin, chart, source)
        except GeneratorError as error:
            failure = error
    if failure is not None and not accepted:
        raise failure
    return accepted


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise GeneratorError(f"{path}: no such file", "give the path of a packaged chart")
        with path.open("rb") as file:
            return file.read(archive.MAX_PACKED + 1)
    except OSError as error:
        raise GeneratorError.refused(path, error, "give the path of a packaged chart") from None
