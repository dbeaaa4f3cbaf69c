"""What differs between the objects that Helm makes of both sides, without what is noise. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from generator.change.difference import ABSENT, KeyPath, ValueChange, pointer, value_changes
from generator.change.review import Section
from generator.names import CONTENT_ANNOTATION
from generator.proof.rendering import Identity, Resource, entries, identity, ignored, part
from generator.records import record, replace

# What follows from other differences, or from who packaged the chart and at which version: patterns
# of keys, by the map that they are in. The jupyterhub chart has its own spellings: `chart`,
# `heritage`, and checksums in the hub's ConfigMap.
_NOISE = {
    "annotations": ("checksum/*", CONTENT_ANNOTATION),
    "data": ("checksum_*",),
    "labels": (
        *("helm.sh/chart", "chart", "heritage"),
        *("app.kubernetes.io/version", "app.kubernetes.io/managed-by"),
    ),
}
# What goes with these: every object of the kind, what the volume or the namespace holds.
_HOLDERS = ("CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim")
_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
_SECRET_PARTS = ("data", "stringData")


@record
class ReleaseObjects:
    """The objects of one release; `random` are the places that differ at each rendering.

    An object in the release's own namespace has none in its identity, so that one that moves is
    still the same. A path of no steps is the object itself.
    """

    objects: Mapping[Identity, Resource]
    random: frozenset[tuple[Identity, KeyPath]] = frozenset()
    ignored: tuple[Mapping[str, Any], ...] = ()


NO_RELEASE = ReleaseObjects(objects={})


def release(
    objects: Iterable[Resource],
    again: Iterable[Resource] | None,
    application: Resource,
    namespace: str,
) -> ReleaseObjects:
    """A release from its objects; `again` are those of a second rendering, None for the same."""
    first = _by_identity(objects, namespace)
    second = first if again is None else _by_identity(again, namespace)
    return ReleaseObjects(
        objects=first,
        random=frozenset(_random(first, second)),
        ignored=tuple(entries(application, "spec", "ignoreDifferences")),
    )


def _by_identity(objects: Iterable[Resource], namespace: str) -> dict[Identity, Resource]:
    identities = ((identity(resource, ""), resource) for resource in objects)
    return {
        replace(known, namespace="") if known.namespace == namespace else known: resource
        for known, resource in identities
    }


def _random(
    first: Mapping[Identity, Resource], second: Mapping[Identity, Resource]
) -> Iterator[tuple[Identity, KeyPath]]:
    for known in first.keys() | second.keys():
        if known not in first or known not in second:
            yield known, ()
        elif first[known] is not second[known]:
            for change in value_changes(first[known], second[known]):
                yield known, change.path


def sections(before: ReleaseObjects, after: ReleaseObjects) -> Iterator[Section]:
    """A section for each object that differs, in the order of the newer side, removed ones last."""
    random = before.random | after.random
    for known in {**after.objects, **before.objects}:
        old, new = before.objects.get(known), after.objects.get(known)
        if (known, ()) in random or old is new:
            continue
        if old is None or new is None:
            what = "new" if old is None else "deleted"
            loses = _title(known) if old is not None and _holds_data(known, old) else ""
            yield Section(title=f"{_title(known)}: {what}", is_rendered=True, loses=loses)
            continue
        places = [path for other, path in random if other == known]
        skipped = list(ignored((*before.ignored, *after.ignored), known))
        changes = [
            change
            for change in _changes(old, new, skipped)
            if not any(change.under(*place) for place in places)
        ]
        if changes:
            yield _section(known, changes)


def _section(known: Identity, changes: Sequence[ValueChange]) -> Section:
    """The lines of one object; of a Secret's data only that it changed."""
    is_secret = (known.group, known.kind) == ("", "Secret")
    shown = [one for one in changes if not (is_secret and one.path[0] in _SECRET_PARTS)]
    hidden = ": data changed" if len(shown) < len(changes) else ""
    return Section(
        title=f"{_title(known)}{hidden}",
        lines=tuple(shown),
        is_rendered=True,
    )


def _holds_data(known: Identity, resource: Resource) -> bool:
    """Whether more goes with an object than itself, where Argo CD prunes it."""
    options = str(part(resource, "metadata", "annotations").get(_SYNC_OPTIONS, ""))
    is_kept = "Prune=false" in [one.strip() for one in options.split(",")]
    return known.kind in _HOLDERS and not is_kept


def _title(known: Identity) -> str:
    place = f"{known.namespace}/" if known.namespace else ""
    return f"{known.kind} {place}{known.name}"


def _changes(old: Resource, new: Resource, skipped: Sequence[KeyPath]) -> Iterator[ValueChange]:
    """What differs beside noise and the places that Argo CD ignores."""
    before, after = _without_noise(old), _without_noise(new)
    for change in value_changes(before, after):
        side = before if change.after is ABSENT else after
        place = tuple(map(str, pointer(side, change.path)))
        if not any(place[: len(one)] == one for one in skipped):
            yield change


def _without_noise(node: Any) -> Any:
    """The same without the entries of _NOISE, and without the maps that held nothing else."""
    if isinstance(node, list):
        return [_without_noise(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = {}
    for key, value in node.items():
        if key == "openAPIV3Schema":
            kept[key] = _without_words(value)
            continue
        if key in _NOISE and isinstance(value, Mapping):
            value = {
                name: text
                for name, text in value.items()
                if not any(fnmatchcase(name, pattern) for pattern in _NOISE[key])
            }
            if not value:
                continue
        kept[key] = _without_noise(value)
    return kept


def _without_words(node: Any) -> Any:
    """A schema without what it says to people; a field may be called description too."""
    if isinstance(node, list):
        return [_without_words(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: _without_words(value)
        for key, value in node.items()
        if key != "description" or not isinstance(value, str)
    }
