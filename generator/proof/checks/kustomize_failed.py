"""Kustomize can't build a folder of the tree.

Argo CD would show the Application as failed and sync nothing of it. `hubops generate` writes a tree
that builds; what is in an `extra/` folder is your own.
"""

from collections.abc import Iterator

from generator.diagnostics import Severity
from generator.proof.checks.base import FileFinding
from generator.proof.rendering import Failure, Rendering, Stage

CODE = "M903"


def check(rendering: Rendering) -> Iterator[FileFinding]:
    """One finding for each folder that can't be built."""
    for folder in rendering.folders:
        if folder.failure is not None and folder.failure.stage is Stage.KUSTOMIZE:
            yield _finding(folder.path, folder.failure)
    known = {folder.path for folder in rendering.folders}
    for release in rendering.releases:
        synced = release.folder
        if synced is not None and synced.failure is not None and synced.path not in known:
            yield _finding(synced.path, synced.failure)


def _finding(path: str, failure: Failure) -> FileFinding:
    return FileFinding(
        code=CODE,
        severity=Severity.ERROR,
        message="; ".join((failure.message, *failure.lines)),
        file=f"{path}/kustomization.yaml",
        help="run 'hubops generate', and look at what stands in an 'extra' folder",
    )
