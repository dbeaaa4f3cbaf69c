"""Helm or Kustomize was stopped, crashed, or printed unreadable output.

That says nothing about site.yaml: the exit code is 4, and other findings are still reported.
"""

from generator.credentials import masked
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, failures, folder_failures
from generator.proof.rendering import Rendering, Stage

finding = errors("M906")

_HELP = "run it by hand to see what is wrong with it"


def check(rendering: Rendering) -> Findings:
    """One finding for each program that failed by itself."""
    for release, failure in failures(rendering, Stage.PROGRAM):
        text = f"{release.app}: {masked(failure.text)}"
        yield anchored(finding, release.environment, None, text, failure.help or _HELP)
    synced = {release.folder.path for release in rendering.releases if release.folder}
    for folder, failure in folder_failures(rendering, Stage.PROGRAM):
        if folder.path not in synced:
            at, text = tuple(folder.path.split("/")[:2]), f"{folder.path}: {failure.text}"
            yield finding(at, masked(text), failure.help or _HELP)
