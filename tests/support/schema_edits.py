"""Random edits of any key of the schema: it gets a value, or another one, or is removed.

Values come from the schema's own examples, so that a key added later is drawn too. Not every edit
gives a valid site.
"""

import copy
import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from generator.site.schema_words import resolved
from tests.support.schema_keys import ENTRY, NAME, SCHEMA, SECTIONS, Key, Part, below, own_keys

Raw = dict[str, Any]

# What people write beside the schema's examples, by the name of its definition.
_MORE: dict[str, tuple[Any, ...]] = {
    "quantity": ("512Mi", "2Gi", "12G", "3Ti"),
    "quantityOrNone": ("512Mi", "2Gi", "12G", "none"),
    "cores": (0.25, "1500m", 3, 8),
    "coresOrNone": (0.25, "1500m", 3, "none"),
    "duration": ("90s", "45m", "3h"),
    "image": ("quay.io/coast/drawn:1", f"quay.io/coast/drawn@sha256:{'0123456789abcdef' * 4}"),
    "words": (["drawn"], ["drawn", "more"]),
}
# Of keys that exclude each other, those that go where another comes.
_INSTEAD = {
    "clusters.<>.gateway": ("ingress",),
    "clusters.<>.ingress": ("gateway",),
    "clusters.<>.server": ("name",),
    "clusters.<>.name": ("server",),
    "jupyterhub.home.shared": ("none", "capacity"),
    "jupyterhub.home.none": ("shared", "capacity", "mountPath"),
    "jupyterhub.home.capacity": ("shared", "none"),
    "jupyterhub.database.postgres": ("storage",),
    "jupyterhub.database.storage": ("postgres",),
}
_VOLUME = {"claim": ("nfs",), "nfs": ("claim",)}
# What an entry of a list needs, beside what the schema says, for a list that has had none.
_BESIDE = {"jupyterhub.servers.profiles.[]": {"image"}}
_REFUSED: Part = {"not": {}}


@cache
def drawable() -> tuple[Key, ...]:
    """The keys to draw from."""
    return tuple(own_keys())


def draw(raw: Raw, environment: str, key: Key, chance: random.Random) -> None:
    """Edits a key in the shared part, in the environment or in its cluster."""
    own = raw["environments"][environment]
    edit = _Edit(chance, _names(raw), (environment, own["cluster"]))
    section, *rest = key
    if section in SECTIONS and rest and chance.random() < 0.5:
        if own.get(section) is None:
            own[section] = {}
        part = dict(below(SCHEMA))[section]
        edit.at(own[section], raw.get(section) or {}, part, (*rest,), (section,))
    else:
        edit.at(raw, {}, SCHEMA, key)


def _names(raw: Raw) -> dict[str, list[Any]]:
    """What keys refer to by name."""
    hub, secrets = raw["jupyterhub"], raw.get("secrets") or {}
    registries = [name for name, one in secrets.items() if one.get("kind") == "registry"]
    return {
        "environments.<>.cluster": [*raw["clusters"]],
        "apps.<>.clusters": [[name] for name in raw["clusters"]],
        "clusters.<>.apps.<>": [*raw.get("apps", ())],
        "jupyterhub.pullSecrets": [[name] for name in registries],
        "jupyterhub.roles.<>.services": [[name] for name in hub.get("services", ())],
    }


