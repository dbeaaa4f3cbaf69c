"""What the commands that edit site.yaml have in common: edit, judge, write both, or nothing."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import click

from generator.build import repository
from generator.build.tree import Changes
from generator.change import review, upgrade, upgrade_text
from generator.change.promotion import EditPlan
from generator.change.sides import Side
from generator.cli import charts, writing
from generator.cli.building import Built, built
from generator.cli.loading import FINDINGS, judged, loaded
from generator.cli.terminal import Terminal
from generator.diagnostics import Diagnostic, GeneratorError, Pointer, Report, Severity
from generator.io import resources, worktree, writer
from generator.lint import load
from generator.lint.rules.base import Surroundings
from generator.packaged import lock as chart_lock
from generator.packaged.pull import Download
from generator.report import text
from generator.report.formats import FORMATS
from generator.secrets import sealed_values
from generator.site.model import Site
from generator.yaml import edit as yaml_edit

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
    lock: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    if not dry_run:
        lock = writer.lock(
            site_path.parent, waiting=lambda: terminal.note("waiting for another hubops to end\n")
        )
    with lock:
        return _run(site_path, plan, terminal, download, dry_run)


def _run(
    path: Path, planner: Planner, terminal: Terminal, download: Download | None, dry_run: bool
) -> int:
    content = worktree.read_site(path)
    before = _before(content, path, terminal)
    if before is None:
        return FINDINGS
    plan = planner(before, yaml_edit.lines_of(content.decode()))
    if plan.refused:
        terminal.out("".join(f"{reason}\n" for reason in plan.refused))
        return _refused(path, terminal)
    if not plan.edits:
        terminal.out(plan.nothing + _notes(plan))
        return 0
    edited = content.decode()
    for edit in plan.edits:
        edited = yaml_edit.put(edited, edit.at, edit.new)
    summary = _summary(path.name, edited, plan)
    # The charts come first: their own schemas judge the values.
    lock = None if dry_run else _Lock(edited.encode(), path.parent, terminal, download)
    after = _after(edited.encode(), before, path, terminal, summary)
    if after is None:
        return FINDINGS
    result = built(after, path.parent)
    writing.refuse_loss(sealed_values.lost(after, result.values))
    terminal.out(summary + _impact(before, after, result, _where(path.name, edited)))
    if lock is None:
        terminal.note("\nthis was a dry run: nothing was written\n")
        return 0
    changes = _write(path, content, edited.encode(), after, result)
    terminal.out("\n" + text.changes(changes))
    lock.say()
    writing.say_what_is_left(after, path.parent, terminal, result, changes)
    return 0


def _refused(path: Path, terminal: Terminal) -> int:
    terminal.note(f"nothing was written; {path.name} is as it was\n")
    return FINDINGS


def _before(content: bytes, path: Path, terminal: Terminal) -> Site | None:
    """The site as it is; it may have mistakes about charts, which the change may fix."""
    found = loaded(content, path, terminal.place(path))
    if all(one.code.startswith("C3") for one in _errors(found.report)):
        return _as_far_as_read(content)
    return judged(found, path, terminal)


def _as_far_as_read(content: bytes) -> Site | None:
    return load.as_far_as_read(content, resources.site_schema(), resources.known_versions())


def _errors(*reports: Report) -> list[Diagnostic]:
    return [
        one
        for one in dict.fromkeys(each for report in reports for each in report.diagnostics)
        if one.severity is Severity.ERROR
    ]


def _after(
    content: bytes, before: Site, path: Path, terminal: Terminal, summary: str
) -> Site | None:
    """The site as it will be; None, and every error is said, where lint refuses it.

    Lint compares with the Git base, and here also with the site as it is.
    """
    name = terminal.place(path)
    found = loaded(content, path, name)
    against = load.load(
        content,
        name,
        resources.site_schema(),
        resources.known_versions(),
        lambda _: Surroundings(base=before),
    )
    errors = _errors(found.report, against.report)
    if found.site is not None and not errors:
        if found.report.count(Severity.WARNING):
            terminal.note(text.count(found.report, "hubops lint shows what", "") + "\n")
        return found.site
    report = Report.of(errors)
    terminal.out(summary)
    terminal.out(FORMATS[terminal.format](report, found.lines, color=terminal.color))
    terminal.note(text.count(report, "", f"nothing was written; {path.name} is as it was") + "\n")
    return None


def _where(file: str, edited: str) -> upgrade.Where:
    line = yaml_edit.lines_of(edited)
    return lambda at: f"{file}:{line(at)}"


def _summary(file: str, edited: str, plan: EditPlan) -> str:
    """Each edit with its line in the new text, and the notes."""
    where = _where(file, edited)
    lines = [
        f"{where(edit.at)}: {yaml_edit.dotted(edit.at)}: "
        + (f"{edit.old} -> {edit.new}\n" if edit.old is not None else f"{edit.new} (new)\n")
        for edit in plan.edits
    ]
    return "".join(lines) + _notes(plan)


def _notes(plan: EditPlan) -> str:
    return "".join(f"note: {note}\n" for note in plan.notes)


def _impact(before: Site, after: Site, result: Built, where: upgrade.Where) -> str:
    inputs = repository.Inputs(sealed=result.sealed, extras=result.copy.extras)
    older, newer = Side(site=before, inputs=inputs), Side(site=after, inputs=inputs)
    found = review.review(older, newer, lambda environment, app, value: "")
    return upgrade_text.consequences(upgrade.upgrades(older, newer, where), found)


def _write(path: Path, content: bytes, edited: bytes, after: Site, result: Built) -> Changes:
    """Writes site.yaml and the tree; site.yaml is put back when the tree can't be written."""
    writer.put(path.parent, path.name, edited, writer.SITE)
    try:
        return writing.write(after, path.parent, result)
    except BaseException:
        with contextlib.suppress(GeneratorError):
            writer.put(path.parent, path.name, content, writer.SITE)
        raise


class _Lock:
    """The new charts.lock: fetched first, written at the end."""

    def __init__(
        self, edited: bytes, root: Path, terminal: Terminal, download: Download | None
    ) -> None:
        self._root, self._terminal = root, terminal
        self._missing: GeneratorError | None = None
        self._write: Callable[[], None] | None = None
        site = _as_far_as_read(edited)
        try:
            if site is not None:
                self._write = charts.refreshed(site, root, terminal, download)
        except GeneratorError as error:
            self._missing = error

    def say(self) -> None:
        """Writes the lock, or tells why it stays as it is."""
        note, missing = self._terminal.note, self._missing
        if self._write is not None:
            self._write()
        elif missing is not None:
            note(f"\n{chart_lock.NAME} stays as it was: {missing.message}; {_LATER}\n")
            note("".join(f"  {detail}\n" for detail in missing.details))
        elif not (self._root / chart_lock.NAME).exists():
            note(f"\nno {chart_lock.NAME} here yet: {_LATER}\n")
