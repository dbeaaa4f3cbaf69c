"""An entry of `ignoreDifferences` hides nothing, or more than one field.

Argo CD neither compares nor changes what an entry names. Where the kind, its group or the name is
misspelt, the entry does nothing and the difference stays. Where it names a whole part of an object,
or an image, what a new version or a value changes there never reaches the cluster, and Argo CD says
`Synced` all the same. Name the one field that differs: `validate` says which fields are random
(`M920`) and which a controller writes (`M946`), each with its entry.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, warnings
from generator.proof.checks.base import anchored
from generator.proof.checks.platform import further
from generator.proof.rendering import Rendered, Rendering, Resource, identity, ignored, pointed
from generator.suggest import did_you_mean

finding = warnings("M948")

_NARROW = "name the one field that differs"


def check(rendering: Rendering) -> Findings:
    """One finding for each entry that no release needs, and for each field that hides too much."""
    vain: dict[Pointer, tuple[Rendered, str, str]] = {}
    used: set[Pointer] = set()
    for release in rendering.releases:
        app = further(release)
        for entry in app.ignored if app is not None and release.chart is not None else ():
            assert app is not None
            at = app.at_entry("ignoreDifferences", entry)
            named = [one for one in release.objects if [*ignored([entry], identity(one, ""))]]
            if named or release.failure is not None:
                used.add(at)
            else:
                what = f"{app.name}: ignoreDifferences names {entry['kind']}, and no object of the "
                what += "chart is that"
                vain.setdefault(at, (release, what, _nearest(release, entry)))
            for pointer in _wide(named, entry):
                text = (
                    f"{app.name}: ignoreDifferences hides all of {pointer} of {entry['kind']}: "
                    "what the chart changes there never reaches the cluster"
                )
                yield anchored(finding, release.environment, at, text, _NARROW)
    for at, (release, text, help) in vain.items():
        if at not in used:
            yield anchored(finding, release.environment, at, text, help)


def _nearest(release: Rendered, entry: Mapping[str, Any]) -> str:
    """What an entry may mean."""
    every = [identity(one, "") for one in release.objects]
    kinds = {one.kind: one.group for one in every}
    kind, group = str(entry["kind"]), str(entry.get("group", ""))
    if kind not in kinds:
        return did_you_mean(kind, kinds)
    if kinds[kind] != group:
        return f"write  group: {kinds[kind]}" if kinds[kind] else "leave out  group"
    return did_you_mean(str(entry.get("name")), {one.name for one in every if one.kind == kind})


def _wide(named: list[Resource], entry: Mapping[str, Any]) -> Iterator[str]:
    """The fields of an entry that are whole parts of an object, or an image."""
    for pointer in entry["jsonPointers"]:
        found = [_at(one, pointed(pointer)) for one in named if "aggregationRule" not in one]
        is_image = pointer.endswith("/image") and any(found)
        if is_image or any(isinstance(one, dict | list) and one for one in found):
            yield str(pointer)


def _at(node: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if isinstance(node, list):
            node = node[int(step)] if step.isdecimal() and int(step) < len(node) else None
        else:
            node = node.get(step) if isinstance(node, Mapping) else None
    return node
