"""The schemas of Kubernetes' own kinds, from kubernetes-validate; each version is read once."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import UnknownType, ValidationError, best_match
from jsonschema.protocols import Validator
from referencing import Registry, Resource

from generator.diagnostics import GeneratorError, Pointer
from generator.io import resources
from generator.proof.route_schema import HTTP_ROUTE
from generator.records import record
from generator.versions import Version

# Group, version, kind.
Kind = tuple[str, str, str]
ClosedSchema = Validator
# What a schema says against an object: where in it, and in short what.
Complaint = tuple[Pointer, str]


@record
class Kubernetes:
    """The kinds of one Kubernetes release; `version` is the one whose schemas are used."""

    version: Version
    kinds: Mapping[Kind, str]
    registry: Any
    address: str

    def validator(self, kind: Kind) -> ClosedSchema:
        """The closed schema of one of these kinds."""
        schema = {"$ref": f"{self.address}#/$defs/{self.kinds[kind]}"}
        return Draft202012Validator(schema, registry=self.registry)

    @property
    def groups(self) -> frozenset[str]:
        """The API groups that are Kubernetes' own."""
        return frozenset(group for group, _, _ in self.kinds)

    @property
    def apis(self) -> tuple[str, ...]:
        """What a cluster of this release serves by default, as Helm's `--api-versions` wants it.

        Stable versions only: since 1.24 new betas are off by default.
        """
        served = {
            (f"{group}/{version}".lstrip("/"), kind)
            for group, version, kind in self.kinds
            if "alpha" not in version and "beta" not in version and not kind.endswith("List")
        }
        names = {name for name, _ in served}
        return tuple(sorted(names | {f"{name}/{kind}" for name, kind in served}))


def of(version: Version) -> Kubernetes:
    """The kinds of a Kubernetes release, or of the nearest one that schemas are there for."""
    known = sorted(_folders())
    return _loaded(max((one for one in known if one <= version.numbers[:2]), default=known[0]))


@cache
def _folders() -> dict[tuple[int, int], Path]:
    """The folder of closed schemas of each release, found without importing the package."""
    spec = find_spec("kubernetes_validate")
    folders = {
        Version.parse(folder.name.split("-")[0]).numbers[:2]: folder
        for place in (spec.submodule_search_locations or () if spec is not None else ())
        for folder in (Path(place) / "kubernetes-json-schema").glob("v*-local-strict")
    }
    if not folders:
        help = "install hubops with its packages again"
        raise GeneratorError("the schemas of kubernetes-validate are missing", help)
    return folders


@cache
def _loaded(numbers: tuple[int, int]) -> Kubernetes:
    """A release's schemas; its objects are the definitions that have metadata."""
    definitions = json.loads((_folders()[numbers] / "_definitions.json").read_bytes())
    kinds: dict[Kind, str] = {}
    for name, definition in definitions["$defs"].items():
        versions = definition.get("x-kubernetes-group-version-kind", ())
        if "metadata" in definition.get("properties", {}) and len(versions) == 1:
            kinds[versions[0]["group"], versions[0]["version"], versions[0]["kind"]] = name
    return Kubernetes(
        version=Version.parse(f"{numbers[0]}.{numbers[1]}"),
        kinds=kinds,
        registry=Resource.from_contents(definitions) @ Registry(),
        address=definitions["$id"],
    )


def own(kind: str) -> ClosedSchema:
    """The project's own closed schema of a custom kind of `resources.OBJECT_KINDS`."""
    return Draft202012Validator(resources.object_schema(kind))


_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
# The definition that the sealed-secrets controller brings, for what `kubeseal` prints
# (helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml).
SEALED_SECRET: Mapping[str, Any] = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {
            "type": "object",
            "required": ["encryptedData"],
            "properties": {
                "data": {"type": "string"},
                "encryptedData": _TEXTS,
                "template": {
                    "type": "object",
                    "properties": {
                        "data": {**_TEXTS, "nullable": True},
                        "immutable": {"type": "boolean"},
                        "metadata": {
                            "type": "object",
                            "nullable": True,
                            "properties": {
                                "annotations": _TEXTS,
                                "finalizers": {"type": "array", "items": {"type": "string"}},
                                "labels": _TEXTS,
                                "name": {"type": "string"},
                                "namespace": {"type": "string"},
                            },
                            "x-kubernetes-preserve-unknown-fields": True,
                        },
                        "type": {"type": "string"},
                    },
                },
            },
        },
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    },
}


# Kinds that charts write and the cluster must define, by the schema of their definition.
KNOWN: Mapping[Kind, Mapping[str, Any]] = {
    ("gateway.networking.k8s.io", "v1", "HTTPRoute"): HTTP_ROUTE,
}


def custom(schema: Mapping[str, Any]) -> ClosedSchema:
    """The closed schema of a custom kind, from the `openAPIV3Schema` of its definition."""
    closed = _closed(schema)
    known: dict[str, Any] = {"apiVersion": {}, "kind": {}, "metadata": {}}
    properties = closed.get("properties")
    closed["properties"] = {**(properties if isinstance(properties, dict) else {}), **known}
    return Draft202012Validator(closed)


_STRUCTURE = frozenset(("items", "allOf", "anyOf", "oneOf", "not", "additionalProperties"))
_PLAIN = (
    *("type", "enum", "required", "pattern", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems", "multipleOf"),
)


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


def complaints(validator: ClosedSchema, resource: Mapping[str, Any]) -> list[Complaint]:
    """Each mistake at its innermost place; the values themselves are never repeated."""
    try:
        mistakes = [best_match([error]) or error for error in validator.iter_errors(dict(resource))]
    except _NO_SCHEMA:
        return []
    return [(tuple(one.absolute_path), _said(one)) for one in mistakes]


# A rendered definition may hold no schema: Kubernetes' own schema of definitions says so.
_NO_SCHEMA = (
    *(UnknownType, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, re.error),
)
_WORDS = {
    "type": "is not {0}",
    "enum": "is not one of {0}",
    "pattern": "does not match {0}",
    "minimum": "is below {0}",
    "maximum": "is above {0}",
}


def _said(error: ValidationError) -> str:
    instance, value, schema = error.instance, error.validator_value, error.schema
    if error.validator == "additionalProperties" and isinstance(instance, dict):
        known = schema.get("properties", {}) if isinstance(schema, dict) else {}
        unknown = [repr(str(key)) for key in instance if key not in known]
        return f"has no field {', '.join(unknown[:5])}"
    if error.validator == "required" and isinstance(instance, dict):
        wanted: Any = value
        return f"lacks {', '.join(repr(str(key)) for key in wanted if key not in instance)}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _WORDS.get(str(error.validator), "does not fit the schema").format(text[:80])
