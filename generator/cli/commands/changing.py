"""What the commands that edit site.yaml have in common: edit, judge, write both, or nothing."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.build import repository
from generator.build.tree import Changes
from generator.change import review, upgrade, upgrade_text
from generator.change.effects.chart_upgrade import copy_command
from generator.change.promotion import Edit
from generator.change.sides import Side
from generator.cli import writing
from generator.cli.commands import charts
from generator.cli.commands.site import FOUND, Built, Terminal, built, judged, loaded
from generator.diagnostics import GeneratorError, Pointer, Report, Severity
from generator.io import resources, worktree, writer
from generator.lint import load
from generator.packaged import lock as chart_lock
from generator.packaged.registries.http import Courtesy
from generator.records import field, record
from generator.report import text
from generator.report.formats import FORMATS
from generator.secrets import sealed_values
from generator.site.model import Site
from generator.yaml import edit as yaml_edit

_LATER = "run 'hubops charts fetch' where there is a network"


@record
class Plan:
    """What a command wants to change; `refused` are the reasons why it can't, told to people."""

    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    nothing: str = "nothing to change\n"


@record
class Request:
    """How a change is to be made: without a courtesy there is no network."""

    site_path: Path
    courtesy: Courtesy | None = None
    dry_run: bool = False
    plan: Callable[[Site, Callable[[Pointer], int]], Plan]


@record
class _Change:
    """The text before and after, and the sites that they give."""

    content: bytes
    edited: bytes
    before: Site
    after: Site
    result: Built
    told: str = field(hidden=True)


def run(request: Request, terminal: Terminal) -> int:
    """0 when site.yaml and the tree are what was asked for, 1 when that is refused.

    Both are written, or neither is. GeneratorError when a sealed value would be lost.
    """
    if request.dry_run:
        return _run(request, terminal)

    def waiting() -> None:
        terminal.note("waiting for another hubops to end\n")

    with writer.lock(request.site_path.parent, waiting=waiting):
        return _run(request, terminal)


def _run(request: Request, terminal: Terminal) -> int:
    path = request.site_path
    content = worktree.read_site(path)
    before = _before(content, path, terminal)
    if before is None:
        return FOUND
    written = content.decode()
    plan = request.plan(before, yaml_edit.lines_of(written))
    if plan.refused:
        terminal.out("".join(f"{reason}\n" for reason in plan.refused))
        terminal.note(f"nothing was written; {path.name} is as it was\n")
        return FOUND
    if not plan.edits:
        terminal.out(plan.nothing)
        terminal.out("".join(f"note: {note}\n" for note in plan.notes))
        return 0
    edited = written
    for edit in plan.edits:
        edited = yaml_edit.put(edited, edit.at, edit.new)
    told = "".join(_told(path.name, edited, plan))
    # The charts come first: what is at hand is judged by their own schemas.
    lock, missing = _lock(edited.encode(), request, terminal)
    after = _after(edited.encode(), before, path, terminal, told)
    if after is None:
        return FOUND
    result = built(after, path.parent)
    writing.refuse_loss(sealed_values.lost(after, result.values))
    change = _Change(
        content=content,
        edited=edited.encode(),
        before=before,
        after=after,
        result=result,
        told=told,
    )
    terminal.out(told + _consequences(change, path.name))
    if request.dry_run:
        terminal.note("\nthis was a dry run: nothing was written\n")
        return 0
    changes = _write(change, path)
    terminal.out("\n" + text.changes(changes))
    _say_lock(lock, missing, path.parent, terminal)
    writing.say_what_is_left(after, path.parent, terminal, result, changes)
    return 0


def _before(content: bytes, path: Path, terminal: Terminal) -> Site | None:
    """The site as it is; mistakes about charts may stand in it, for a change may cure them."""
    found = loaded(content, path, terminal.place(path))
    errors = [one for one in found.report.diagnostics if one.severity is Severity.ERROR]
    if all(one.code.startswith("C3") for one in errors):
        return load.as_far_as_read(content, resources.site_schema(), resources.known_versions())
    return judged(found, path, terminal)


