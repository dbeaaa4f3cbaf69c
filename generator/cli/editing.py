"""What the commands that edit site.yaml have in common: edit, judge, write both, or nothing."""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from generator.build import repository
from generator.build.tree import Changes
from generator.change import review, upgrade, upgrade_text
from generator.change.promotion import EditPlan
from generator.change.sides import Side
from generator.cli import charts, writing
from generator.cli.building import Built, built
from generator.cli.loading import FINDINGS, as_far_as_read, judged, loaded
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import Diagnostic, GeneratorError, Pointer, Report, Severity
from generator.io import resources, worktree, writer
from generator.lint import load
from generator.lint.rules.base import Surroundings
from generator.packaged import lock as chart_lock
from generator.packaged.pull import Download
from generator.records import replace
from generator.report import text
from generator.report.formats import FORMATS
from generator.secrets import sealed_values
from generator.site.model import Site
from generator.yaml import edit as yaml_edit

download_option = click.option(
    "--offline",
    "download",
    is_flag=True,
    callback=lambda context, option, is_offline: None if is_offline else Download(),
    help="Use only charts in the cache.",
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would change and its impact; write nothing."
)

# A site, and what tells the line of a place in its text -> what to change.
Planner = Callable[[Site, Callable[[Pointer], int]], EditPlan]

_LATER = "run 'hubops charts fetch' where there is a network"


def run(
    site_path: Path,
    plan: Planner,
    terminal: Terminal,
    *,
    download: Download | None,
    dry_run: bool,
) -> int:
    """0 when site.yaml and the tree are what the plan wants, 1 when that is refused.

    Both are written, or neither is. Without a download there is no network. GeneratorError when a
    sealed value would be lost.
    """
    arguments = site_path, plan, terminal, download, dry_run
    if dry_run:
        return _run(*arguments)
    waiting = partial(terminal.note, "waiting for another hubops to end\n")
    with writer.lock(site_path.parent, waiting=waiting):
        return _run(*arguments)


def _run(
    path: Path, planner: Planner, terminal: Terminal, download: Download | None, dry_run: bool
) -> int:
    content = worktree.read_site(path)
    before = _before(content, path, terminal)
    plan = planner(before, yaml_edit.lines_of(content.decode()))
    if plan.refused:
        terminal.out("".join(f"{printable(reason)}\n" for reason in plan.refused))
        terminal.note(_unwritten(path) + "\n")
        return FINDINGS
    if not plan.edits:
        terminal.out(plan.nothing + _notes(plan))
        return 0
    edited = content.decode()
    for edit in plan.edits:
        edited = yaml_edit.put(edited, edit.at, edit.new)
    summary = _summary(path.name, edited, plan)
    # The charts come first: their own schemas judge the values.
    lock = None if dry_run else _lock(edited.encode(), path.parent, terminal, download)
    after = _after(edited.encode(), before, path, terminal, summary)
    result = built(after, path, terminal)
    writing.refuse_loss(sealed_values.lost(after, result.values))
    inputs = repository.Inputs(sealed=result.sealed, extras=result.copy.extras)
    older, newer = Side(site=before, inputs=inputs), Side(site=after, inputs=inputs)
    upgrades = upgrade.upgrades(older, newer, _where(path.name, edited))
    found = review.review(older, newer, lambda environment, app, value: "")
    terminal.out(summary + upgrade_text.consequences(upgrades, found))
    if lock is None:
        terminal.note("\nthis was a dry run: nothing was written\n")
        return 0
    changes = _write(path, content, edited.encode(), after, result)
    terminal.out("\n" + text.changes(changes))
    lock()
    writing.say_what_is_left(after, path.parent, terminal, result, changes)
    return 0


def _unwritten(path: Path) -> str:
    return f"nothing was written; {path.name} is as it was"


def _before(content: bytes, path: Path, terminal: Terminal) -> Site:
    """The site as it is; it may have mistakes about charts, which the change may fix."""
    found = loaded(content, path, terminal)
    is_about_charts = all(one.code.startswith("C3") for one in _errors(found.report))
    site = as_far_as_read(content) if is_about_charts else None
    return site or judged(found, path, terminal)


def _errors(*reports: Report) -> list[Diagnostic]:
    every = dict.fromkeys(one for report in reports for one in report.diagnostics)
    return [one for one in every if one.severity is Severity.ERROR]


def _after(content: bytes, before: Site, path: Path, terminal: Terminal, summary: str) -> Site:
    """The site as it will be; prints every error and ends the command where lint refuses it.

    Lint compares with the Git base, and here also with the site as it is.
    """
    name = terminal.place(path)
    found = loaded(content, path, replace(terminal, note=lambda text: None))  # said before
    facts = resources.site_schema(), resources.known_versions()
    against = load.load(content, name, *facts, lambda site: Surroundings(base=before))
    errors = _errors(found.report, against.report)
    if found.site is not None and not errors:
        if found.report.count(Severity.WARNING):
            terminal.note(text.count(found.report, "hubops lint shows what", "") + "\n")
        return found.site
    report = Report.of(errors)
    terminal.out(summary)
    terminal.out(FORMATS[terminal.format](report, found.lines, color=terminal.color))
    terminal.note(text.count(report, "", _unwritten(path)) + "\n")
    raise click.exceptions.Exit(FINDINGS)


def _where(file: str, edited: str) -> upgrade.Where:
    line = yaml_edit.lines_of(edited)
    return lambda at: f"{file}:{line(at)}"


def _summary(file: str, edited: str, plan: EditPlan) -> str:
    """Each edit with its line in the new text, and the notes."""
    where = _where(file, edited)
    lines = (
        f"{where(edit.at)}: {yaml_edit.dotted(edit.at)}: "
        + (f"{edit.old} -> {edit.new}" if edit.old is not None else f"{edit.new} (new)")
        for edit in plan.edits
    )
    return "".join(f"{printable(line)}\n" for line in lines) + _notes(plan)


def _notes(plan: EditPlan) -> str:
    return "".join(f"note: {printable(note)}\n" for note in plan.notes)


def _write(path: Path, content: bytes, edited: bytes, after: Site, result: Built) -> Changes:
    """Writes site.yaml and the tree; site.yaml is put back when the tree can't be written."""
    writer.put(path.parent, path.name, edited, writer.SITE)
    try:
        return writing.write(after, path.parent, result)
    except BaseException:
        with contextlib.suppress(GeneratorError):
            writer.put(path.parent, path.name, content, writer.SITE)
        raise


def _lock(
    edited: bytes, root: Path, terminal: Terminal, download: Download | None
) -> Callable[[], None]:
    """Fetches the new charts; what is returned writes charts.lock, or tells why it stays."""
    note = "" if (root / chart_lock.NAME).exists() else f"no {chart_lock.NAME} here yet: {_LATER}"
    site = as_far_as_read(edited)
    try:
        write = charts.refreshed(site, root, terminal, download) if site is not None else None
        if write is not None:
            return write
    except GeneratorError as error:
        note = f"{chart_lock.NAME} stays as it was: {error.message}; {_LATER}"
        note = "\n  ".join(map(printable, (note, *error.details)))
    return lambda: terminal.note(f"\n{note}\n" if note else "")
