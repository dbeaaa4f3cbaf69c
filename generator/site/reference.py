"""The keys of site.yaml as Markdown, from its JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.site.acceptance import Schema
from generator.yaml.read import read
from generator.yaml.write import flow

# The heading of reference.md that an environment's sections are explained under.
_REFUSED: Schema = {"not": {}}
# A table of more rows is parted, by keys that have more than a few.
_MANY, _FEW = 40, 5
# Characters of an example that the schema does not have as such.
_LONGEST = 120
_OVERRIDES = "what-an-environment-overrides"
# What most hubs set, by subject; sites have these first.
_COMMON = (
    *("charts.jupyterhub.version", "charts.dask-gateway.version", "clusters.<name>.kubernetes"),
    *("clusters.<name>.storageClass", "clusters.<name>.ingress.className"),
    *("clusters.<name>.ingress.clusterIssuer", "clusters.<name>.ingress.maxUpload"),
    *("environments.<name>.namespace", "environments.<name>.host"),
    *("jupyterhub.authentication.provider", "jupyterhub.authentication.allow.users"),
    *("jupyterhub.authentication.admins", "jupyterhub.home.capacity", "jupyterhub.cull.idle"),
    *("jupyterhub.servers.image", "jupyterhub.servers.memory.limit"),
    *("jupyterhub.servers.memory.guarantee", "jupyterhub.servers.cpu.limit"),
    *("jupyterhub.servers.defaultUrl", "jupyterhub.servers.environment"),
    *("jupyterhub.servers.profiles[].name", "jupyterhub.servers.profiles[].image"),
    *("jupyterhub.servers.profiles[].memory.limit", "jupyterhub.servers.profiles[].gpu"),
    *("jupyterhub.servers.profiles[].options", "jupyterhub.servers.volumes", "secrets.<name>"),
    *("daskGateway.limits.cores", "daskGateway.limits.memory", "daskGateway.limits.workers"),
)


def site(schema: Schema, template: str) -> str:
    """docs/site-reference.md: every key, what it takes, its default and an example.

    `template` is site/reference.md: the prose, with a mark in the place of each part.
    """
    sections = "\n".join(_sections(schema))
    parts = {"common": _common(sections), "sections": sections, "forms": _forms(schema)}
    for mark, part in parts.items():
        template = template.replace(f"%{mark}%\n", part)
    return template


def _common(sections: str) -> str:
    """The rows of the common keys, taken from the sections that explain all of them."""
    rows = {row.split("`")[1]: f"{row}\n" for row in sections.split("\n") if row.startswith("| `")}
    return f"{_table(rows[key] for key in _COMMON)}\n"


def _sections(schema: Schema) -> Iterator[str]:
    """A table for the plain keys at the top, and one for each section."""
    tops = {key: _followed(part, schema) for key, part in schema["properties"].items()}
    plain = [key for key, part in tops.items() if part.get("type") != "object"]
    rows = (_row(key, schema["properties"][key], schema, schema) for key in plain)
    yield f"## {' and '.join(f'`{key}`' for key in plain)}\n\n{_table(rows)}"
    for key, part in tops.items():
        if key not in plain:
            need = "Required." if key in schema["required"] else "Optional."
            tables = "\n".join(_tables([*_rows(key, part, schema)], 2))
            yield f"## `{key}`\n\n{part['description']} {need}\n\n{tables}"


def _tables(rows: Sequence[str], depth: int) -> Iterator[str]:
    """The rows in one table; of many, a key with several below it has a table of its own."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        steps = row.split("`")[1].replace("[]", "").split(".")[:depth]
        groups.setdefault(".".join(steps), []).append(row)
    apart = {path for path, group in groups.items() if len(rows) > _MANY and len(group) > _FEW}
    own = [row for path, group in groups.items() if path not in apart for row in group]
    yield _table(iter(own)) if own else ""
    for path in (path for path in groups if path in apart):
        first, *more = _tables(groups[path], depth + 1)
        yield f"### `{path}`\n\n{first}"
        yield from more


def _table(rows: Iterator[str]) -> str:
    head = "| key | takes | left out | example | what it is |\n|---|---|---|---|---|\n"
    return head + "".join(rows)


def _rows(path: str, part: Schema, schema: Schema) -> Iterator[str]:
    """Every key below a map, a list of maps, or a map of maps."""
    for name, child in part.get("properties", {}).items():
        yield _row(f"{path}.{name}", child, part, schema)
        if not _is_override(child):
            yield from _rows(f"{path}.{name}", _followed(child, schema), schema)
    for keyword, entry in (("additionalProperties", f"{path}.<name>"), ("items", f"{path}[]")):
        child = part.get(keyword)
        if isinstance(child, Mapping) and "properties" in _followed(child, schema):
            yield _row(entry, {**_of_holder(part), **child}, {}, schema)
            yield from _rows(entry, _followed(child, schema), schema)


def _of_holder(part: Schema) -> dict[str, Any]:
    """The example of an entry, from that of the list or map that it is in."""
    whole = next(iter(part.get("examples", ())), ())
    entries = [*whole.values()] if isinstance(whole, Mapping) else whole
    return {"examples": [entries[0]]} if entries else {}


def _row(path: str, child: Schema, holder: Schema, schema: Schema) -> str:
    """A key as its own map sees it; some are required, or refused, by a sibling's value."""
    name, part = path.rpartition(".")[2], _followed(child, schema)
    required_with, at_home = [], []
    for when, then in _by_provider(holder):
        if name in then.get("required", ()):
            required_with.append(when)
        if then.get("properties", {}).get(name) != _REFUSED:
            at_home.append(when)
    left_out = _shown(part["default"]) if "default" in part else ""
    if required_with:
        left_out = f"**required** with {_or(required_with)}"
    if name in holder.get("required", ()):
        left_out = "**required**"
    is_shared = len(at_home) == len(tuple(_by_provider(holder)))
    words = _prose(part["description"]) + ("" if is_shared else f" Only with {_or(at_home)}.")
    cells = (f"`{path}`", _form(path, child, schema), left_out, _example(part, schema), words)
    return f"| {' | '.join(cells)} |\n"


def _by_provider(holder: Schema) -> Iterator[tuple[str, Schema]]:
    """What holds for each value of a key that decides about its siblings."""
    for condition in holder.get("allOf", ()):
        for when in condition["if"].get("properties", {}).values():
            yield when["const"], condition["then"]


def _followed(part: Schema, schema: Schema) -> dict[str, Any]:
    """A part with what it refers to; its own words win."""
    if "$ref" not in part:
        return dict(part)
    referred = schema["$defs"][_reference(part)]
    return {**_followed(referred, schema), **{key: part[key] for key in part if key != "$ref"}}


def _reference(part: Schema) -> str:
    return str(part.get("$ref", "")).removeprefix("#/$defs/")


def _is_override(part: Schema) -> bool:
    return _reference(part).endswith("Override")


def _form(path: str, child: Schema, schema: Schema) -> str:
    """What a key takes, in words; a form that has a name is explained under Forms."""
    part = _followed(child, schema)
    if _is_override(child):
        section = path.rpartition(".")[2]
        return f"keys of [{section}](#{section.lower()}), [in part](#{_OVERRIDES})"
    if "enum" in part:
        return _or(part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    title = str(schema["$defs"].get(_reference(child), part)["title"])
    if "properties" not in part and title.startswith(("a ", "an ")):
        return f"[{title}](#forms)" if _reference(child) in _form_names(schema) else title
    return _type(part, schema)


def _type(part: Schema, schema: Schema) -> str:
    """The kind of a value that has no named form."""
    if part["type"] == "array":
        item = _followed(part["items"], schema)
        return "a list of maps" if item.get("type") == "object" else f"a list; each {item['title']}"
    if isinstance(part["type"], list):
        return "`true`, or a map" if "boolean" in part["type"] else "a word, or a map"
    if part["type"] == "integer":
        return f"a whole number from {part['minimum']:,} to {part['maximum']:,}"
    if part["type"] == "string" and "maxLength" in part:
        return f"text of at most {part['maxLength']:,} characters"
    return {"object": "a map", "boolean": "`true` or `false`", "string": "text"}[part["type"]]


def _or(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if quoted[1:] else quoted[0]


def _prose(text: str) -> str:
    """Words as a cell of a table shows them."""
    return text.replace("<", "\\<").replace("|", "\\|")


def _shown(value: Any) -> str:
    """A value as people write it: in quotes only where YAML would read something else."""
    is_plain = isinstance(value, str) and read(value.encode(), "").data == value
    return f"`{value if is_plain else flow(value)}`"


def _example(part: Schema, schema: Schema) -> str:
    """A value; none for a map whose keys have values that are too long together."""
    shown = _shown(_value(part, schema))
    return shown if "examples" in part or len(shown) <= _LONGEST else ""


def _value(part: Schema, schema: Schema) -> Any:
    """The schema's own example, or one made of those below: of the required keys, or the first."""
    part = _followed(part, schema)
    if "examples" in part:
        return part["examples"][0]
    if "items" in part:
        return [_value(part["items"], schema)]
    if "properties" in part:
        names = part.get("required") or [*part["properties"]][:1]
        return {name: _value(part["properties"][name], schema) for name in names}
    named = _followed(part.get("propertyNames", {}), schema).get("examples", ["name"])
    return {named[0]: _value(part["additionalProperties"], schema)}


def _form_names(schema: Schema) -> tuple[str, ...]:
    """The definitions that say how one value is spelled."""
    return tuple(
        name
        for name, part in schema["$defs"].items()
        if part["title"].startswith(("a ", "an "))
        and part["type"] not in ("array", "object")
        and not name.endswith("Override")
    )


def _forms(schema: Schema) -> str:
    rows = []
    for name in _form_names(schema):
        part = schema["$defs"][name]
        examples = ", ".join(map(_shown, part["examples"]))
        rows.append(f"| {part['title']} | {_prose(part['description'])} | {examples} |\n")
    return f"| form | how it is written | examples |\n|---|---|---|\n{''.join(rows)}"
