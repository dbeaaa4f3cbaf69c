"""Kustomize can't build a folder of the tree.

Argo CD would show the Application as failed and sync nothing of it. `hubops generate` writes a tree
that builds; what is in an `extra/` folder is your own.
"""

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.lint.rules.base import errors
from generator.proof.checks.base import folder_failures, in_folder
from generator.proof.rendering import Rendering, Stage

finding = errors("M903")

_HELP = "run 'hubops generate', and check the files in the 'extra' folder"


def check(rendering: Rendering) -> Iterator[Diagnostic]:
    """One finding for each folder that can't be built."""
    for folder, failure in folder_failures(rendering, Stage.KUSTOMIZE):
        yield in_folder(finding, folder.path, failure.text, _HELP)
