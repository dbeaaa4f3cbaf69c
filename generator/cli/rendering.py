"""What `render`, `validate` and `diff` begin with: options, sites, trees, programs and charts."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.build.repository import EXTRA_ENTRY
from generator.cli.building import Built, built
from generator.cli.loading import site_or_said
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.io import git, worktree
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.pull import Download
from generator.proof import programs
from generator.proof.helm import PATIENCE
from generator.proof.render import Workshop
from generator.proof.sides import Half, RenderedComparison, compared
from generator.records import record, replace
from generator.site.model import Site


@record
class Means:
    """What the user gives: a Helm, a time limit for one rendering, whether there is a network."""

    helm: str | None = None
    patience: float = PATIENCE
    download: Download | None = None

    @classmethod
    def of(cls, helm: str | None, limit: float, *, offline: bool) -> "Means":
        """What the options --helm, --limit and --offline give."""
        return cls(helm=helm, patience=limit, download=None if offline else Download(helm=helm))


@record
class Prepared:
    """A site that is free of errors, with all that rendering it needs."""

    content: bytes
    site: Site
    built: Built
    workshop: Workshop


def prepared(site_path: Path, terminal: Terminal, means: Means) -> Prepared | None:
    """All that rendering needs; None, and every finding is said, when site.yaml is wrong."""
    content = worktree.read_site(site_path)
    site = site_or_said(content, site_path, terminal)
    if site is None:
        return None
    root = site_path.parent
    workshop = _workshop(root, (site,), terminal, means)
    return Prepared(content=content, site=site, built=built(site, root), workshop=workshop)


def _workshop(root: Path, sites: Iterable[Site], terminal: Terminal, means: Means) -> Workshop:
    argocds = frozenset(one.argocd for site in sites for one in site.clusters.values())
    return Workshop(
        programs=programs.found(root, argocds, means.helm),
        store=chart_store.opened(root),
        download=means.download,
        patience=means.patience,
        progress=terminal.progress,
    )


def intended(prepared: Prepared) -> dict[str, bytes]:
    """The tree that site.yaml gives, with the users' own folders."""
    return {**prepared.built.tree, **_extras(prepared.built)}


def present(prepared: Prepared) -> dict[str, bytes]:
    """The tree as it stands on disk: hubops' own files, edited or not, and the users' folders."""
    return {**prepared.built.files, **_extras(prepared.built)}


@record
class Compared:
    """One side of a change; `commit` is a revision, None for the working tree."""

    site: Site
    built: Built
    commit: str | None


def comparison(
    root: Path, older: Compared, newer: Compared, terminal: Terminal, means: Means
) -> RenderedComparison:
    """What differs after Helm; what keeps it from being told is a note, never an error."""
    try:
        workshop = _workshop(root, (older.site, newer.site), terminal, means)
        return compared(_half(root, older, workshop), _half(root, newer, workshop), workshop)
    except GeneratorError as error:
        told = "; ".join(part for part in (error.message, *error.details, error.help) if part)
        return RenderedComparison(notes=(f"nothing compared after Helm: {told}",))


def _half(root: Path, side: Compared, workshop: Workshop) -> Half:
    """A side with the charts that its own charts.lock means; the cache is the same for both."""
    store = workshop.store
    if side.commit is not None:
        content = git.content(root, side.commit, chart_lock.NAME)
        lock = {} if content is None else chart_lock.parse(content, chart_lock.NAME)
        store = replace(store, lock=lock)
    return Half(site=side.site, tree=side.built.tree, store=store)


def _extras(found: Built) -> Mapping[str, bytes]:
    return {
        f"overlays/{environment}/namespace/extra/{path}": content
        for environment, files in found.copy.extras.items()
        if EXTRA_ENTRY in files
        for path, content in files.items()
        if path
    }
