"""The keys of site.yaml as Markdown, from its JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.records import record
from generator.site.acceptance import Schema
from generator.yaml.read import read
from generator.yaml.write import flow


@record
class _Key:
    """One key: its path, what the schema says of its value, whether and when it must be there."""

    path: str
    part: Schema
    form: str
    required: bool
    required_with: tuple[str, ...]
    foreign_to: tuple[str, ...]


def site(schema: Schema) -> str:
    """docs/site-reference.md: every key, what it takes, its default and an example."""
    parts = [_HEAD, _EXAMPLE_SECTION, *_sections(schema), _OVERRIDES, _forms(schema)]
    return "\n".join(parts)


def _sections(schema: Schema) -> Iterator[str]:
    """A table for the plain keys at the top, and one for each section."""
    tops = {key: _followed(part, schema) for key, part in schema["properties"].items()}
    plain = [key for key, part in tops.items() if part.get("type") != "object"]
    keys = [_key(key, schema["properties"][key], schema, schema) for key in plain]
    yield f"## {' and '.join(f'`{key}`' for key in plain)}\n\n{_table(keys)}"
    for key, part in tops.items():
        if key not in plain:
            need = "Required." if key in schema["required"] else "Optional."
            below = _below(key, part, schema)
            yield f"## `{key}`\n\n{part['description']} {need}\n\n{_table(list(below))}"


def _below(path: str, part: Schema, schema: Schema) -> Iterator[_Key]:
    """Every key below a map, a list of maps, or a map of maps."""
    for name, child in part.get("properties", {}).items():
        key = _key(f"{path}.{name}", child, part, schema)
        yield key
        if not _is_override(child):
            yield from _below(key.path, key.part, schema)
    holders = {"additionalProperties": f"{path}.<name>", "items": f"{path}[]"}
    for keyword, entry in holders.items():
        child = part.get(keyword)
        if isinstance(child, Mapping) and "properties" in _followed(child, schema):
            key = _key(entry, child, {}, schema)
            yield key
            yield from _below(entry, key.part, schema)


def _key(path: str, child: Schema, holder: Schema, schema: Schema) -> _Key:
    """A key as its own map sees it; some are required, or refused, by a sibling's value."""
    name = path.rpartition(".")[2]
    required_with, foreign_to = [], []
    for condition in holder.get("allOf", ()):
        (when,) = condition["if"]["properties"].values()
        if name in condition["then"].get("required", ()):
            required_with.append(when["const"])
        if name in condition["then"].get("properties", {}):
            foreign_to.append(when["const"])
    return _Key(
        path=path,
        part=_followed(child, schema),
        form=_form(path, child, schema),
        required=name in holder.get("required", ()),
        required_with=tuple(required_with),
        foreign_to=tuple(foreign_to),
    )


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
        return f"keys of [{section}](#{section.lower()}), [in part](#{_OVERRIDES_ANCHOR})"
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
        return "a word, or a map"
    if part["type"] == "integer":
        return f"a whole number from {part['minimum']:,} to {part['maximum']:,}"
    if part["type"] == "string" and "maxLength" in part:
        return f"text of at most {part['maxLength']:,} characters"
    return {"object": "a map", "boolean": "`true` or `false`", "string": "text"}[part["type"]]


