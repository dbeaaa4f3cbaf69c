"""What schema/site.schema.json holds for environments, made from what it holds for the site."""

from collections.abc import Iterable, Mapping
from typing import Any

Part = Mapping[str, Any]

# Of a list of these an environment may also change entries alone, by their slugs.
_PROFILE = {"$ref": "#/$defs/profile"}


def overridable(definitions: Iterable[tuple[str, Part]]) -> dict[str, Any]:
    """The definitions as an environment may write them: nothing required, null removes a key.

    schema/site.schema.json holds this result under the names ending in `Override`, for editors.
    """
    return {f"{name}Override": _relaxed(part) for name, part in definitions}


def _relaxed(part: Part) -> dict[str, Any]:
    relaxed = {
        key: value for key, value in part.items() if key not in ("required", "allOf", "default")
    }
    if "$ref" in relaxed:
        relaxed["$ref"] += "Override"
    if "type" in relaxed:
        kinds = relaxed["type"] if isinstance(relaxed["type"], list) else [relaxed["type"]]
        relaxed["type"] = [*kinds, "null"]
    if "enum" in relaxed:
        relaxed["enum"] = [*relaxed["enum"], None]
    if "properties" in relaxed:
        relaxed["properties"] = {
            name: _relaxed(child) for name, child in part["properties"].items()
        }
    if isinstance(relaxed.get("additionalProperties"), Mapping):
        relaxed["additionalProperties"] = _relaxed(part["additionalProperties"])
    if relaxed.get("items") == _PROFILE:
        relaxed["type"] = ["array", "object", "null"]
        relaxed["propertyNames"] = {"$ref": "#/$defs/name"}
        relaxed["additionalProperties"] = _relaxed(_PROFILE)
    return relaxed
