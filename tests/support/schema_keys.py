"""The keys that site.yaml can have, from its schema, and those that a site has."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.io.resources import site_schema
from generator.site.schema_words import resolved

# Its steps; `<>` is any name in a map, `[]` any entry of a list.
Key = tuple[str, ...]
Part = Mapping[str, Any]

SCHEMA = site_schema()
NAME, ENTRY = "<>", "[]"
SECTIONS = ("jupyterhub", "daskGateway", "charts", "sync", "monitoring")
_PROFILES = ("jupyterhub", "servers", "profiles")


def keys(part: Part = SCHEMA, above: Key = ()) -> Iterator[Key]:
    """Every key at or below a part of the schema, an environment's overrides among them."""
    for step, child in below(part):
        if step not in (NAME, ENTRY):
            yield (*above, step)
        yield from keys(child, (*above, step))


def own_keys() -> Iterator[Key]:
    """Every key of the site; overrides have the same ones."""
    return (key for key in keys() if key == at_home(key))


def written(node: Any, part: Part = SCHEMA, above: Key = ()) -> Iterator[Key]:
    """Every key that has a value in a site; one that is null has none."""
    parts = dict(below(part))
    for step, child in _steps(node):
        known = step if step in parts else ENTRY if isinstance(node, list) else NAME
        if child is not None and known in parts:
            if known not in (NAME, ENTRY):
                yield (*above, known)
            yield from written(child, parts[known], (*above, known))


def at_home(key: Key) -> Key:
    """A key as the site has it, where an environment overrides it, or one profile by its slug."""
    if key[:2] == ("environments", NAME) and len(key) > 3 and key[2] in SECTIONS:
        key = key[2:]
    return (*_PROFILES, ENTRY, *key[4:]) if key[:4] == (*_PROFILES, NAME) else key


def below(part: Part) -> Iterator[tuple[str, Part]]:
    """The steps that lead on from a part of the schema, with theirs."""
    part = resolved(part, SCHEMA)
    yield from part.get("properties", {}).items()
    for keyword, step in (("additionalProperties", NAME), ("items", ENTRY)):
        if isinstance(part.get(keyword), Mapping):
            yield step, part[keyword]


def _steps(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        yield from node.items()
    elif isinstance(node, list):
        yield from ((ENTRY, entry) for entry in node)
