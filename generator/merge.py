"""Merging, and its inverse: maps merge, lists replace, null removes (RFC 7386, and Kustomize).

For every base and target, applying `patches(base, target)` in turn to the base gives the target.
"""

import marshal
from collections.abc import Mapping
from typing import Any

from generator.diagnostics import Pointer

Json = Any

_PLAIN = frozenset({str, bool, int, float})


def merge(base: Json, patch: Json) -> Json:
    """The base with the patch applied; the base's keys keep their order, new ones follow."""
    if not (type(patch) is dict or isinstance(patch, Mapping)):
        return patch
    merged = dict(base) if type(base) is dict or isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = value if type(value) in _PLAIN else merge(merged.get(key), value)
    return merged


def patches(base: Mapping[str, Json], target: Mapping[str, Json]) -> tuple[dict[str, Json], ...]:
    """The smallest patches that turn base into target: none, one, or a deletion and then the rest.

    Kustomize refuses one patch that changes a key's kind of node (map, list, scalar), and over a
    quoted text it writes a number in quotes. So such keys are deleted by a first patch and set by a
    second. Neither base nor target holds a null.
    """
    return tuple(patch for patch in _patches(base, target) if patch)


def _patches(base: Mapping[str, Json], target: Mapping[str, Json]) -> tuple[dict[str, Json], ...]:
    """What clears the keys whose node changes its kind, as nulls; and what then sets the rest.

    The second is in the target's order, deletions last.
    """
    clearing: dict[str, Json] = {}
    setting: dict[str, Json] = {}
    known, before_of = len(target), base.get
    for key, after in target.items():
        before = before_of(key)
        if before is after:
            continue
        if before is None:
            setting[key] = after
            known -= 1
            continue
        kind = type(after) if type(after) is type(before) else None  # most often
        if kind is str:
            if before != after:
                setting[key] = after
        elif kind is not dict and (kind := _kind(after)) is not _kind(before):
            clearing[key], setting[key] = None, after
        elif kind is dict:
            cleared, deeper = _patches(before, after)
            if cleared:
                clearing[key] = cleared
            if deeper:
                setting[key] = deeper
        elif not same(before, after):
            setting[key] = after
    if known < len(base):
        setting.update((key, None) for key in base if key not in target)
    return clearing, setting


def _kind(value: Json) -> type:
    """Map, list, text, or a number or boolean."""
    kind = type(value)
    if kind is str or kind is dict or kind is list:
        return kind
    if isinstance(value, Mapping):
        return dict
    if isinstance(value, list | tuple):
        return list
    return str if isinstance(value, str) else float


def same(one: Json, other: Json) -> bool:
    """Equality of YAML data: unlike Python's, `True` is not 1 and 1 is not 1.0."""
    kind = type(one)
    if kind is type(other) and kind in _PLAIN:
        return bool(one == other)
    kind = _kind(one)
    if kind is not _kind(other):
        return False
    if kind is dict:
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if kind is list:
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def reach(node: Json, path: Pointer) -> int:
    """How many steps of a path the data have; all below a list, which replaces as a whole."""
    for depth, step in enumerate(path):
        if isinstance(node, list):
            return len(path)
        if not isinstance(node, Mapping) or step not in node:
            return depth
        node = node[step]
    return len(path)


def holds(node: Json, path: Pointer) -> bool:
    """Whether the data write the value at a path, or a list that contains it."""
    return reach(node, path) == len(path)


def interned(value: Json, known: dict[bytes, Json]) -> Json:
    """The equal map or list that came first, where there is one; else this one, its maps alike."""
    key = marshal.dumps(value, 2)  # of plain data alone; version 2 writes equal data alike
    if key not in known:
        known[key] = value
        if isinstance(value, dict):
            known[key] = {
                name: interned(part, known) if isinstance(part, dict | list) else part
                for name, part in value.items()
            }
    return known[key]
