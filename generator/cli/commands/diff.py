"""`hubops diff`: what a change does, by environment and effect, against a Git revision."""

from pathlib import Path
from typing import TYPE_CHECKING

from generator.build import repository
from generator.build.tree import FOLDERS, compare
from generator.change import review
from generator.change.architecture import architecture
from generator.change.difference import ABSENT, ValueChange, pointer
from generator.change.formats import REVIEWS
from generator.change.sides import Place, Side
from generator.charts import CHARTS, origins
from generator.cli.commands.site import FOUND, Terminal, built_on, judged, sealed_in
from generator.diagnostics import GeneratorError, Pointer, Severity
from generator.io import git, resources, worktree
from generator.lint import load
from generator.records import record, replace
from generator.site.model import Site
from generator.yaml.read import read

if TYPE_CHECKING:
    from generator.cli.rendering import Means
    from generator.proof.sides import Comparison

WORKTREE = "worktree"
_PIN = ("spec", "source", "targetRevision")


@record
class _Text:
    """One side's site.yaml, and the site that it gives."""

    content: bytes
    loaded: load.Loaded
    site: Site


def run(
    site_path: Path,
    terminal: Terminal,
    *,
    base: str | None = None,
    head: str = WORKTREE,
    format: str = "text",
    exit_code: bool = False,
    means: "Means | None" = None,
) -> int:
    """0, or with `exit_code` 1 where something differs; 1 when the newer site.yaml is wrong.

    With `means` also what differs after Helm; what can't be rendered is a note in the review.
    GeneratorError without Git, or for a revision that is not there or has no sound site.yaml.
    """
    newer = _newer(site_path, head, terminal)
    if newer is None:
        return FOUND
    base = _default_base(site_path, newer.site) if base is None else base
    older = _older(site_path, base)
    new = built_on(newer.site, _copy(site_path, head))
    new_inputs = repository.Inputs(sealed=new.sealed, extras=new.copy.extras)
    old_copy = _copy(site_path, base)
    old_inputs = repository.Inputs(sealed=sealed_in(older.site, old_copy), extras=old_copy.extras)
    rendered: Comparison | None = None
    if means is not None:
        from generator.cli.rendering import Compared, comparison  # much to load

        sides = (
            Compared(site=older.site, built=built_on(older.site, old_copy), commit=base),
            Compared(site=newer.site, built=new, commit=None if head == WORKTREE else head),
        )
        rendered = comparison(site_path.parent, *sides, terminal, means)
    found = review.review(
        Side(site=older.site, inputs=old_inputs),
        Side(site=newer.site, inputs=new_inputs),
        _origins(newer, site_path.name),
        rendered.sections if rendered else None,
    )
    drift = compare(new.files, new.tree).changes
    found = replace(
        found,
        drift=tuple(change.path for change in drift),
        is_rewritten=found.is_empty and _is_rewritten(older.content, newer.content),
        architecture=architecture(newer.site),
        notes=rendered.notes if rendered else (),
    )
    terminal.out(REVIEWS[format](found, color=terminal.color))
    return FOUND if exit_code and not (found.is_empty and not found.drift) else 0


def _is_rewritten(before: bytes, after: bytes) -> bool:
    """Whether two texts of a site differ and say the same."""
    return before != after and read(before, "").data == read(after, "").data


def _origins(newer: _Text, file: str) -> review.Origins:
    """Where the newer site.yaml sets a value; nothing for one that is gone."""
    places = newer.loaded.places

    def told(place: Place, app: str, change: ValueChange) -> str:
        if app not in CHARTS or change.after is ABSENT:
            return ""
        if change.path == _PIN:
            at: Pointer | None = origins.pin(place.environment, app)
        else:
            path = pointer(place.values[app], change.path)
            at = origins.origin(place.environment, app, path)
        return "" if at is None else f"{file}:{places.span(at).line}"

    return told


def _newer(site_path: Path, head: str, terminal: Terminal) -> _Text | None:
    """The newer side; None, and every finding is said, where its site.yaml is wrong."""
    content = worktree.read_site(site_path) if head == WORKTREE else _content(site_path, head)
    loaded = load.load(
        content, terminal.place(site_path), resources.site_schema(), resources.known_versions()
    )
    site = judged(loaded, site_path, terminal)
    return None if site is None else _Text(content=content, loaded=loaded, site=site)


def _older(site_path: Path, revision: str) -> _Text:
    """The older side; GeneratorError where its site.yaml is wrong."""
    name = site_path.name
    content = _content(site_path, revision)
    loaded = load.load(content, name, resources.site_schema(), resources.known_versions())
    if loaded.site is None:
        errors = (one for one in loaded.report.diagnostics if one.severity is Severity.ERROR)
        first = next(errors)
        raise GeneratorError(
            f"{name} of revision '{revision}' is wrong, so nothing can be compared with it",
            "name a revision with --base that 'hubops lint' finds no error in",
            (f"{name}:{first.at.line}:{first.at.column}: {first.code}: {first.message}",),
        )
    return _Text(content=content, loaded=loaded, site=loaded.site)


def _default_base(site_path: Path, site: Site) -> str:
    root = site_path.parent
    if not git.is_repository(root):
        git.commit(root, "HEAD")  # says what is wrong
    found = git.main_base(root, site.repository.revision)
    if found is None:
        branch = site.repository.revision.removeprefix("refs/heads/")
        if git.is_shallow(root):
            raise GeneratorError(
                f"this clone is shallow: it does not hold where this branch left '{branch}'",
                "fetch the history first, 'git fetch --unshallow', or name a revision with --base",
            )
        raise GeneratorError(
            f"no branch '{branch}' is known here to compare with",
            "fetch it with 'git fetch origin', or name a revision with --base",
        )
    return found


def _content(site_path: Path, revision: str) -> bytes:
    """site.yaml as a commit has it."""
    root, name = site_path.parent, site_path.name
    content = git.content(root, git.commit(root, revision), name)
    if content is None:
        raise GeneratorError(
            f"revision '{revision}' has no {name} in this folder",
            "compare with one that has: name it with --base or --head",
        )
    return content


def _copy(site_path: Path, revision: str) -> worktree.WorkingCopy:
    """The files beside site.yaml: those on disk, or those of a commit."""
    root = site_path.parent
    if revision == WORKTREE:
        return worktree.read_copy(root)
    return worktree.copy_of(git.files(root, git.commit(root, revision), FOLDERS))
