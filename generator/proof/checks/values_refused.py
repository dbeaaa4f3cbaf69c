"""A chart's own schema refuses a value.

Helm checks the values against `values.schema.json` before it renders anything, so Argo CD would
show a ComparisonError. The finding stands where site.yaml gives the value.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.credentials import masked
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import failures, place
from generator.proof.rendering import Failure, Rendering, Stage, pointed

finding = errors("M904")

# Helm up to 3.17 (gojsonschema), and from 3.18 on (jsonschema v6).
_DOTTED = re.compile(r"- (?P<path>\(root\)|[^:]+): (?P<what>.+)")
_POINTER = re.compile(r"\s*- at '(?P<path>[^']*)': (?P<what>.+)")
_EXTRA = re.compile(
    r"additional propert(?:y|ies) (?P<names>.+?)(?: is)? not allowed", re.IGNORECASE
)
_GROUP = re.compile(r"validation failed|'(?:allOf|anyOf|oneOf)' failed.*")


def check(rendering: Rendering) -> Findings:
    """One finding for each value that a schema refuses."""
    for release, failure in failures(rendering, Stage.VALUES):
        refused = list(_refused(failure, release.values)) or [((), "; ".join(failure.lines))]
        for path, what in refused:
            value = ".".join(map(str, path)) or "the values"
            yield finding(
                place(release, path),
                f"{release.app} refuses '{value}': {masked(what[:1].lower() + what[1:])}",
                "see the chart's values.schema.json; 'hubops values' shows what the chart gets",
            )


def _refused(failure: Failure, values: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """The paths that Helm names, and what it says of each."""
    for line in failure.lines:
        match = _POINTER.fullmatch(line) or _DOTTED.fullmatch(line)
        if match is None or _GROUP.fullmatch(match["what"]):
            continue
        if match.re is _POINTER:
            path = tuple(map(_step, pointed(match["path"])))
        else:
            path = dotted(match["path"], values)
        extra = _EXTRA.fullmatch(match["what"])
        if extra is None:
            yield path, match["what"]
        else:
            for name in extra["names"].split(", "):
                yield (*path, name.strip("'")), "the chart has no such value"


def _step(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def dotted(path: str, values: Any) -> Pointer:
    """The path that Helm joined by dots, told apart by the values: a key may hold a dot itself."""
    if path == "(root)":
        return ()
    if isinstance(values, Mapping):
        for key in sorted(values, key=len, reverse=True):
            if path == key:
                return (key,)
            if path.startswith(f"{key}."):
                return (key, *dotted(path[len(key) + 1 :], values[key]))
    head, _, rest = path.partition(".")
    is_index = isinstance(values, list) and head.isdecimal() and int(head) < len(values)
    inner = values[int(head)] if is_index else None
    return (_step(head), *(dotted(rest, inner) if rest else ()))
