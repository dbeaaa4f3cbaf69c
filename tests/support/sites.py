"""Sites for tests: ProtoCoast's own, and any other from its text."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.io import resources
from generator.lint import load
from generator.merge import merge
from generator.site.model import Site

ROOT = Path(__file__).resolve().parents[2]
PROTOCOAST = ROOT / "site.yaml"


def load_text(text: str) -> load.Loaded:
    """What comes of a site's text, findings included."""
    return load.load(
        text.encode(), "site.yaml", resources.site_schema(), resources.known_versions()
    )


def site_of(text: str) -> Site:
    """The site of a text that must be free of errors."""
    loaded = load_text(text)
    assert loaded.site is not None, loaded.report
    return loaded.site


def protocoast() -> Site:
    """ProtoCoast's own site."""
    return site_of(PROTOCOAST.read_text())


def protocoast_with(overrides: Mapping[str, Any]) -> Site:
    """ProtoCoast with parts of its site.yaml overridden; null removes a key."""
    return site_of(json.dumps(merge(raw_protocoast(), overrides), ensure_ascii=False))


def raw_protocoast() -> dict[str, Any]:
    """ProtoCoast's site.yaml as data, to be changed."""
    raw: dict[str, Any] = json.loads(_protocoast_as_json())
    return raw


@cache
def _protocoast_as_json() -> str:
    """Read once: tests ask for it by the thousand, and JSON is read in no time."""
    return json.dumps(yaml.safe_load(PROTOCOAST.read_text()))
