"""`hubops diff`: what a change does, by environment and effect, against a Git revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.build import repository
from generator.build.tree import FOLDERS, compare
from generator.change import review
from generator.change.difference import ABSENT, ValueChange, pointer
from generator.change.formats import REVIEWS
from generator.change.sides import EnvironmentSide, Side
from generator.charts import CHARTS, origins
from generator.cli.building import Built, built_on, sealed_in
from generator.cli.loading import FINDINGS, judged
from generator.cli.options import Means, means_options, site_option
from generator.cli.terminal import Terminal, terminal
from generator.diagnostics import GeneratorError, Pointer, Severity
from generator.io import git, resources, worktree
from generator.lint import load
from generator.records import record, replace
from generator.site.model import SealedStore, Site
from generator.yaml.read import read

if TYPE_CHECKING:
    from generator.proof.sides import RenderedComparison

WORKTREE = "worktree"
_PIN = ("spec", "source", "targetRevision")


@click.command()
@site_option
@click.option(
    "--base",
    metavar="REVISION",
    help="The older side. Default: where this branch left the one that Argo CD follows.",
)
@click.option(
    "--head", metavar="REVISION", default=WORKTREE, show_default=True, help="The newer side."
)
@click.option(
    "--format",
    type=click.Choice(tuple(REVIEWS)),
    default="text",
    show_default=True,
    help="The format of the review.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 if something differs.")
@click.option("--rendered", is_flag=True, help="Also compare the objects that Helm renders.")
@means_options
def diff(site_path: Path, means: Means, rendered: bool, **asked: Any) -> int:
    """Show what a change does, by environment and effect.

    \b
    Examples:
      hubops diff
      hubops diff --base v1.2 --format html > review.html
      hubops diff --base main --head HEAD --format markdown
      hubops diff --rendered --offline

    Compares what takes effect, not how it is written: chart values, Applications, objects and
    sealed values, and what each change does to running people and data. Exit 1 when the newer
    site.yaml has an error, and with --exit-code when something differs.
    """
    return run(site_path, terminal(), means=means if rendered else None, **asked)


COMMAND = diff


@record
class _Text:
    """One side's site.yaml, the site that it gives, and the files beside it."""

    content: bytes
    loaded: load.Loaded
    site: Site
    copy: worktree.WorkingCopy

    def side(self, sealed: SealedStore) -> Side:
        """The side, with the ciphertexts that its files hold."""
        inputs = repository.Inputs(sealed=sealed, extras=self.copy.extras)
        return Side(site=self.site, inputs=inputs)


def run(
    site_path: Path,
    terminal: Terminal,
    *,
    base: str | None = None,
    head: str = WORKTREE,
    format: str = "text",
    exit_code: bool = False,
    means: Means | None = None,
) -> int:
    """0, or with `exit_code` 1 where something differs; 1 when the newer site.yaml is wrong.

    With `means` also what differs after Helm; what can't be rendered is a note in the review.
    GeneratorError without Git, or for a revision that is not there or has no sound site.yaml.
    """
    newer = _newer(site_path, head, terminal)
    if newer is None:
        return FINDINGS
    base = _default_base(site_path, newer.site) if base is None else base
    older = _older(site_path, base)
    new = built_on(newer.site, newer.copy)
    rendered = None
    if means is not None:
        commits = base, None if head == WORKTREE else head
        rendered = _rendered(site_path.parent, older, newer, new, commits, terminal, means)
    found = review.review(
        older.side(sealed_in(older.site, older.copy)),
        newer.side(new.sealed),
        _origins(newer, site_path.name),
        rendered.sections if rendered else None,
    )
    drift = compare(new.files, new.tree).changes
    found = replace(
        found,
        drift=tuple(change.path for change in drift),
        is_rewritten=found.is_empty and _is_rewritten(older.content, newer.content),
        site=newer.site,
        notes=rendered.notes if rendered else (),
    )
    terminal.out(REVIEWS[format](found, color=terminal.color))
    return FINDINGS if exit_code and not (found.is_empty and not found.drift) else 0


def _rendered(
    root: Path,
    older: _Text,
    newer: _Text,
    new: Built,
    commits: tuple[str, str | None],
    terminal: Terminal,
    means: Means,
) -> RenderedComparison:
    from generator.cli.rendering import comparison  # slow to load

    before = older.site, built_on(older.site, older.copy).tree, commits[0]
    return comparison(root, before, (newer.site, new.tree, commits[1]), terminal, means)


def _is_rewritten(before: bytes, after: bytes) -> bool:
    """Whether two texts of a site differ and say the same."""
    return before != after and read(before, "").data == read(after, "").data


def _origins(newer: _Text, file: str) -> review.Origins:
    """Where the newer site.yaml sets a value; nothing for one that is gone."""
    places = newer.loaded.places

    def origin_of(side: EnvironmentSide, app: str, change: ValueChange) -> str:
        if app not in CHARTS or change.after is ABSENT:
            return ""
        if change.path == _PIN:
            at: Pointer | None = origins.pin(side.environment, app)
        else:
            path = pointer(side.values[app], change.path)
            at = origins.origin(side.environment, app, path)
        return "" if at is None else f"{file}:{places.span(at).line}"

    return origin_of


def _newer(site_path: Path, head: str, terminal: Terminal) -> _Text | None:
    """The newer side; None, and every finding is said, where its site.yaml is wrong."""
    content = worktree.read_site(site_path) if head == WORKTREE else _content(site_path, head)
    loaded = load.load(
        content, terminal.place(site_path), resources.site_schema(), resources.known_versions()
    )
    site = judged(loaded, site_path, terminal)
    if site is None:
        return None
    return _Text(content=content, loaded=loaded, site=site, copy=_copy(site_path, head))


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
    copy = _copy(site_path, revision)
    return _Text(content=content, loaded=loaded, site=loaded.site, copy=copy)


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
