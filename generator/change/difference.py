"""What differs between two sites as they take effect: values by path, objects, sealed values. Pure.

List items are identified by their name or slug, never by their index. A different spelling or
another order of keys is not a difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from generator.credentials import MASK, is_credential
from generator.merge import same
from generator.records import record

Json = Any
KeyPath = tuple[str, ...]

# How many places to name, at most.
_ORIGINS = 4
# What refers to a Secret by its name, in a pod and in the charts' values.
_REFERENCES = (("secretKeyRef",), ("secretRef",))
_NAMES = (("secretName",), ("existingSecret",), ("apiTokenFromSecretName",))
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
    """One value that differs; `before` or `after` is ABSENT where there is none.

    `origins` are where site.yaml sets it, for each environment, where that was asked for.
    """

    path: KeyPath
    before: Json
    after: Json
    origins: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Where site.yaml sets it, in a few words: `site.yaml:4, 18 and 2 more`."""
        if not self.origins:
            return ""
        lines = [place.rpartition(":")[2] for place in self.origins[1:_ORIGINS]]
        more = len(self.origins) - _ORIGINS
        return ", ".join((self.origins[0], *lines)) + (f" and {more} more" if more > 0 else "")

    @property
    def spelled(self) -> str:
        """The path as people write it."""
        steps = (MASK if is_credential(step) else step for step in self.path)
        plain = (f"[{step}]" if not step or set(step) & set(" .[]:") else step for step in steps)
        return ".".join(plain).replace(".[", "[")

    @property
    def refers_to_secret(self) -> bool:
        """Whether it is the name or the key of a Secret, not what the Secret holds."""
        return (
            self.path[-2:-1] in _REFERENCES and self.path[-1] in ("name", "key", "optional")
        ) or self.path[-1:] in _NAMES

    def under(self, *path: str) -> bool:
        """Whether the change is at or below a path."""
        return self.path[: len(path)] == path


def value_changes(before: Json, after: Json, *, ordered: bool = False) -> tuple[ValueChange, ...]:
    """The leaves that differ, in the order of the newer side, removed ones last.

    With `ordered` also each list whose named items are in another order, as lists of the names
    that both sides have.
    """
    # Quick, with the order included; `==` alone would take 1 for True and 1.0.
    if repr(before) == repr(after):
        return ()
    moved = _reordered((), before, after) if ordered else ()
    return (*_changes((), before, after), *moved)


def _changes(path: KeyPath, before: Json, after: Json) -> Iterator[ValueChange]:
    """The leaves; a part that was added or removed leaf by leaf too, a replaced one whole."""
    if before is after or (type(before) is type(after) is str and before == after):
        return
    old, new = _children(before), _children(after)
    if before is ABSENT and new:
        old = {}
    if after is ABSENT and old:
        new = {}
    if old is not None and new is not None and (old.keys() & new.keys() or not old or not new):
        for key in (*new, *(key for key in old if key not in new)):
            yield from _changes((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
    elif not same(before, after):
        yield ValueChange(path=path, before=before, after=after)


def leaves(change: ValueChange) -> Iterator[ValueChange]:
    """A map that is shown as replaced by another, key by key; every other change as it is."""
    old, new = change.before, change.after
    if not (isinstance(old, Mapping) and isinstance(new, Mapping) and old and new):
        yield change
        return
    for key in (*new, *(key for key in old if key not in new)):
        yield from _changes((*change.path, key), old.get(key, ABSENT), new.get(key, ABSENT))


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
    before: Mapping[tuple[str, str], str | None], after: Mapping[tuple[str, str], str | None]
) -> dict[tuple[str, str], Sealing]:
    """What happened to each sealed value, by secret and key; None stands for a placeholder."""
    found = {
        at: _sealing(before.get(at, ABSENT), after.get(at, ABSENT))
        for at in sorted(before.keys() | after.keys())
    }
    return {at: change for at, change in found.items() if change is not None}


def _sealing(old: str | Absent | None, new: str | Absent | None) -> Sealing | None:
    if old == new:
        return None
    if isinstance(new, Absent):
        return Sealing.REMOVED
    if new is None:
        return Sealing.ADDED if isinstance(old, Absent) else Sealing.LOST
    return Sealing.AGAIN if isinstance(old, str) else Sealing.SEALED


def members(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What came to a list and what left it, with + and -."""
    came = [f"+{each}" for each in after if each not in before]
    return came + [f"-{each}" for each in before if each not in after]


def arrows(pairs: Mapping[str, tuple[object, object]]) -> list[str]:
    """The pairs that differ, as `what old -> new`."""
    return [f"{what} {old} -> {new}" for what, (old, new) in pairs.items() if old != new]
