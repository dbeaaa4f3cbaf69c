"""What `render`, `validate` and `diff` begin with: options, sites, trees, programs and charts."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.build.repository import EXTRA_ENTRY, extra_folder
from generator.cli.building import Built, built
from generator.cli.loading import site_of
from generator.cli.options import Means
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.io import git, worktree
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.pull import Download
from generator.packaged.store import Store
from generator.proof.programs import programs_for
from generator.proof.render import Workshop
from generator.proof.sides import Half, RenderedComparison, compared
from generator.records import record, replace
from generator.site.model import Site


@record
class Prepared:
    """A site that is free of errors, with all that rendering it needs.

    `intended` is the tree that site.yaml gives, `present` the one on disk: hubops' own files,
    edited or not; both with the users' own folders.
    """

    content: bytes
    site: Site
    built: Built
    workshop: Workshop
    intended: dict[str, bytes]
    present: dict[str, bytes]


def prepared(site_path: Path, terminal: Terminal, means: Means) -> Prepared:
    """All that rendering needs; says every finding and ends the command when there is an error."""
    content, root = worktree.read_site(site_path), site_path.parent
    site = site_of(site_path, terminal, content)
    workshop = _workshop(root, (site,), terminal, means)
    tree = built(site, site_path, terminal)
    extras = {
        f"{extra_folder(environment)}/{path}": text
        for environment, files in tree.copy.extras.items()
        if EXTRA_ENTRY in files
        for path, text in files.items()
        if path
    }
    return Prepared(
        content=content,
        site=site,
        built=tree,
        workshop=workshop,
        intended={**tree.tree, **extras},
        present={**tree.files, **extras},
    )


def _workshop(root: Path, sites: Iterable[Site], terminal: Terminal, means: Means) -> Workshop:
    argocds = frozenset(one.argocd for site in sites for one in site.clusters.values())
    return Workshop(
        programs=programs_for(argocds, means.helm),
        store=chart_store.opened(root),
        download=None if means.is_offline else Download(helm=means.helm),
        patience=means.patience,
        progress=terminal.progress,
    )


def comparison(
    root: Path,
    older: tuple[Site, Mapping[str, bytes], str | None],
    newer: tuple[Site, Mapping[str, bytes], str | None],
    terminal: Terminal,
    means: Means,
) -> RenderedComparison:
    """What differs after Helm; what prevents the comparison is a note, never an error.

    A side is a site, its tree and its revision, None for the working tree.
    """
    try:
        workshop = _workshop(root, (older[0], newer[0]), terminal, means)
        before, after = (_half(root, *side, workshop.store) for side in (older, newer))
        return compared(before, after, workshop)
    except GeneratorError as error:
        why = "; ".join(part for part in (error.message, *error.details, error.help) if part)
        return RenderedComparison(notes=(f"nothing compared after Helm: {why}",))


def _half(
    root: Path, site: Site, tree: Mapping[str, bytes], commit: str | None, store: Store
) -> Half:
    """A side with the charts that its own charts.lock means; the cache is the same for both."""
    if commit is not None:
        content = git.content(root, commit, chart_lock.NAME)
        store = replace(store, lock={} if content is None else chart_lock.parse(content))
    return Half(site=site, tree=tree, store=store)
