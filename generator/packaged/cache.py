"""The packaged charts in the cache: what rules read of them. Downloads nothing.

A chart is `<name>-<version>.tgz` in `$HUBOPS_CACHE`, or in `.cache/charts` beside site.yaml.
"""

import io
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.lint.rules.base import PackagedChart
from generator.site.model import Site
from generator.yaml.read import read

# Bytes of one file and of a whole package, unpacked; the known charts have a fiftieth of these.
_MAX_FILE = 2 * 1024 * 1024
_MAX_PACKAGE = 32 * 1024 * 1024
# A schema that says part of what it means elsewhere; nothing is fetched for it.
_ELSEWHERE = re.compile(rb'"\$ref"\s*:\s*"(?!#)')


def cache_folder(root: Path) -> Path:
    """Where packaged charts are kept for the site in a folder."""
    given = os.environ.get("HUBOPS_CACHE")
    return Path(given) if given else root / ".cache" / "charts"


def at_hand(root: Path, site: Site) -> Mapping[tuple[str, str], PackagedChart]:
    """Of the charts that a site pins, those in the cache that carry a schema of their values."""
    folder = cache_folder(root)
    pins = {
        (pin.name, pin.text)
        for settings in (site.shared, *(settings for settings, _ in site.variants()))
        for pin in settings.charts.values()
        if pin.version is not None
    }
    found = {pin: _packaged(folder / f"{pin[0]}-{pin[1]}.tgz", pin[0]) for pin in sorted(pins)}
    return {pin: chart for pin, chart in found.items() if chart is not None}


def defaults(root: Path, name: str, version: str) -> Mapping[str, Any] | None:
    """The default values of a chart that is in the cache; None where it is not."""
    found = _packaged(cache_folder(root) / f"{name}-{version}.tgz", name)
    return found.defaults if found is not None else None


def _packaged(path: Path, name: str) -> PackagedChart | None:
    """What stands in one package; None where it lacks a part, or is no package at all."""
    try:
        if not path.is_file():
            return None
    except OSError:
        return None
    import tarfile  # 10 ms to load these, and most often no chart is at hand
    import zlib

    schema, defaults = f"{name}/values.schema.json", f"{name}/values.yaml"
    try:
        found = dict(_files(path, {schema, defaults}))
        return PackagedChart(
            schema=_schema(found[schema]), defaults=_defaults(found[defaults], path.name)
        )
    except (OSError, EOFError, tarfile.TarError, zlib.error, KeyError, ValueError, RecursionError):
        return None


def _files(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The plain files of these names; ValueError when more is packed than any chart has."""
    import gzip
    import tarfile

    with gzip.open(path) as packed:
        unpacked = packed.read(_MAX_PACKAGE + 1)
    if len(unpacked) > _MAX_PACKAGE:
        raise ValueError("too large")
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as package:
        for member in package:
            if member.isreg() and member.name in names and member.size <= _MAX_FILE:
                file = package.extractfile(member)
                if file is not None:
                    yield member.name, file.read()


def _schema(content: bytes) -> Mapping[str, Any]:
    if _ELSEWHERE.search(content):
        raise ValueError("refers to what is not here")
    return _map(json.loads(content))


def _defaults(content: bytes, file: str) -> Mapping[str, Any]:
    document = read(content, file)
    if document.report.has_errors:
        raise ValueError("not read as a whole")
    return _map(document.data)


def _map(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("no map")
    return found
