"""What every command begins with: loading site.yaml, and saying what is wrong in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator import keeping, load, resources, worktree
from generator.build import Inputs, build
from generator.model import SealedStore, SealedValue, Site
from generator.report import text
from generator.tree import Tree

FOUND = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where a command writes: results to `out`, notes to `note`; both take text with line ends."""

    out: Callable[[str], None]
    note: Callable[[str], None]
    color: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The tree that site.yaml gives, beside the working copy that it was built on."""

    copy: worktree.WorkingCopy
    values: tuple[SealedValue, ...]
    sealed: SealedStore
    tree: Tree


def loaded(path: Path) -> load.Loaded:
    """The site of a file with its report; GeneratorError when the file can't be read."""
    return load.load(worktree.read_site(path), str(path), resources.site_schema())


def loaded_or_said(path: Path, terminal: Terminal) -> Site | None:
    """The site; or None, and every finding is said, when an error stands in the way."""
    result = loaded(path)
    report = result.report
    if result.site is not None and not report.has_errors:
        return result.site
    terminal.out(text.findings(report, result.lines, color=terminal.color))
    terminal.note(
        text.count(report, "", "nothing was written; mend site.yaml and run again") + "\n"
    )
    return None


def built(site: Site, root: Path) -> Built:
    """The tree of a site on its working copy; GeneratorError when that can't be read for sure."""
    copy = worktree.read_copy(root)
    own = keeping.own_paths(site)
    values = worktree.read_sealed(copy.files, own)
    sealed = keeping.store(values, own)
    tree = build(site, Inputs(sealed=sealed, extras=copy.extras))
    return Built(copy=copy, values=values, sealed=sealed, tree=tree)
