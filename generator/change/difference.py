"""What differs between two sites as they take effect: values by path, objects, sealed values. Pure.

List items are identified by their name or slug, never by their index. A different spelling or
another order of keys is not a difference.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from generator.credentials import MASK, is_credential
from generator.merge import same
from generator.records import record

Json = Any
KeyPath = tuple[str, ...]

# What identifies an item of a list: the first key that all items have, each with another value.
_ITEM_KEYS = ("slug", "name", "display_name", "key", "kind", "namespace", "secretName")


class Absent:
    """The side of a change that has nothing there."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = Absent()


class Sealing(StrEnum):
    """What happened to one sealed value; the ciphertext itself is never shown."""

    SEALED = "placeholder -> sealed"
    AGAIN = "sealed again"
    LOST = "sealed -> placeholder"
    ADDED = "new placeholder"
    REMOVED = "removed"


@record
class ValueChange:
    """One value that differs; `before` or `after` is ABSENT where there is none."""

    path: KeyPath
    before: Json
    after: Json

    @property
    def spelled(self) -> str:
        """The path as people write it."""
        steps = (MASK if is_credential(step) else step for step in self.path)
        return ".".join(step if _is_plain(step) else f"[{step}]" for step in steps).replace(
            ".[", "["
        )

    def under(self, *path: str) -> bool:
        """Whether the change is at or below a path."""
        return self.path[: len(path)] == path


def _is_plain(step: str) -> bool:
    return bool(step) and not set(step) & set(" .[]")


def value_changes(before: Json, after: Json, *, ordered: bool = False) -> tuple[ValueChange, ...]:
    """The leaves that differ, in the order of the newer side, removed ones last.

    With `ordered` also each list whose named items are in another order, as lists of the names
    that both sides have.
    """
    if _has_same_text(before, after):
        return ()
    moved = _reordered((), before, after) if ordered else ()
    return (*_changes((), before, after), *moved)


def _has_same_text(before: Json, after: Json) -> bool:
    """Whether both are equal, order included; quick, and never true of 1 and True or 1.0."""
    return repr(before) == repr(after)


def _changes(path: KeyPath, before: Json, after: Json) -> Iterator[ValueChange]:
    if before is after or (type(before) is type(after) is str and before == after):
        return
    old, new = _children(before), _children(after)
    if old is not None and new is not None and (old.keys() & new.keys() or not old or not new):
        if old or new:
            yield from _children_changes(path, old, new)
    elif not _equal(before, after):
        yield from _whole(path, before, after)


def _children_changes(
    path: KeyPath, old: Mapping[str, Json], new: Mapping[str, Json]
) -> Iterator[ValueChange]:
    for key, value in new.items():
        yield from _changes((*path, key), old.get(key, ABSENT), value)
    for key, value in old.items():
        if key not in new:
            yield from _changes((*path, key), value, ABSENT)


def _whole(path: KeyPath, before: Json, after: Json) -> Iterator[ValueChange]:
    """A part that was added, removed or replaced: leaf by leaf where it is a map."""
    for side, other in ((before, after), (after, before)):
        children = _children(side)
        if isinstance(other, Absent) and children:
            for key, value in children.items():
                pair = (value, ABSENT) if side is before else (ABSENT, value)
                yield from _changes((*path, key), *pair)
            return
    yield ValueChange(path=path, before=before, after=after)


def _equal(before: Json, after: Json) -> bool:
    if isinstance(before, Absent) or isinstance(after, Absent):
        return before is after
    return same(before, after)


def _children(node: Json) -> Mapping[str, Json] | None:
    """The entries of a map, or of a list by what identifies each; None for everything else."""
    if type(node) is dict or isinstance(node, Mapping):
        return node
    if isinstance(node, list) and node and all(isinstance(item, Mapping) for item in node):
        for key in _ITEM_KEYS:
            names = [item.get(key) for item in node]
            if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
                return {str(item[key]): item for item in node}
    return None


def pointer(node: Json, path: KeyPath) -> tuple[str | int, ...]:
    """A path through data with the indexes of list items in place of their names."""
    steps: list[str | int] = []
    for step in path:
        children = _children(node) or {}
        steps.append(list(children).index(step) if isinstance(node, list) else step)
        node = children.get(step)
    return tuple(steps)


def _reordered(path: KeyPath, before: Json, after: Json) -> Iterator[ValueChange]:
    old, new = _children(before), _children(after)
    if old is None or new is None:
        return
    shared = [key for key in old if key in new]
    moved = [key for key in new if key in old]
    if isinstance(before, list) and isinstance(after, list) and shared != moved:
        yield ValueChange(path=path, before=shared, after=moved)
    for key in shared:
        yield from _reordered((*path, key), old[key], new[key])


def sealing(
    before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> dict[str, Sealing]:
    """What happened to each value of a Secret: key -> ciphertext, None for a placeholder."""
    found = {}
    for key in sorted(before.keys() | after.keys()):
        change = _sealing(before.get(key, ABSENT), after.get(key, ABSENT))
        if change is not None:
            found[key] = change
    return found


def _sealing(old: str | Absent | None, new: str | Absent | None) -> Sealing | None:
    if isinstance(new, Absent):
        return Sealing.REMOVED
    if isinstance(old, Absent):
        return Sealing.ADDED if new is None else Sealing.SEALED
    if old == new:
        return None
    if new is None:
        return Sealing.LOST
    return Sealing.SEALED if old is None else Sealing.AGAIN
