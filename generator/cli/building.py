"""The tree that site.yaml gives, built on a working copy."""

from pathlib import Path

from generator.build.repository import Inputs, build
from generator.build.tree import Tree
from generator.cli.loading import judge_extra
from generator.cli.terminal import Terminal
from generator.io import worktree
from generator.records import record
from generator.secrets import sealed_values
from generator.secrets.sealed_values import SealedValues
from generator.site.model import Site
from generator.site.sealed import SealedStore


@record
class Built:
    """The tree that site.yaml gives, beside the working copy that it was built on.

    `files` are those of the copy that are hubops' own; `values` are the sealed values in it, the
    new ones in their places.
    """

    copy: worktree.WorkingCopy
    files: dict[str, bytes]
    values: SealedValues
    tree: Tree

    @property
    def sealed(self) -> SealedStore:
        """The ciphertexts that the tree was built with."""
        return self.values.store


def built(site: Site, path: Path, terminal: Terminal) -> Built:
    """The tree of a site on its working copy; GeneratorError when that can't be read for sure.

    Where Argo CD would refuse what is in an `extra/` folder, prints it and ends the command with 1.
    """
    copy = worktree.read_copy(path.parent)
    judge_extra(site, copy, path, terminal)
    return built_on(site, copy)


def built_on(site: Site, copy: worktree.WorkingCopy, new: SealedValues | None = None) -> Built:
    """The same on the files of a revision; `new` are the sealed values in place of its own."""
    values = new or sealed_values.read(site, copy.files, copy.extras)
    inputs = Inputs(sealed=values.store, certificates=values.certificates, extras=copy.extras)
    tree = build(site, inputs)
    files = copy.generated({*tree, *(value.path for value in values.values)})
    return Built(copy=copy, files=files, values=values, tree=tree)


def sealed_in(site: Site, copy: worktree.WorkingCopy) -> SealedStore:
    """The ciphertexts that a revision's files hold for its site, without building its tree."""
    return sealed_values.read(site, copy.files).store
