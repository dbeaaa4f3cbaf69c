"""A chart renders a new value at each rendering, and the Application does not ignore the field.

Argo CD would see a difference at every refresh and sync it: with self-heal the hub restarts, or
everyone is signed out, every few minutes. Give the chart a fixed value, or take the field out of
the comparison with `ignoreDifferences`. Hooks do not count: Argo CD does not compare them.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from generator.charts.origins import pin
from generator.diagnostics import Finding, Pointer
from generator.proof.checks.base import error, json_pointer, named
from generator.proof.checks.random_paths import random_fields
from generator.proof.rendering import Identity, Rendered, Rendering, Resource, listed

CODE = "M920"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each random field that is not ignored."""
    for release in rendering.releases:
        if release.chart is None or release.chart.again is None:
            continue
        for found, path in random_fields(release):
            if not _is_ignored(release.application, found, path):
                yield _finding(release, found, path)


def _finding(release: Rendered, found: Identity, path: Pointer) -> Finding:
    what = json_pointer(path) if path else "the object itself"
    at = pin(release.environment, release.app)
    told = f"{release.app}: {found}: {what} is another at each rendering"
    return error(
        code=CODE,
        message=named(release.environment, at, told),
        at=at,
        help="Argo CD would sync it for ever: give the chart a fixed value, or name the field in "
        "the Application's ignoreDifferences",
    )


def _is_ignored(application: Resource, found: Identity, path: Pointer) -> bool:
    return any(
        _names(entry, found) and _holds(entry, _applied(found, path))
        for entry in listed(application, "spec", "ignoreDifferences")
        if isinstance(entry, Mapping)
    )


def _applied(found: Identity, path: Pointer) -> Pointer:
    """The path as Argo CD compares it: `stringData` of a Secret has become `data`."""
    is_text = (found.group, found.kind) == ("", "Secret") and path[:1] == ("stringData",)
    return ("data", *path[1:]) if is_text else path


def _names(entry: Mapping[str, Any], found: Identity) -> bool:
    """Whether an entry is about an object; group and kind may be patterns there."""
    return (
        fnmatchcase(found.group, str(entry.get("group", "")))
        and fnmatchcase(found.kind, str(entry.get("kind", "")))
        and entry.get("name", "") in ("", found.name)
        and entry.get("namespace", "") in ("", found.namespace)
    )


def _holds(entry: Mapping[str, Any], path: Pointer) -> bool:
    wanted = json_pointer(path)
    pointers = [str(pointer) for pointer in listed(entry, "jsonPointers")]
    return any(wanted == pointer or wanted.startswith(f"{pointer}/") for pointer in pointers)
