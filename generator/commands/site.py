"""What every command begins with: loading site.yaml, and saying what is wrong in it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from generator import keeping, load, resources, worktree
from generator.build import Inputs, build
from generator.model import Certificates, SealedStore, SealedValue, Site
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
    """The tree that site.yaml gives, beside the working copy that it was built on.

    `files` are those of the copy that are hubops' own; `found` are the values in them,
    `values` those that count: with new ones in their places, and with strays.
    """

    copy: worktree.WorkingCopy
    files: dict[str, bytes]
    found: tuple[SealedValue, ...]
    values: tuple[SealedValue, ...]
    sealed: SealedStore
    certificates: Certificates
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


def built(site: Site, root: Path, new: Collection[SealedValue] = ()) -> Built:
    """The tree of a site on its working copy; GeneratorError when that can't be read for sure.

    `new` are values that take the place of those in the files they are for.
    """
    copy = worktree.read_copy(root)
    own = keeping.own_keys(site)
    found = worktree.read_sealed(copy.files, own)
    values = keeping.replaced(found, new)
    sealed = keeping.store(values, own)
    certificates = keeping.certificates(values, sealed)
    tree = build(site, Inputs(sealed=sealed, certificates=certificates, extras=copy.extras))
    files = copy.generated({*tree, *(value.path for value in found)})
    strays = worktree.read_strays(files, tree)
    return Built(
        copy=copy,
        files=files,
        found=found,
        values=values + strays,
        sealed=sealed,
        certificates=certificates,
        tree=tree,
    )
