"""What every command begins with: loading site.yaml, and saying what is wrong in it."""

from collections.abc import Callable, Collection
from pathlib import Path

from generator.build.repository import Inputs, build
from generator.build.tree import Tree
from generator.diagnostics import GeneratorError, Severity, UsageError
from generator.io import cores, git, resources, worktree
from generator.lint import load
from generator.lint.rules.base import Surroundings
from generator.packaged import store as chart_store
from generator.records import record
from generator.report import text
from generator.secrets import kept
from generator.site.model import Certificates, Environment, SealedStore, SealedValue, Site
from generator.suggest import did_you_mean

FOUND = 1


@record
class Terminal:
    """Where a command writes: results to `out`, notes to `note`; both take text with line ends.

    `format` is one of FORMATS, for findings; `place` is how they name a file. `progress` shows one
    line that the next one replaces, on a terminal only; "" takes it away.
    """

    out: Callable[[str], None]
    note: Callable[[str], None]
    color: bool = False
    format: str = "text"
    place: Callable[[Path], str] = str
    progress: Callable[[str], None] = lambda text: None


@record
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


def loaded(content: bytes, path: Path, name: str, base: str | None = None) -> load.Loaded:
    """The site of a text with its report, held against the Git base and the charts at hand.

    `name` is what findings call the file. `base` is a revision; else it is where the present branch
    left the followed one, if there is one. GeneratorError when a revision was named and is not
    there, or has no such file.
    """

    def around(site: Site) -> Surroundings:
        return Surroundings(
            base=_base(site, content, path, base), charts=chart_store.at_hand(path.parent, site)
        )

    return load.load(content, name, resources.site_schema(), resources.known_versions(), around)


def _base(site: Site, content: bytes, path: Path, named: str | None) -> Site | None:
    """The site as the base has it; None where that is not known or is the same text."""
    root = path.parent
    if named is None:
        revision = git.main_base(root, site.repository.revision)
    else:
        revision = git.commit(root, named)
    if revision is None:
        return None
    before = git.content(root, revision, path.name)
    if before is None and named is not None:
        raise GeneratorError(
            f"revision '{named}' has no {path.name} in this folder",
            "name a revision that has one, or leave --base out",
        )
    if before is None or before == content:
        return None
    return load.as_far_as_read(before, resources.site_schema(), resources.known_versions())


def site_or_said(content: bytes, path: Path, terminal: Terminal) -> Site | None:
    """The site of a text; or None, and every finding is said, when an error stands in the way.

    Infos alone are left to lint: this is run at every change.
    """
    return judged(loaded(content, path, terminal.place(path)), path, terminal)


def judged(result: load.Loaded, path: Path, terminal: Terminal) -> Site | None:
    """The site of what was loaded; or None, and every finding is said, where an error stands."""
    report = result.report
    if result.site is not None and not report.has_errors:
        if report.count(Severity.WARNING):
            terminal.note(text.count(report, "hubops lint shows what", "") + "\n")
        return result.site
    from generator.report.formats import FORMATS  # only to say what is wrong

    terminal.out(FORMATS[terminal.format](report, result.lines, color=terminal.color))
    again = f"nothing was written; mend {path.name} and run again"
    terminal.note(text.count(report, "", again) + "\n")
    return None


def built(site: Site, root: Path, new: Collection[SealedValue] = ()) -> Built:
    """The tree of a site on its working copy; GeneratorError when that can't be read for sure.

    `new` are values that take the place of those in the files they are for.
    """
    return built_on(site, worktree.read_copy(root), new)


def built_on(site: Site, copy: worktree.WorkingCopy, new: Collection[SealedValue] = ()) -> Built:
    """The same on the files of a revision."""
    own = kept.own_keys(site)
    found = worktree.read_sealed(copy.files, own)
    values = kept.replaced(found, new)
    sealed = kept.store(values, own)
    certificates = kept.certificates(values, sealed)
    inputs = Inputs(sealed=sealed, certificates=certificates, extras=copy.extras)
    tree = build(site, inputs, cores.mapped)
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


def sealed_in(site: Site, copy: worktree.WorkingCopy) -> SealedStore:
    """The ciphertexts that a revision's files hold for its site, without building its tree."""
    own = kept.own_keys(site)
    return kept.store(worktree.read_sealed(copy.files, own), own)


def environment_of(site: Site, name: str) -> Environment:
    """An environment by its name; UsageError, with the nearest, when there is none."""
    known = {environment.name: environment for environment in site.environments}
    if name not in known:
        raise UsageError(f"there is no environment '{name}'", did_you_mean(name, known))
    return known[name]
