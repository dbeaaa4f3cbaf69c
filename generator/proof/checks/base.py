"""What every check of rendered manifests offers, and where its findings are anchored.

A check is a docstring that is its page, `finding`, which has its code and severity, and `check`.
Where a release was not rendered, it says nothing about what it can't see.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from generator.charts.origins import origin, pin
from generator.diagnostics import Diagnostic, Finding, Pointer, Span
from generator.lint.rules.base import Finder
from generator.proof.rendering import Failure, Folder, Rendered, Rendering, Stage
from generator.site.model import Environment
from generator.site.releases import HUB


class Check(Protocol):
    """One file of this folder."""

    finding: Finder

    def check(self, rendering: Rendering) -> Iterator[Finding | Diagnostic]:
        """The findings, in any order."""


def anchored(
    finding: Finder, environment: Environment, at: Pointer | None, text: str, help: str
) -> Finding:
    """A finding at a place of site.yaml, or at the environment's key where no place is known.

    At a place that all environments share it is one mistake and is reported once; elsewhere the
    message begins with the environment.
    """
    is_own = at is None or at[:2] == environment.at
    message = f"{environment.name}: {text}" if is_own else text
    return finding(at or environment.at, message, help, on_key=at is None)


def in_folder(finding: Finder, path: str, message: str, help: str) -> Diagnostic:
    """A finding in a folder of the tree, at its kustomization: it has no place in site.yaml."""
    return Diagnostic(
        code=finding.code,
        severity=finding.severity,
        message=message,
        at=first_line(Path(path, "kustomization.yaml")),
        help=help,
    )


def first_line(path: Path) -> Span:
    """The place of a finding about a file as a whole."""
    return Span(file=str(path), line=1, column=1, end_line=1, end_column=1)


def place(release: Rendered, path: Pointer) -> Pointer:
    """Where site.yaml gives a chart the value at a path, or else pins the chart."""
    at = origin(release.environment, release.app, path)
    return at if at is not None else pin(release.environment, release.app)


def place_of_text(release: Rendered, text: str) -> Pointer | None:
    """Where site.yaml gives a chart a text, or else one that holds it; None where it does not."""
    texts = [(path, value) for path, value in leaves(release.values) if isinstance(value, str)]
    for path, value in sorted(texts, key=lambda one: one[1] != text):
        if text in value:
            return origin(release.environment, release.app, path)
    return None


def place_of_pod(release: Rendered, text: str) -> Pointer | None:
    """Where site.yaml gives a chart the key or the value of a pod, or else what users' pods get."""
    for path, value in leaves(release.values):
        steps = path[: path.index(text) + 1] if text in path else path
        if text in path or str(value) == text:
            return origin(release.environment, release.app, steps)
    inner = ("singleuser",) if release.app == HUB else ("gateway", "backend")
    return origin(release.environment, release.app, inner)


def leaves(node: Any, path: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every scalar with its path."""
    if not isinstance(node, dict | list):
        yield path, node
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from leaves(value, (*path, key))


def failures(rendering: Rendering, stage: Stage) -> Iterator[tuple[Rendered, Failure]]:
    """The Applications that failed at a stage."""
    for release in rendering.releases:
        if release.failure is not None and release.failure.stage is stage:
            yield release, release.failure


def folder_failures(rendering: Rendering, stage: Stage) -> Iterator[tuple[Folder, Failure]]:
    """The folders that failed at a stage, those of Applications included, each once."""
    synced = (release.folder for release in rendering.releases if release.folder is not None)
    for folder in {one.path: one for one in (*rendering.folders, *synced)}.values():
        if folder.failure is not None and folder.failure.stage is stage:
            yield folder, folder.failure


def whole(rendering: Rendering) -> Iterator[tuple[Environment, tuple[Rendered, ...]]]:
    """The environments of which every Application was rendered: only there nothing is missing."""
    for environment in rendering.site.environments:
        releases = tuple(
            one for one in rendering.releases if one.environment.name == environment.name
        )
        if releases and not any(release.failure for release in releases):
            yield environment, releases


def json_pointer(path: Iterable[str | int]) -> str:
    """A path as Argo CD's ignoreDifferences writes it (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
