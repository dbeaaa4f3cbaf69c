"""The schemas of Kubernetes' own kinds, from kubernetes-validate; each version is read once."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import UnknownType, ValidationError, best_match
from jsonschema.protocols import Validator
from referencing import Registry, Resource

from generator.diagnostics import GeneratorError
from generator.io import resources
from generator.records import record
from generator.versions import Version

# Group, version, kind.
Kind = tuple[str, str, str]


@record
class Complaint:
    """What a schema says against an object: where in it, and in short what."""

    path: tuple[str | int, ...]
    message: str


@record
class Kubernetes:
    """The kinds of one Kubernetes release; `version` is the one whose schemas are used."""

    version: Version
    kinds: Mapping[Kind, str]
    registry: Any
    address: str

    @property
    def groups(self) -> frozenset[str]:
        """The API groups that are Kubernetes' own."""
        return frozenset(group for group, _, _ in self.kinds)

    @property
    def apis(self) -> tuple[str, ...]:
        """What a cluster of this release serves by default, as Helm's `--api-versions` wants it.

        Stable versions only: since 1.24 new betas are off unless somebody switches them on.
        """
        served = {
            kind
            for kind in self.kinds
            if "alpha" not in kind[1] and "beta" not in kind[1] and not kind[2].endswith("List")
        }
        names = {f"{group}/{version}".lstrip("/") for group, version, _ in served}
        kinds = {f"{group}/{version}/{kind}".lstrip("/") for group, version, kind in served}
        return tuple(sorted(names | kinds))


def of(version: Version) -> Kubernetes:
    """The kinds of a Kubernetes release, or of the nearest one that schemas are there for."""
    numbers = version.numbers[:2]
    known = sorted(_folders())
    at_most = [one for one in known if one <= numbers]
    return _loaded(at_most[-1] if at_most else known[0])


@cache
def _folders() -> dict[tuple[int, int], Path]:
    """The folder of closed schemas of each release, found without importing the package."""
    spec = find_spec("kubernetes_validate")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = {}
    for place in places:
        for folder in (Path(place) / "kubernetes-json-schema").glob("v*-local-strict"):
            numbers = Version.parse(folder.name.split("-")[0]).numbers
            found[numbers[:2]] = folder
    if not found:
        help = "install hubops with its packages again"
        raise GeneratorError("the schemas of kubernetes-validate are not here", help)
    return found


@cache
def _loaded(numbers: tuple[int, int]) -> Kubernetes:
    definitions = json.loads((_folders()[numbers] / "_definitions.json").read_bytes())
    address = definitions["$id"]
    registry: Any = Resource.from_contents(definitions) @ Registry()
    return Kubernetes(
        version=Version.parse(f"{numbers[0]}.{numbers[1]}"),
        kinds=dict(_kinds(definitions["$defs"])),
        registry=registry,
        address=address,
    )


def _kinds(definitions: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """The kinds that are objects: their definition has metadata of its own."""
    for name, definition in definitions.items():
        told = definition.get("x-kubernetes-group-version-kind", ())
        if "metadata" in definition.get("properties", {}) and len(told) == 1:
            yield (told[0]["group"], told[0]["version"], told[0]["kind"]), name


@cache
def _validator(numbers: tuple[int, int], kind: Kind) -> Validator:
    kubernetes = _loaded(numbers)
    schema = {"$ref": f"{kubernetes.address}#/$defs/{kubernetes.kinds[kind]}"}
    return Draft202012Validator(schema, registry=kubernetes.registry)


def complaints(kubernetes: Kubernetes, kind: Kind, resource: Mapping[str, Any]) -> list[Complaint]:
    """What the closed schema of one of the release's kinds says against an object."""
    return _complaints(_validator(kubernetes.version.numbers[:2], kind), resource)


@cache
def own_kind(kind: str) -> Validator:
    """The project's own closed schema of a custom kind that it writes."""
    return Draft202012Validator(resources.object_schema(kind))


def own_complaints(kind: str, resource: Mapping[str, Any]) -> list[Complaint]:
    """What the closed schema of a kind of `resources.OBJECT_KINDS` says against an object."""
    return _complaints(own_kind(kind), resource)


def custom(schema: Mapping[str, Any]) -> Validator:
    """The closed schema of a custom kind, from the `openAPIV3Schema` of its definition."""
    closed = _closed(schema)
    known: dict[str, Any] = {"apiVersion": {}, "kind": {}, "metadata": {}}
    properties = closed.get("properties")
    closed["properties"] = {**(properties if isinstance(properties, dict) else {}), **known}
    return Draft202012Validator(closed)


def custom_complaints(validator: Validator, resource: Mapping[str, Any]) -> list[Complaint]:
    """What the schema of a custom kind says against an object."""
    try:
        return _complaints(validator, resource)
    except (
        UnknownType,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        re.error,
    ):
        # The definition is no schema; Kubernetes' own schema of definitions has said so.
        return []


def _closed(schema: Any) -> Any:
    """A structural schema as JSON Schema, in which a field that would be dropped is an error."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items() if key in _STRUCTURE}
    for key in ("properties", "patternProperties"):
        if isinstance(schema.get(key), dict):
            closed[key] = {name: _closed(value) for name, value in schema[key].items()}
    closed |= {key: schema[key] for key in _PLAIN if key in schema}
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    elif schema.get("nullable") and isinstance(schema.get("type"), str):
        closed["type"] = [schema["type"], "null"]
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if "properties" in schema and not is_open:
        closed["additionalProperties"] = False
    return closed


_STRUCTURE = frozenset(("items", "allOf", "anyOf", "oneOf", "not", "additionalProperties"))
_PLAIN = (
    *("type", "enum", "required", "pattern", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems", "multipleOf"),
)


def _complaints(validator: Validator, resource: Mapping[str, Any]) -> list[Complaint]:
    """Each mistake at its innermost place; the values themselves are never repeated."""
    return [_complaint(error) for error in validator.iter_errors(dict(resource))]


def _complaint(error: ValidationError) -> Complaint:
    innermost = best_match([error]) or error
    words = _WORDS.get(str(innermost.validator), "does not fit the schema")
    return Complaint(path=tuple(innermost.absolute_path), message=_said(innermost, words))


_WORDS = {
    "type": "is not {0}",
    "enum": "is not one of {0}",
    "required": "lacks a required field",
    "pattern": "does not match {0}",
    "minimum": "is below {0}",
    "maximum": "is above {0}",
}


def _said(error: ValidationError, words: str) -> str:
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        unknown = [str(key) for key in error.instance if key not in known]
        return f"has no field {', '.join(repr(key) for key in unknown[:5])}"
    if error.validator == "required" and isinstance(error.instance, dict):
        wanted: Any = error.validator_value
        missing = [key for key in wanted if key not in error.instance]
        return f"lacks {', '.join(repr(str(key)) for key in missing)}"
    value = error.validator_value
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words.format(told[:80])