def _after(content: bytes, before: Site, path: Path, terminal: Terminal, told: str) -> Site | None:
    """The site as it will be; or None, and why is said."""
    site = load.as_far_as_read(content, resources.site_schema(), resources.known_versions())
    back = _going_back(before, site) if site is not None else ()
    if back:
        terminal.out(told + "".join(back))
        terminal.note(f"nothing was written; {path.name} is as it was\n")
        return None
    found = loaded(content, path, terminal.place(path))
    if found.site is not None:
        warnings = found.report.count(Severity.WARNING)
        if warnings:
            terminal.note(text.count(found.report, "hubops lint shows what", "") + "\n")
        return found.site
    errors = Report.of(one for one in found.report.diagnostics if one.severity is Severity.ERROR)
    terminal.out(told)
    terminal.out(FORMATS[terminal.format](errors, found.lines, color=terminal.color))
    kept = f"nothing was written; {path.name} is as it was"
    terminal.note(text.count(errors, "", kept) + "\n")
    return None


def _going_back(before: Site, after: Site) -> tuple[str, ...]:
    """Why a hub can't go back, and the way that is left; empty where none does."""
    known = after.versions
    places = Side(site=after).places
    said = []
    for name, old, new in upgrade.going_back(before, after):
        assert old.version is not None
        assert new.version is not None
        was, will = known.hub_release(old.version), known.hub_release(new.version)
        reason = (
            f"JupyterHub {was.jupyterhub} has upgraded the hub's database, and "
            f"{will.jupyterhub} can't read it (\"Can't locate revision identified by\")"
            if was.database != will.database
            else "it is not known whether the newer one has upgraded the hub's database, which the "
            "older one could not read then"
        )
        said.append(
            f"{name}: chart jupyterhub can't go from {old.text} back to {new.text}: {reason}\n"
            "  help: only an older copy of the database brings it back. Put one in place of "
            "/srv/jupyterhub/jupyterhub.sqlite, with the hub stopped; then write the version by "
            "hand, with its reason: # hubops: ignore[C308] the copy of <date> is back in place\n"
            f"        keep what is there now: {copy_command(places[name])}\n"
        )
    return tuple(said)


def _told(file: str, edited: str, plan: Plan) -> Sequence[str]:
    """Each edit with its line in the new text, and the notes."""
    line, lines = yaml_edit.lines_of(edited), []
    for edit in plan.edits:
        place = f"{file}:{line(edit.at)}: {yaml_edit.dotted(edit.at)}"
        change = f"{edit.old} -> {edit.new}" if edit.old is not None else f"{edit.new} (new)"
        lines.append(f"{place}: {change}\n")
    return [*lines, *(f"note: {note}\n" for note in plan.notes)]


def _consequences(change: _Change, file: str) -> str:
    line, result = yaml_edit.lines_of(change.edited.decode()), change.result

    def where(at: Pointer) -> str:
        return f"{file}:{line(at)}"

    inputs = repository.Inputs(sealed=result.sealed, extras=result.copy.extras)
    found = review.review(
        Side(site=change.before, inputs=inputs),
        Side(site=change.after, inputs=inputs),
        lambda place, app, value: "",
    )
    moved = upgrade.upgrades(change.before, change.after, where)
    return upgrade_text.consequences(moved, found)


def _write(change: _Change, path: Path) -> Changes:
    """Writes site.yaml and the tree; site.yaml is put back when the tree can't be written."""
    writer.put(path.parent, path.name, change.edited, writer.SITE)
    try:
        return writing.write(change.after, path.parent, change.result)
    except BaseException:
        with contextlib.suppress(GeneratorError):
            writer.put(path.parent, path.name, change.content, writer.SITE)
        raise


def _lock(
    edited: bytes, request: Request, terminal: Terminal
) -> tuple[Callable[[], None] | None, GeneratorError | None]:
    """What brings charts.lock up to date, or why it stays as it is."""
    site = load.as_far_as_read(edited, resources.site_schema(), resources.known_versions())
    if site is None or request.dry_run:
        return None, None
    try:
        return charts.refreshed(site, request.site_path.parent, terminal, request.courtesy), None
    except GeneratorError as error:
        return None, error


def _say_lock(
    lock: Callable[[], None] | None,
    missing: GeneratorError | None,
    root: Path,
    terminal: Terminal,
) -> None:
    if lock is not None:
        lock()
    elif missing is not None:
        terminal.note(f"\n{chart_lock.NAME} stays as it was: {missing.message}; {_LATER}\n")
        terminal.note("".join(f"  {detail}\n" for detail in missing.details))
    elif not (root / chart_lock.NAME).exists():
        terminal.note(f"\nno {chart_lock.NAME} here yet: {_LATER}\n")
