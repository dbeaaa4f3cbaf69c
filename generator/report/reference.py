"""The keys of site.yaml as Markdown, from its JSON Schema."""

from collections.abc import Mapping
from typing import Any


def site(schema: Mapping[str, Any]) -> str:
    """docs/site-reference.md: every key, what it takes, its default and an example."""
    raise NotImplementedError
