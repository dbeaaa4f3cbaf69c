"""A chart renders a new value at each rendering, and the Application does not ignore the field.

Argo CD would see a difference at every refresh and sync it: with self-heal the hub restarts, or
everyone is signed out, every few minutes. Give the chart a fixed value, or take the field out of
the comparison with `ignoreDifferences`. Hooks do not count: Argo CD does not compare them.

For a further chart the finding has the entry to write, and whether that is safe. Argo CD then keeps
what the first sync made. A password in a Secret: safe, as long as nothing outside the chart must
hold it and the Secret is not deleted alone. A certificate: safe until it ends, for nothing renews
it. A `caBundle`: only together with its certificate. A checksum among the annotations of pods: not
safe, for the pods restart at each sync while it is compared, and never again once it is hidden;
give what it is a checksum of a fixed value instead. An object with a random name can't be hidden.
One that has only a `generateName` can't be applied: Argo CD takes it for hooks alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.charts.origins import pin
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.proof.checks import hiding
from generator.proof.checks.base import anchored, json_pointer
from generator.proof.checks.platform import further
from generator.proof.rendering import Identity, Rendered, Rendering, Resource, identity, part

finding = errors("M920")

_HELP = (
    "Argo CD never stops syncing it: give the chart a fixed value, or name the field in the "
    "Application's ignoreDifferences"
)
HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
# A hook that Argo CD takes for an ordinary object (gitops-engine pkg/sync/hook/helm).
_NO_HOOK = frozenset(("crd-install",))


def check(rendering: Rendering) -> Findings:
    """One finding for each object with random fields that are not ignored."""
    for release in rendering.releases:
        found: dict[Identity, list[Pointer]] = {}
        for known, path in random_fields(release):
            if not hiding.is_ignored(release.application, known, path):
                found.setdefault(known, []).append(path)
        at = pin(release.environment, release.app)
        for nameless in _nameless(release):
            text = f"{release.app}: {nameless} has a generateName and no name: its sync fails"
            help = "give it a fixed name by the values, or make it a hook: Argo CD names only those"
            yield anchored(finding, release.environment, at, text, help)
        for known, paths in found.items():
            what = ", ".join(json_pointer(path) or "the object itself" for path in paths)
            verb = "changes" if len(paths) == 1 else "change"
            text = f"{release.app}: {known}: {what} {verb} at each rendering"
            help = hiding.cure(release, found, known) if further(release) else _HELP
            yield anchored(finding, release.environment, at, text, help)


def _nameless(release: Rendered) -> Iterator[Identity]:
    """The objects without a name: `kubectl apply` refuses them."""
    for resource in release.objects:
        metadata = part(resource, "metadata")
        if "generateName" in metadata and not metadata.get("name") and not _is_hook(resource):
            yield identity(resource, release.namespace)


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
    hooks = {word.strip() for key in HOOKS for word in str(annotations.get(key, "")).split(",")}
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
