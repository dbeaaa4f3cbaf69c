"""Plain Python of `hub.extraConfig` -> the chart values that say the same; the rest stays Python.

Plain is an assignment of written-out data at the left margin, to a setting that nothing else in
the Python names. It runs after the chart's own configuration, so it wins over the values.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from generator.adopt.base import Path, at
from generator.charts.config_traits import TRAITS
from generator.charts.python_text import parsed
from generator.records import record
from generator.site.model import Json

EXTRA: Path = ("hub", "extraConfig")
# What no one should find out after the take-over.
_ASKED = ("profile_list",)
# These replace what the chart's own values say.
_WHOLE = ("environment", "node_selector")


@record
class PlainSetting:
    """One assignment: what it sets, the value, and the entry and lines it is in, from 1."""

    path: Path
    value: Json
    entry: str
    name: str
    first: int
    last: int


@record
class HubPython:
    """What the Python says plainly, what stays of each entry, and what is set in other ways."""

    settings: tuple[PlainSetting, ...]
    rest: Mapping[str, str]
    others: tuple[tuple[str, str], ...]


def read(values: Mapping[str, Json]) -> HubPython:
    """What `hub.extraConfig` says."""
    extra = at(values, *EXTRA)
    texts = {k: v for k, v in sorted(extra.items()) if isinstance(v, str)} if _is_map(extra) else {}
    trees = {name: tree for name, text in texts.items() if _may_set(text) and (tree := _tree(text))}
    named = Counter(attribute for tree in trees.values() for attribute in _attributes(tree))
    found = [
        one
        for name, tree in trees.items()
        for one in _plain(name, tree)
        if named[one.name] == 1
        and not (one.name in _WHOLE and at(values, *one.path) not in (None, {}))
    ]
    plain = {one.name for one in found}
    others = tuple(
        (trait, name)
        for trait in _ASKED
        for name, tree in trees.items()
        if trait in _attributes(tree) and trait not in plain
    )
    rest = {name: _without(texts[name], [s for s in found if s.entry == name]) for name in texts}
    return HubPython(settings=tuple(found), rest=rest, others=others)


def _is_map(node: Json) -> bool:
    return isinstance(node, Mapping)


def _may_set(text: str) -> bool:
    return any(section in text for section in TRAITS)


def _tree(text: str) -> ast.Module | None:
    tree = parsed(text)
    return None if isinstance(tree, str) else tree


def _attributes(tree: ast.Module) -> list[str]:
    """Every attribute that the Python names, and every text that may name one."""
    nodes = list(ast.walk(tree))
    words = (one.value for one in nodes if isinstance(one, ast.Constant))
    return [
        *(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        *(word for word in words if isinstance(word, str) and word.isidentifier()),
    ]


def _plain(entry: str, tree: ast.Module) -> Iterator[PlainSetting]:
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[
                    ast.Attribute(
                        value=ast.Attribute(value=ast.Name(id="c"), attr=section), attr=name
                    )
                ],
                value=written,
            ) if name in TRAITS.get(section, {}):
                first, last = node.lineno, node.end_lineno or node.lineno
                shared = any(
                    other is not node and other.lineno <= last and (other.end_lineno or 0) >= first
                    for other in tree.body
                )
                value = _literal(written)
                if value is not ... and not shared:
                    yield PlainSetting(
                        path=TRAITS[section][name],
                        value=value,
                        entry=entry,
                        name=name,
                        first=first,
                        last=last,
                    )


def _literal(node: ast.expr) -> Json:
    """The data that an expression writes out; `...` for any other, and for what no YAML holds."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ...
    return value if _is_data(value) and value is not None else ...


def _is_data(value: Json) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_data(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_is_data, value))
    return value is None or isinstance(value, str | int | float | bool)


def _without(text: str, cut: list[PlainSetting]) -> str:
    """The text without these lines; empty where nothing but comments is left."""
    lines = text.split("\n")
    gone = {number for one in cut for number in range(one.first, one.last + 1)}
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    says = any(line.strip() and not line.strip().startswith("#") for line in kept)
    return "\n".join(kept) if says or not cut else ""