def _or(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if quoted[1:] else quoted[0]


def _table(keys: Sequence[_Key]) -> str:
    head = "| key | takes | left out | example | what it is |\n|---|---|---|---|---|\n"
    return head + "".join(map(_row, keys))


def _row(key: _Key) -> str:
    foreign = f" Not with {_or(key.foreign_to)}." if key.foreign_to else ""
    cells = (
        f"`{key.path}`",
        key.form,
        _left_out(key),
        _example(key.part),
        f"{_prose(key.part['description'])}{foreign}",
    )
    return f"| {' | '.join(cells)} |\n"


def _prose(text: str) -> str:
    """Words as a cell of a table shows them."""
    return text.replace("<", "\\<").replace("|", "\\|")


def _shown(value: Any) -> str:
    """A value as people write it: in quotes only where YAML would read something else."""
    is_plain = isinstance(value, str) and read(value.encode(), "").data == value
    return f"`{value if is_plain else flow(value)}`"


def _left_out(key: _Key) -> str:
    """What a key is when it is not written."""
    if key.required:
        return "**required**"
    if key.required_with:
        return f"**required** with {_or(key.required_with)}"
    return _shown(key.part["default"]) if "default" in key.part else ""


def _example(part: Schema) -> str:
    """A value; none for a map of known keys, each of which shows its own."""
    is_known = "properties" in part or "properties" in part.get("items", {})
    return "" if is_known or "additionalProperties" in part else _shown(part["examples"][0])


def _form_names(schema: Schema) -> tuple[str, ...]:
    """The definitions that say how one value is spelled."""
    named = schema["$defs"].items()
    leaf = ("array", "object")
    return tuple(
        name
        for name, part in named
        if part["title"].startswith(("a ", "an "))
        and part["type"] not in leaf
        and not name.endswith("Override")
    )


def _forms(schema: Schema) -> str:
    rows = []
    for name in _form_names(schema):
        part = schema["$defs"][name]
        examples = ", ".join(map(_shown, part["examples"]))
        rows.append(f"| {part['title']} | {_prose(part['description'])} | {examples} |\n")
    return f"{_FORMS}\n| form | how it is written | examples |\n|---|---|---|\n{''.join(rows)}"


_HEAD = """\
# site.yaml, key by key

`make docs` writes this file from [the JSON Schema](../schema/site.schema.json), which editors read
too: `hubops schema` prints it, and the first line
`# yaml-language-server: $schema=schema/site.schema.json` tells an editor where it is. hubops
refuses unknown keys. What else `hubops lint` checks is in [rules.md](rules.md).

In the tables, `<name>` is a name of your choice and `[]` any entry of a list. The third column is
the default; where it is empty, there is none, or the description says it. A key of an optional map
is required only where that map is written.
"""

_EXAMPLE_SECTION = """\
## A whole site

Two hubs in one cluster: what they share is written once at the bottom, what differs under each
environment.

```yaml
schemaVersion: 1
site: coast
repository:
  url: https://github.com/coast-lab/gitops.git
  revision: main
argocd:
  version: "3.1"
charts:
  jupyterhub: {version: 4.4.0}
  dask-gateway: {version: 2026.3.0}
clusters:
  fedcloud:
    server: https://kubernetes.default.svc
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {className: nginx, clusterIssuer: letsencrypt-prod}
    sealingCertificate: certificates/fedcloud.pem
environments:
  production:
    cluster: fedcloud
    namespace: hub
    host: hub.example.org
    requireSealed: true
  staging:
    cluster: fedcloud
    namespace: hub-staging
    host: staging.example.org
    testing: true
    jupyterhub:
      servers:
        memory: {guarantee: 1Gi, limit: 2Gi}
    # One cluster: release names that differ, and one owner of the CRDs.
    daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
jupyterhub:
  authentication:
    provider: generic-oauth
    loginService: EGI Check-In
    authorizeUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/auth
    tokenUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/token
    userdataUrl: https://aai.egi.eu/auth/realms/egi/protocol/openid-connect/userinfo
    scopes: [openid, profile, email, entitlements]
    allow: {users: [bo, cleo]}
    admins: [ada]
  home: {capacity: 50Gi}
  servers:
    cpu: {guarantee: 1, limit: 2}
    memory: {guarantee: 5Gi, limit: 10Gi}
    profiles:
      - {name: Stable, image: "quay.io/coast/notebook:2026.1", default: true}
      - {name: Newest, image: "quay.io/coast/notebook:2026.2"}
  # Values of the chart itself that have no key in site.yaml.
  values:
    cull: {timeout: 7200}
daskGateway:
  limits: {cores: 7, memory: 24Gi, workers: 3}
  idleTimeout: 20m
  worker:
    cores: {default: 1, min: 1, max: 2}
    memory: {default: 4Gi, min: 4Gi, max: 6Gi}
```
"""

_OVERRIDES_ANCHOR = "what-an-environment-overrides"
_OVERRIDES = """\
## What an environment overrides

Under an environment `charts`, `sync`, `jupyterhub` and `daskGateway` take the keys of the section
of that name, and only what differs is written: nothing is required there. Maps merge, a list
replaces the shared list, and `null` removes what is shared. An environment with another login
provider inherits no key that only the shared provider has.

```yaml
environments:
  staging:
    daskGateway: null           # no Dask here
    jupyterhub:
      home: null                # the default again, not the shared size
      servers:
        memory: {limit: 6Gi}    # the guarantee stays the shared one
        profiles:               # these alone, not the shared ones
          - {name: Newest, image: "quay.io/coast/notebook:2026.2"}
```
"""

_FORMS = """\
## Forms

These forms come up in several places. hubops reads YAML strictly: put text that YAML readers do
not agree on, such as a bare `yes` or `1e3`, in quotes.
"""
