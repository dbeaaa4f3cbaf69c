"""The packaged charts in the cache: what rules read of them. Downloads nothing.

A chart is `<name>-<version>.tgz` in `$HUBOPS_CACHE`, or in `.cache/charts` beside site.yaml.
"""

import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.model import Site
from generator.rules.base import PackagedChart
from generator.yaml_read import read

# Bytes; the largest of the known charts' schemas has a quarter of this.
_MAX_FILE = 2 * 1024 * 1024


def cache_folder(root: Path) -> Path:
    """Where packaged charts are kept for the site in a folder."""
    given = os.environ.get("HUBOPS_CACHE")
    return Path(given) if given else root / ".cache" / "charts"


def at_hand(root: Path, site: Site) -> Mapping[tuple[str, str], PackagedChart]:
    """Of the charts that a site pins, those in the cache that carry a schema of their values."""
    folder = cache_folder(root)
    if not folder.is_dir():
        return {}
    pins = {
        (pin.name, pin.text)
        for settings in (site.shared, *(settings for settings, _ in site.variants()))
        for pin in settings.charts.values()
        if pin.version is not None
    }
    found = {pin: _packaged(folder / f"{pin[0]}-{pin[1]}.tgz", pin[0]) for pin in sorted(pins)}
    return {pin: chart for pin, chart in found.items() if chart is not None}


def _packaged(path: Path, name: str) -> PackagedChart | None:
    """What stands in one package; None where it lacks a part, or is no package at all."""
    try:
        with tarfile.open(path, "r:gz") as package:
            schema = _map(json.loads(_content(package, f"{name}/values.schema.json")))
            defaults = _map(read(_content(package, f"{name}/values.yaml"), path.name).data)
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError, RecursionError):
        return None
    return PackagedChart(schema=schema, defaults=defaults)


def _content(package: tarfile.TarFile, member: str) -> bytes:
    file = package.extractfile(member)
    if file is None:
        raise KeyError(member)
    return file.read(_MAX_FILE)


def _map(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("no map")
    return found
