"""Merging, and its inverse: maps merge, lists replace, null removes (RFC 7386, and Kustomize).

For every base and target, applying `patches(base, target)` in turn to the base gives the target.
"""

from collections.abc import Mapping
from typing import Any

Json = Any


def merge(base: Json, patch: Json) -> Json:
    """The base with the patch applied; the base's keys keep their order, new ones follow."""
    if type(patch) is not dict and (type(patch) is str or not isinstance(patch, Mapping)):
        return patch
    merged = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def patches(base: Mapping[str, Json], target: Mapping[str, Json]) -> tuple[dict[str, Json], ...]:
    """The smallest patches that turn base into target: none, one, or a deletion and then the rest.

    Kustomize refuses one patch that changes a key's kind of node (map, list, scalar), and over a
    quoted text it writes a number in quotes. So such keys are deleted by a first patch and set by a
    second. Neither base nor target holds a null.
    """
    clearing = _kind_changes(base, target)
    cleared = merge(base, clearing) if clearing else base
    setting = _difference(cleared, target)
    return tuple(patch for patch in (clearing, setting) if patch)


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


def _kind_changes(base: Mapping[str, Json], target: Mapping[str, Json]) -> dict[str, Json]:
    """The keys, as nulls, whose node changes its kind."""
    clearing: dict[str, Json] = {}
    for key, before in base.items():
        if key not in target:
            continue
        after = target[key]
        if after is before:
            continue  # what environments share is one object: nothing below it differs
        if _kind(before) is not _kind(after):
            clearing[key] = None
            continue
        is_map = type(before) is not str and isinstance(before, Mapping)
        if is_map and (deeper := _kind_changes(before, after)):
            clearing[key] = deeper
    return clearing


def _difference(base: Mapping[str, Json], target: Mapping[str, Json]) -> dict[str, Json]:
    """The RFC 7386 patch from base to target, in the target's order, deletions last."""
    patch: dict[str, Json] = {}
    for key, after in target.items():
        if key not in base:
            patch[key] = after
            continue
        before = base[key]
        if after is before:
            continue
        if type(after) is not str and isinstance(after, Mapping):
            deeper = _difference(before, after)
            if deeper:
                patch[key] = deeper
        elif not same(before, after):
            patch[key] = after
    patch.update({key: None for key in base if key not in target})
    return patch


def same(one: Json, other: Json) -> bool:
    """Equality of YAML data: unlike Python's, `True` is not 1 and 1 is not 1.0."""
    if type(one) is str or type(other) is str:
        return type(one) is type(other) and bool(one == other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)
