"""Where two renderings of one release differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.proof.rendering import Identity, Rendered, Resource, identity, part

_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")
# A hook that Argo CD takes for an ordinary object (gitops-engine pkg/sync/hook/helm).
_NO_HOOK = frozenset(("crd-install",))


def random_fields(release: Rendered) -> Iterator[tuple[Identity, Pointer]]:
    """Where two renderings differ: the object and the path; without a path it is there but once."""
    chart = release.chart
    if chart is None or chart.again is None:
        return
    first, again = (_compared(objects, release) for objects in (chart.objects, chart.again))
    for found in sorted(first.keys() | again.keys()):
        if found not in first or found not in again:
            yield found, ()
        else:
            yield from ((found, path) for path in _differences(first[found], again[found], ()))


def _compared(objects: tuple[Resource, ...], release: Rendered) -> dict[Identity, Resource]:
    return {
        identity(resource, release.namespace): resource
        for resource in objects
        if not _is_hook(resource)
    }


def _is_hook(resource: Resource) -> bool:
    annotations = part(resource, "metadata", "annotations")
    told = {word.strip() for key in _HOOKS for word in str(annotations.get(key, "")).split(",")}
    return bool(told - {""} - _NO_HOOK)


def _differences(one: Any, other: Any, path: Pointer) -> Iterator[Pointer]:
    if one is other:
        return
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted(one.keys() | other.keys()):
            if key in one and key in other:
                yield from _differences(one[key], other[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, (*path, index))
    elif type(one) is not type(other) or one != other:
        yield path
