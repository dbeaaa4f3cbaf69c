"""The small chart of the tests: packed, served, and put into a site."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.merge import merge
from tests.support import copies
from tests.support.sites import ROOT

CHART = ROOT / "tests" / "support" / "chart"
VERSION = "4.4.0"
Entries = Mapping[str, bytes | tarfile.TarInfo]


def files(**changed: bytes) -> dict[str, bytes]:
    """The chart's files by their paths in the archive; some changed, by their file names."""
    found = {
        f"jupyterhub/{path.relative_to(CHART).as_posix()}": path.read_bytes()
        for path in sorted(CHART.rglob("*"))
        if path.is_file()
    }
    return {
        path: changed.get(path.rpartition("/")[2].partition(".")[0], c) for path, c in found.items()
    }


def packed(entries: Entries | None = None) -> bytes:
    """An archive of these entries, else the chart itself; always the same bytes."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path, content in (entries if entries is not None else files()).items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
            else:
                member = tarfile.TarInfo(path)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def pack(version: str = VERSION, name: str = "jupyterhub") -> bytes:
    """The chart under another name or version."""
    chart = (CHART / "Chart.yaml").read_text()
    chart = chart.replace("version: 4.4.0", f"version: {version}").replace("jupyterhub", name)
    return packed(files(Chart=chart.encode()))


def site(repository: str = "https://charts.example.org/", **changes: Any) -> dict[str, Any]:
    """The smallest site, with the small chart as its hub's."""
    raw = copies.one_hub()
    raw["charts"]["jupyterhub"] = {"version": VERSION, "repository": repository}
    raw["environments"]["production"]["requireSealed"] = False
    merged: dict[str, Any] = merge(raw, changes)
    return merged


def placed(root: Path, raw: Mapping[str, Any]) -> Path:
    """A folder with this site, generated; the path of its site.yaml."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "site.yaml").write_text(json.dumps(raw, indent=1))
    assert copies.generate(root).code == 0
    return root / "site.yaml"


def values(**greeting: Any) -> dict[str, Any]:
    """An override that gives the chart raw values."""
    return {"jupyterhub": {"values": {"greeting": greeting}}}
