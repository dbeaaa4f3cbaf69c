"""The JSON schemas that are part of the package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def site_schema() -> dict[str, Any]:
    """The JSON Schema of site.yaml (draft 2020-12)."""
    text = files("generator").joinpath("schema", "site.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
