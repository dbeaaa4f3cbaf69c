"""A packaged chart (.tgz): what it says of itself, read without unpacking it to disk.

An archive comes from the network, so its sizes are bounded, and one with a link, a device or a path
that leads out of it is refused.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.diagnostics import GeneratorError
from generator.lint.rules.base import PackagedChart
from generator.packaged.lock import LockEntry, PinnedChart
from generator.yaml import read as site_yaml
from generator.yaml.stream import Unreadable, read

# Bytes: packed, unpacked, and each file that is read. The largest release of a chart here packs to
# 50 KB.
MAX_PACKED = 32 * 2**20
MAX_UNPACKED = 128 * 2**20
_MAX_FILE = 2 * 2**20
_MAX_MEMBERS = 10_000
_TEXTS = ("name", "version", "appVersion", "kubeVersion")
_BROKEN = (tarfile.TarError, OSError, EOFError, zlib.error)
# A schema that keeps a part of itself elsewhere; hubops fetches nothing for it.
_ELSEWHERE = re.compile(rb'"\$ref"\s*:\s*"(?!#)')


class _Unfit(Exception):
    """Why an archive is not a packaged chart."""


def opened(content: bytes, source: str) -> LockEntry:
    """What charts.lock would say of a packaged chart, but for its repository.

    GeneratorError, which names it by its source, when the bytes are not a packaged chart.
    """
    try:
        chart = _chart_yaml(content)
        texts = {key: "" if chart.get(key) is None else str(chart[key]) for key in _TEXTS}
        if not texts["name"] or not texts["version"]:
            raise _Unfit("its Chart.yaml names no chart and version")
        return LockEntry(
            pin=PinnedChart(name=texts["name"], repository="", version=texts["version"]),
            app_version=texts["appVersion"],
            kube_version=texts["kubeVersion"],
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
    except (*_BROKEN, UnicodeDecodeError) as error:
        why = f"not a complete .tgz archive ({error})"
    except Unreadable as error:
        why = f"its Chart.yaml is not valid YAML: {error}"
    except _Unfit as error:
        why = str(error)
    help = "'helm package' makes a packaged chart"
    raise GeneratorError(f"{source}: not a packaged chart: {why}", help)


def values(content: bytes, name: str) -> PackagedChart | None:
    """The schema and the default values of a chart; None where it lacks one or can't be read."""
    schema, defaults = f"{name}/values.schema.json", f"{name}/values.yaml"
    try:
        files = {member.name: text or b"" for member, text in _members(content, {schema, defaults})}
        if _ELSEWHERE.search(files[schema]):
            return None
        document = site_yaml.read(files[defaults], defaults)
        parts = json.loads(files[schema]), document.data
    except (*_BROKEN, KeyError, ValueError, RecursionError):
        return None
    if document.report.has_errors or not all(isinstance(part, dict) for part in parts):
        return None
    return PackagedChart(schema=parts[0], defaults=parts[1])


def _chart_yaml(content: bytes) -> Mapping[str, Any]:
    """The Chart.yaml in the top folder; each member is checked on the way."""
    if len(content) > MAX_PACKED:
        raise _Unfit(f"more than {MAX_PACKED:,} bytes")
    text = None
    for member, file in _members(content, {"Chart.yaml"}):
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or "\\" in member.name:
            raise _Unfit("a path in it leads out of the chart")
        if not member.isreg() and not member.isdir():
            raise _Unfit("it holds a link or a device")
        if file is not None and text is None and member.name.count("/") == 1:
            text = file.decode("utf-8")
    chart = read(text) if text is not None else None
    if not isinstance(chart, dict):
        raise _Unfit("no Chart.yaml in its top folder")
    return chart


def _members(content: bytes, wanted: set[str]) -> Iterator[tuple[tarfile.TarInfo, bytes | None]]:
    """Every member, with the content of the plain files that are wanted by path or by name."""
    unpacked = gzip.GzipFile(fileobj=io.BytesIO(content)).read(MAX_UNPACKED + 1)
    if len(unpacked) > MAX_UNPACKED:
        raise tarfile.TarError(f"more than {MAX_UNPACKED:,} bytes when unpacked")
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
        for count, member in enumerate(archive):
            if count >= _MAX_MEMBERS:
                raise tarfile.TarError(f"more than {_MAX_MEMBERS:,} files")
            names = {member.name, member.name.rpartition("/")[2]}
            is_wanted = member.isreg() and not wanted.isdisjoint(names)
            if is_wanted and member.size > _MAX_FILE:
                raise tarfile.TarError(f"{member.name} has more than {_MAX_FILE:,} bytes")
            file = archive.extractfile(member) if is_wanted else None
            yield member, file.read() if file is not None else None
