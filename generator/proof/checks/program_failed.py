"""Helm or Kustomize was stopped, crashed, or printed unreadable output.

That says nothing about site.yaml: the exit code is 4, and other findings are still reported.
"""

from collections.abc import Iterator

from generator.credentials import masked
from generator.diagnostics import Finding
from generator.proof.checks.base import error
from generator.proof.rendering import Rendering, Stage

CODE = "M906"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each program that failed by itself."""
    for release in rendering.releases:
        failure = release.failure
        if failure is not None and failure.stage is Stage.PROGRAM:
            told = masked("; ".join((failure.message, *failure.lines)))
            yield error(
                code=CODE,
                message=f"{release.environment.name}: {release.app}: {told}",
                at=release.environment.at,
                on_key=True,
                help=failure.help or "run it by hand to see what is wrong with it",
            )
    rendered = {release.folder.path for release in rendering.releases if release.folder}
    for folder in rendering.folders:
        failure = folder.failure
        if failure is not None and failure.stage is Stage.PROGRAM and folder.path not in rendered:
            yield error(
                code=CODE,
                message=masked("; ".join((f"{folder.path}: {failure.message}", *failure.lines))),
                at=tuple(folder.path.split("/")[:2]),
                help=failure.help or "run it by hand to see what is wrong with it",
            )
