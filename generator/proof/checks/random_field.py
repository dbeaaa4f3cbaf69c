"""A chart renders a new value at each rendering, and the Application does not ignore the field.

Argo CD would see a difference at every refresh and sync it: with self-heal the hub restarts, or
everyone is signed out, every few minutes. Give the chart a fixed value, or take the field out of
the comparison with `ignoreDifferences`. Hooks do not count: Argo CD does not compare them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.charts.origins import pin
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, json_pointer
from generator.proof.checks.platform import further
from generator.proof.rendering import (
    Identity,
    Rendered,
    Rendering,
    Resource,
    entries,
    identity,
    ignored,
    part,
)

finding = errors("M920")

_HELP = (
    "Argo CD never stops syncing it: give the chart a fixed value, or name the field in the "
    "Application's ignoreDifferences"
)
_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
# A hook that Argo CD takes for an ordinary object (gitops-engine pkg/sync/hook/helm).
_NO_HOOK = frozenset(("crd-install",))


def check(rendering: Rendering) -> Findings:
    """One finding for each random field that is not ignored."""
    for release in rendering.releases:
        for known, path in random_fields(release):
            if not _is_ignored(release.application, known, path):
                at = pin(release.environment, release.app)
                what = json_pointer(path) if path else "the object itself"
                text = f"{release.app}: {known}: {what} changes at each rendering"
                help = _entry(known, what) if path and further(release) else _HELP
                yield anchored(finding, release.environment, at, text, help)


def _entry(known: Identity, pointer: str) -> str:
    """What to write under a further chart to take a field out of the comparison."""
    group = f"group: {known.group}, " if known.group else ""
    return (
        "give the chart a fixed value, or write under  ignoreDifferences  of the app  "
        f"- {{{group}kind: {known.kind}, name: {known.name}, jsonPointers: [{pointer}], "
        "reason: rendered at random}"
    )


def _is_ignored(application: Resource, known: Identity, path: Pointer) -> bool:
    """Whether Argo CD compares without it; in what it compares, `stringData` has become `data`."""
    if (known.group, known.kind) == ("", "Secret") and path[:1] == ("stringData",):
        path = ("data", *path[1:])
    wanted = tuple(map(str, path))
    here = [
        entry
        for entry in entries(application, "spec", "ignoreDifferences")
        if entry.get("namespace", "") in ("", known.namespace)
    ]
    return any(wanted[: len(place)] == place for place in ignored(here, known))


def random_fields(release: Rendered) -> Iterator[tuple[Identity, Pointer]]:
    """Where two renderings differ: the object and the path; without a path it is there but once."""
    chart = release.chart
    if chart is None or chart.again is None:
        return
    first, again = (
        {identity(one, release.namespace): one for one in objects if not _is_hook(one)}
        for objects in (chart.objects, chart.again)
    )
    for known in sorted(first.keys() | again.keys()):
        if known not in first or known not in again:
            yield known, ()
        else:
            yield from ((known, path) for path in _differences(first[known], again[known], ()))


def _is_hook(resource: Resource) -> bool:
    annotations = part(resource, "metadata", "annotations")
    hooks = {word.strip() for key in _HOOKS for word in str(annotations.get(key, "")).split(",")}
    return bool(hooks - {""} - _NO_HOOK)


def _differences(before: Any, after: Any, path: Pointer) -> Iterator[Pointer]:
    if before is after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            if key in before and key in after:
                yield from _differences(before[key], after[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differences(old, new, (*path, index))
    elif type(before) is not type(after) or before != after:
        yield path