class _Edit:
    """One edit; `names` are what keys refer to, `preferred` those chosen in maps of names."""

    def __init__(
        self, chance: random.Random, names: dict[str, list[Any]], preferred: tuple[str, ...]
    ) -> None:
        self.chance, self.names, self.preferred = chance, names, preferred

    def at(self, node: Any, shared: Any, part: Part, key: Key, above: Key = ()) -> None:
        """Edits below a node of which `shared` holds what it overrides."""
        step, *rest = key
        child = dict(below(part))[step]
        at, here = self._place(node, shared, part, (*above, step)), (*above, step)
        under = _get(shared, at)
        if rest:
            kind: type = list if rest[0] == ENTRY else dict
            if not isinstance(_get(node, at), kind):
                # A list replaces what is shared.
                is_new = under is None or kind is dict
                _put(node, at, kind() if is_new else copy.deepcopy(under))
            self.at(node[at], under, child, (*rest,), here)
        elif self._removes(node, part, at):
            del node[at]
        else:
            named = self.names.get(".".join(here))
            _put(node, at, self._other(child, _get(node, at), named))
        if isinstance(node, dict) and at in node:
            self._settle(node, shared, part, ".".join(here), at)

    def _removes(self, node: Any, part: Part, at: Any) -> bool:
        is_needed = at in resolved(part, SCHEMA).get("required", ())
        return _get(node, at) is not None and not is_needed and self.chance.random() < 0.3

    def _place(self, node: Any, shared: Any, part: Part, key: Key) -> Any:
        step = key[-1]
        if step == ENTRY:
            return self.chance.randrange(len(node) + (self.chance.random() < 0.3 or not node))
        if step != NAME:
            return step
        known = [*dict.fromkeys((*node, *(shared if isinstance(shared, dict) else ())))]
        preferred = [name for name in self.preferred if name in known]
        if preferred or (known and self.chance.random() < 0.7):
            return self.chance.choice(preferred or known)
        named = self.names.get(".".join(key))
        names = resolved(part, SCHEMA).get("propertyNames", {})
        return self.chance.choice(named or _examples(names) or ["drawn"])

    def _settle(self, node: Raw, shared: Any, part: Part, key: str, at: str) -> None:
        """Leaves out what does not go with a key, and adds what must be beside it."""
        part = resolved(part, SCHEMA)
        for other in _VOLUME.get(at, ()) if ".volumes." in key else _INSTEAD.get(key, ()):
            _take(node, shared, other)
        needed = {*part.get("required", ())} | _BESIDE.get(key.rpartition(".")[0], set())
        if _VOLUME.keys() <= part.get("properties", {}).keys() and not _VOLUME.keys() & node.keys():
            needed.add("claim")
        for decider, kinds in _kinds(part).items():
            said = {**(shared or {}), **node}.get(decider)
            kind = said or part["properties"][decider]["default"]
            if at in _refused(kinds[kind]):
                kind = self.chance.choice([one for one in kinds if at not in _refused(kinds[one])])
                node[decider] = kind
            for other in _refused(kinds[kind]):
                node.pop(other, None)
            needed |= {*kinds[kind].get("required", ())}
        needed |= _with(part, node)
        parts = dict(below(part))
        for one in sorted(needed):
            if _get(node, one) is None and _get(shared, one) is None:
                node[one] = self._value(parts[one])

    def _other(self, part: Part, old: Any, named: list[Any] | None) -> Any:
        drawn = [self.chance.choice(named) if named else self._value(part) for _ in range(6)]
        return next((value for value in drawn if value != old), drawn[0])

    def _value(self, part: Part) -> Any:
        followed, parts = resolved(part, SCHEMA), dict(below(part))
        examples = [*_examples(part), *_more(part)]
        kinds = followed.get("type", ())
        is_map = "object" in kinds and "properties" in followed
        if ENTRY in parts and (not examples or self.chance.random() < 0.5):
            drawn = [self._value(parts[ENTRY]) for _ in range(self.chance.choice((1, 1, 2)))]
            return [one for at, one in enumerate(drawn) if one not in drawn[:at]]
        if is_map and (not examples or self.chance.random() < 0.7):
            return self._map(followed, parts)
        if "enum" in followed:
            return self.chance.choice(followed["enum"])
        if kinds == "boolean":
            return self.chance.choice((True, False))
        if kinds == "integer":
            examples += [followed["minimum"], followed["minimum"] + 1]
        if not examples:
            return {"drawn": self._value(parts[NAME])}
        return copy.deepcopy(self.chance.choice(examples))

    def _map(self, part: Part, parts: Mapping[str, Part]) -> Raw:
        """What is required, and some of the rest."""
        names = [name for name in part["properties"] if self.chance.random() < 0.4]
        needed, found = {*part.get("required", ())}, {}
        for decider, kinds in _kinds(part).items():
            kind = found[decider] = self.chance.choice([*kinds])
            needed |= {*kinds[kind].get("required", ())}
            names = [name for name in names if name not in (decider, *_refused(kinds[kind]))]
        if _VOLUME.keys() <= part["properties"].keys():
            one = self.chance.choice(("claim", "nfs"))
            names = [name for name in names if name not in _VOLUME] + [one]
        return found | {
            name: self._value(parts[name])
            for name in part["properties"]
            if name in needed or name in names
        }


def _kinds(part: Part) -> dict[str, dict[str, Part]]:
    """What holds for each value of a key that decides about its siblings."""
    found: dict[str, dict[str, Part]] = {}
    for branch in part.get("allOf", ()):
        for decider, when in branch["if"].get("properties", {}).items():
            found.setdefault(decider, {})[when["const"]] = branch["then"]
    return found


def _refused(then: Part) -> list[str]:
    return [key for key, part in then.get("properties", {}).items() if part == _REFUSED]


def _with(part: Part, node: Raw) -> set[str]:
    """What must be beside keys that are there."""
    return {
        key
        for branch in part.get("allOf", ())
        if "properties" not in branch["if"] and node.keys() >= {*branch["if"]["required"]}
        for key in branch["then"]["required"]
    }


def _examples(part: Part) -> list[Any]:
    return [*part.get("examples", resolved(part, SCHEMA).get("examples", ()))]


def _more(part: Part) -> tuple[Any, ...]:
    return _MORE.get(part.get("$ref", "").rpartition("/")[2], ())


def _get(node: Any, at: Any) -> Any:
    if isinstance(node, dict):
        return node.get(at)
    return node[at] if isinstance(node, list) and isinstance(at, int) and at < len(node) else None


def _put(node: Any, at: Any, value: Any) -> None:
    if isinstance(node, list) and at == len(node):
        node.append(value)
    else:
        node[at] = value


def _take(node: Raw, shared: Any, key: str) -> None:
    """Leaves a key out, also where it is shared."""
    node.pop(key, None)
    if _get(shared, key) is not None:
        node[key] = None
