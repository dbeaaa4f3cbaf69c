"""Sites for tests: ProtoCoast's own, and any other from its text."""

import json
from collections.abc import Mapping
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
    raw = merge(yaml.safe_load(PROTOCOAST.read_text()), overrides)
    return site_of(json.dumps(raw, ensure_ascii=False))
