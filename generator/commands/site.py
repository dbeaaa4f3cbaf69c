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
    """Where a command writes: results to `out`, notes to `note`; both take text with line ends.

    `progress` shows one line that the next one replaces, on a terminal only; "" takes it away.
    """

    out: Callable[[str], None]
    note: Callable[[str], None]
    color: bool = False
    progress: Callable[[str], None] = lambda text: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The tree that site.yaml gives, beside the working copy that it was built on.

    `files` are those of the copy that are hubops' own; `values` are all values found in them.
    """

    copy: worktree.WorkingCopy
    files: dict[str, bytes]
    values: tuple[SealedValue, ...]
    sealed: SealedStore
    tree: Tree


def loaded(path: Path) -> load.Loaded:
    """The site of a file with its report; GeneratorError when the file can't be read."""
    return _loaded(worktree.read_site(path), path)


def _loaded(content: bytes, path: Path) -> load.Loaded:
    return load.load(content, str(path), resources.site_schema())


def site_or_said(content: bytes, path: Path, terminal: Terminal) -> Site | None:
    """The site of a text; or None, and every finding is said, when an error stands in the way."""
    result = _loaded(content, path)
    report = result.report
    if result.site is not None and not report.has_errors:
        if report.diagnostics:
            terminal.note(text.count(report, "hubops lint shows what", "") + "\n")
        return result.site
    terminal.out(text.findings(report, result.lines, color=terminal.color))
    again = f"nothing was written; mend {path.name} and run again"
    terminal.note(text.count(report, "", again) + "\n")
    return None


def built(site: Site, root: Path) -> Built:
    """The tree of a site on its working copy; GeneratorError when that can't be read for sure."""
    copy = worktree.read_copy(root)
    own = keeping.own_keys(site)
    values = worktree.read_sealed(copy.files, own)
    sealed = keeping.store(values, own)
    tree = build(site, Inputs(sealed=sealed, extras=copy.extras))
    files = copy.generated({*tree, *(value.path for value in values)})
    strays = worktree.read_strays(files, tree)
    return Built(copy=copy, files=files, values=values + strays, sealed=sealed, tree=tree)
