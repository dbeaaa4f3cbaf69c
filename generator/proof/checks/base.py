"""What every check of rendered manifests offers, and where its findings are anchored.

A check is a code, a docstring that is its page, and `check`. Where a release was not rendered, it
says nothing about what it can't see.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Protocol

from generator.charts.origins import origin, pin
from generator.diagnostics import Finding, Pointer, Severity
from generator.proof.rendering import Rendered, Rendering
from generator.records import record
from generator.site.model import Environment

error = partial(Finding, severity=Severity.ERROR)
warning = partial(Finding, severity=Severity.WARNING)
info = partial(Finding, severity=Severity.INFO)


@record
class FileFinding:
    """A finding that has no place in site.yaml but one in a file of the tree."""

    code: str
    severity: Severity
    message: str
    file: str
    help: str


class Check(Protocol):
    """One file of this folder."""

    CODE: str

    def check(self, rendering: Rendering) -> Iterator[Finding | FileFinding]:
        """The findings, in any order."""


def place(release: Rendered, path: Pointer) -> Pointer:
    """Where site.yaml gives a chart the value at a path, or else pins the chart."""
    found = origin(release.environment, release.app, path)
    return found if found is not None else pin(release.environment, release.app)


def place_of_text(release: Rendered, text: str) -> Pointer | None:
    """Where site.yaml gives a chart a value that holds a text, if one does."""
    for path, value in leaves(release.chart.values if release.chart else {}):
        if isinstance(value, str) and text in value:
            return origin(release.environment, release.app, path)
    return None


def named(environment: Environment, at: Pointer, text: str) -> str:
    """A message with its environment in front, unless it stands at a place that all share.

    There it is the same mistake in each of them, and is said once.
    """
    return f"{environment.name}: {text}" if at[:2] == environment.at else text


def leaves(node: Any, path: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every scalar with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path, node


def whole(
    rendering: Rendering,
) -> Iterator[tuple[Environment, tuple[Rendered, ...]]]:
    """The environments of which every Application was rendered: only there nothing is missing."""
    for environment, releases in rendering.environments():
        if releases and not any(release.failure for release in releases):
            yield environment, releases


def json_pointer(path: Iterable[str | int]) -> str:
    """A path as Argo CD's ignoreDifferences writes it (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
