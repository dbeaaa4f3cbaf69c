"""The files that are part of the package: JSON schemas, and templates of a new site."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.site.releases import Versions

# `importlib.resources` takes 8 ms to load, and the package is never read out of an archive.
_PACKAGE = Path(__file__).parents[1]

# The custom kinds that hubops writes; each has a closed schema.
OBJECT_KINDS = ("AppProject", "Application", "SealedSecret")


@cache
def site_schema() -> dict[str, Any]:
    """The JSON Schema of site.yaml (draft 2020-12)."""
    schema: dict[str, Any] = _json("schema", "site.schema.json")
    return schema


@cache
def object_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one of OBJECT_KINDS: exactly the fields that hubops may write."""
    schema: dict[str, Any] = _json("schema", f"{kind.lower()}.schema.json")
    return schema


@cache
def known_versions() -> Versions:
    """The chart releases that hubops knows."""
    # JSON, because YAML takes 3 ms to read, and every command needs the table.
    return Versions.of(_json("charts", "versions.json"))


def commit() -> str:
    """The commit that this program is of, short, with a `+` where it was changed since.

    A package carries it; a checkout is asked. Empty where neither can tell.
    """
    from generator.io import git

    packaged = _PACKAGE / "commit.txt"
    if packaged.is_file():
        name = packaged.read_text("utf-8").strip()
        return name[:10] + ("+" if name.endswith("+") else "")
    root = _PACKAGE.parent
    return git.committed(root, "HEAD")[0] if git.top(root) == root else ""


def text(*steps: str) -> str:
    """One text file of the package, by its steps from the package's folder."""
    return _PACKAGE.joinpath(*steps).read_text("utf-8")


def _json(*steps: str) -> Any:
    return json.loads(text(*steps))


def new_site_questions() -> tuple[dict[str, Any], ...]:
    """The questions about a new site, each as the fields of a SetupQuestion."""
    rows = _json("adopt", "new_site", "questions.json")
    return tuple({**row, "choices": tuple(row.get("choices", ()))} for row in rows)


def new_site_templates(names: Mapping[str, str]) -> dict[str, str]:
    """The templates of a new site's files; `names` are paths in the site -> names here."""
    return {path: text("adopt", "new_site", "templates", name) for path, name in names.items()}
