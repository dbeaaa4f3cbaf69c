"""The tree that site.yaml gives, built on a working copy."""

from collections.abc import Collection
from pathlib import Path

from generator.build.repository import Inputs, build
from generator.build.tree import Tree
from generator.io import worktree
from generator.records import record
from generator.secrets import kept
from generator.site.model import Certificates, SealedStore, SealedValue, Site


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
    tree = build(site, inputs)
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
