"""A chart's own schema refuses a value.

Helm checks the values against `values.schema.json` before it renders anything, so Argo CD would
show a ComparisonError. The finding stands where site.yaml gives the value.
"""

import re
from collections.abc import Iterator

from generator.credentials import masked
from generator.diagnostics import Finding, Pointer
from generator.proof.checks.base import error, place
from generator.proof.checks.values_path import dotted, step
from generator.proof.rendering import Rendered, Rendering, Stage

CODE = "M904"

# Helm up to 3.17 (gojsonschema), and from 3.18 on (jsonschema v6).
_DOTTED = re.compile(r"- (?P<path>\(root\)|[^:]+): (?P<what>.+)")
_POINTER = re.compile(r"\s*- at '(?P<path>[^']*)': (?P<what>.+)")
_EXTRA = re.compile(
    r"additional propert(?:y|ies) (?P<names>.+?)(?: is)? not allowed", re.IGNORECASE
)
_GROUP = re.compile(r"validation failed|'(?:allOf|anyOf|oneOf)' failed.*")


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each value that a schema refuses."""
    for release in rendering.releases:
        if release.failure is not None and release.failure.stage is Stage.VALUES:
            told = list(_told(release))
            yield from told or [_finding(release, (), "; ".join(release.failure.lines))]


def _told(release: Rendered) -> Iterator[Finding]:
    assert release.failure is not None
    values = release.chart.values if release.chart is not None else {}
    for line in release.failure.lines:
        match = _POINTER.fullmatch(line) or _DOTTED.fullmatch(line)
        if match is None or _GROUP.fullmatch(match["what"]):
            continue
        is_pointer = match.re is _POINTER
        path = _pointed(match["path"]) if is_pointer else dotted(match["path"], values)
        extra = _EXTRA.fullmatch(match["what"])
        if extra is None:
            yield _finding(release, path, match["what"])
            continue
        for name in re.split(r", ", extra["names"]):
            yield _finding(release, (*path, name.strip("'")), "the chart knows no such value")


def _finding(release: Rendered, path: Pointer, what: str) -> Finding:
    values = ".".join(map(str, path)) or "the values"
    return error(
        code=CODE,
        message=f"{release.app} refuses '{values}': {masked(what[:1].lower() + what[1:])}",
        at=place(release, path),
        help="see the chart's values.schema.json; 'hubops values' tells what the chart gets",
    )


def _pointed(path: str) -> Pointer:
    steps = path.split("/")[1:]
    return tuple(step(part.replace("~1", "/").replace("~0", "~")) for part in steps)
