"""What others say of the same things: real charts, schemas of custom resources, a health check.

No test needs them. A comparison with one that is not here is not collected:

- `make charts` fetches the charts that site.yaml pins into `.cache/charts`.
- FACTS names a folder with recorded facts, from the repository's root. It holds
  `charts/<chart>-<version>.values.json` and `.values.schema.json`, `schemas/` and `facts/`.
"""

import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from generator.lint.rules.base import PackagedChart
from tests.support.charts import packed
from tests.support.releases import read
from tests.support.sites import ROOT

CACHE = ROOT / ".cache" / "charts"

Pin = tuple[str, str]


def folder() -> Path | None:
    """The folder that FACTS names, None without it. A name that leads nowhere is an error."""
    given = os.environ.get("FACTS")
    if not given:
        return None
    if not (ROOT / given).is_dir():
        raise pytest.UsageError(f"FACTS names '{given}', and there is no such folder")
    return ROOT / given


def path(*parts: str) -> Path:
    """A recorded fact. The test is marked `recorded` with the same parts."""
    root = folder()
    assert root is not None
    return root.joinpath(*parts)


def recorded(*parts: str) -> pytest.MarkDecorator:
    """Marks a comparison with a recorded fact."""
    return pytest.mark.comparison(folder() is not None and path(*parts).exists())


def charts(*pins: Pin) -> pytest.MarkDecorator:
    """Marks a comparison with real charts."""
    return pytest.mark.comparison(_places().keys() >= set(pins))


def versions(name: str) -> list[str]:
    """The versions of a real chart that are here."""
    return sorted(version for chart, version in _places() if chart == name)


@cache
def chart(name: str, version: str) -> PackagedChart:
    """The schema and the default values of a real chart."""
    place = _places()[name, version]
    if place.suffix == ".json":
        schema = place.with_name(place.name.replace(".values.", ".values.schema."))
        return PackagedChart(
            schema=json.loads(schema.read_text()), defaults=json.loads(place.read_text())
        )
    return PackagedChart(
        schema=json.loads(_packed(place, "values.schema.json")),
        defaults=read(_packed(place, "values.yaml")),
    )


def whole(name: str) -> list[str]:
    """The versions of a real chart that are here with all their files."""
    found = ((chart, version) for (chart, version), path in _fetched() if _is_whole(path))
    return sorted(version for chart, version in found if chart == name)


def file(name: str, version: str, path: str) -> str:
    """The text of one file of a real chart that is here whole."""
    with tarfile.open(dict(_fetched())[name, version]) as opened:
        content = opened.extractfile(f"{name}/{path}")
        assert content is not None
        return content.read().decode()


def _is_whole(archive: Path) -> bool:
    with tarfile.open(archive) as opened:
        return any("/templates/" in name for name in opened.getnames())


def pack(into: Path, *pins: Pin) -> None:
    """Packs real charts as an import and lint find them in a cache."""
    into.mkdir()
    for name, version in pins:
        real = chart(name, version)
        entries = {
            f"{name}/values.yaml": json.dumps(real.defaults).encode(),
            f"{name}/values.schema.json": json.dumps(real.schema).encode(),
        }
        (into / f"{name}-{version}.tgz").write_bytes(packed(entries))


@cache
def _places() -> Mapping[Pin, Path]:
    """Where each real chart is that is here."""
    root = folder()
    recorded = sorted(root.glob("charts/*.values.json")) if root is not None else []
    return {_recorded_pin(path): path for path in recorded} | dict(_fetched())


def _recorded_pin(path: Path) -> Pin:
    name, _, version = path.name.removesuffix(".values.json").rpartition("-")
    return name, version


def _fetched() -> Iterator[tuple[Pin, Path]]:
    for path in sorted(CACHE.glob("*.tgz")):
        stated = read(_packed(path, "Chart.yaml"))
        yield (stated["name"], stated["version"]), path


def _packed(archive: Path, name: str) -> bytes:
    """A file of the chart itself, not of a chart inside it."""
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.name.count("/") == 1 and member.name.endswith(f"/{name}"):
                content = opened.extractfile(member)
                assert content is not None
                return content.read()
    raise AssertionError(f"{archive} has no {name}")
