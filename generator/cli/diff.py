"""`hubops diff`: what a change does, by environment and effect, against a Git revision."""

from functools import partial
from pathlib import Path

import click

from generator.build.repository import Inputs
from generator.build.tree import FOLDERS, Tree, compare
from generator.change import review, root_name
from generator.change.difference import ABSENT, ValueChange, pointer
from generator.change.formats import REVIEWS
from generator.change.sides import EnvironmentSide, Side
from generator.charts import origins
from generator.cli.building import built_on, sealed_in
from generator.cli.earlier import Earlier, Written, earlier, with_extra
from generator.cli.loading import FINDINGS, default_base, judge_extra, judged
from generator.cli.options import Means, command, means_options, site_option
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.io import git, resources, worktree
from generator.lint import load
from generator.records import record, replace
from generator.site.model import Site
from generator.site.sealed import SealedStore
from generator.yaml.read import read

WORKTREE = "worktree"
_SHOW_SIDES = ("html", "json")
_PIN = ("spec", "source", "targetRevision")


@record
class _Half:
    """One side; `copy` are the files beside site.yaml, `revision` is None for the working tree.

    Where its site.yaml is `wrong`, `site` is what it is compared by, and `since` the commit that
    this is of, if it is another one.
    """

    revision: str | None
    content: bytes
    loaded: load.Loaded
    wrong: Written | None = None
    since: str = ""
    site: Site
    copy: worktree.WorkingCopy

    def side(self, sealed: SealedStore) -> Side:
        """The side, with the ciphertexts that its files hold."""
        inputs = Inputs(sealed=sealed, extras=self.copy.extras)
        roots = root_name.older_roots(self.site.name, self.copy.files)
        return Side(site=self.site, inputs=inputs, roots=roots)


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
def run(
    site_path: Path,
    terminal: Terminal,
    *,
    base: str | None = None,
    head: str = WORKTREE,
    format: str = "text",
    exit_code: bool = False,
    rendered: bool = False,
    means: Means | None = None,
) -> int:
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
    newer = _half(site_path, None if head == WORKTREE else head, terminal)
    judge_extra(newer.site, newer.copy, site_path, terminal)
    revision = newer.site.repository.revision
    older = _half(site_path, default_base(site_path.parent, revision) if base is None else base)
    new = built_on(newer.site, newer.copy)
    known = _known(older, newer, new.tree)
    sections: review.RenderedSections | None = None
    notes: tuple[str, ...] = ()
    if rendered:
        from generator.cli.rendering import comparison  # slow to load

        tree = known.files if older.wrong else built_on(older.site, older.copy).tree
        before = older.site, tree, older.revision
        after = newer.site, new.tree, newer.revision
        helm = comparison(site_path.parent, before, after, terminal, means or Means())
        sections, notes = helm.sections, helm.notes
    found = review.review(
        older.side(sealed_in(older.site, older.copy)),
        newer.side(new.sealed),
        _origins(newer, site_path.name),
        sections,
        known.certainty,
    )
    found = replace(
        found,
        drift=tuple(change.path for change in compare(new.files, new.tree).changes),
        is_rewritten=found.is_empty
        and older.content != newer.content
        and read(older.content, "").data == read(newer.content, "").data,
        site=newer.site,
        notes=(*known.notes, *notes),
        # Git is only asked for what a format shows.
        compared=_compared(site_path.parent, older, newer) if format in _SHOW_SIDES else None,
    )
    terminal.out(REVIEWS[format](found, color=terminal.color))
    return FINDINGS if exit_code and not (found.is_empty and not found.drift) else 0


COMMAND = command("diff", means_options(run))


def _known(older: _Half, newer: _Half, tree: Tree) -> Earlier:
    """How far both can be compared, where the older site.yaml is wrong."""
    if older.wrong is None:
        return Earlier()
    files = with_extra(tree, newer.copy)
    return earlier(older.wrong, older.site, older.since, files, newer.revision)


def _compared(root: Path, older: _Half, newer: _Half) -> review.Revisions:
    commits = [git.committed(root, one.revision or "HEAD") for one in (older, newer)]
    base, head = (
        name if (one.revision or "").startswith(name) else f"{one.revision or 'HEAD'} ({name})"
        for one, (name, _) in zip((older, newer), commits, strict=True)
    )
    if newer.revision is None:
        head = f"the working copy on {commits[1][0] or 'no commit'}"
    return review.Revisions(base=base, head=head, time=commits[1][1])


def _origins(newer: _Half, file: str) -> review.Origins:
    """Where the newer site.yaml sets a value; nothing for one that is gone."""
    places = newer.loaded.places

    def origin_of(side: EnvironmentSide, app: str, change: ValueChange) -> str:
        if app not in side.values or change.after is ABSENT:
            return ""
        if change.path == _PIN:
            return f"{file}:{places.span(origins.pin(side.environment, app)).line}"
        at = origins.origin(side.environment, app, pointer(side.values[app], change.path))
        return "" if at is None else f"{file}:{places.span(at).line}"

    return origin_of


def _half(site_path: Path, revision: str | None, terminal: Terminal | None = None) -> _Half:
    """One side. Where its site.yaml is wrong, findings on the terminal, or one GeneratorError."""
    root, name = site_path.parent, site_path.name
    commit = "" if revision is None else git.commit(root, revision)
    content = git.content(root, commit, name) if commit else worktree.read_site(site_path)
    if content is None:
        raise GeneratorError(
            f"revision '{revision}' has no {name} in this folder",
            "compare with one that has: name it with --base or --head",
        )
    place = terminal.place(site_path) if terminal is not None else name
    loaded = load.load(content, place, resources.site_schema(), resources.known_versions())
    site = loaded.site if terminal is None else judged(loaded, site_path, terminal)
    if commit:
        copy = worktree.copy_of(git.files(root, commit, FOLDERS))
    else:
        copy = worktree.read_copy(root)
    half = partial(_Half, revision=revision, content=content, loaded=loaded, copy=copy)
    if site is not None:
        return half(site=site)
    wrong = Written(
        root=root,
        name=name,
        revision=revision or "",
        commit=commit,
        content=content,
        errors=loaded.report.errors,
        copy=copy,
    )
    site, since = wrong.site()
    return half(site=site, wrong=wrong, since=since)
