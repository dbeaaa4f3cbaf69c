"""A packaged chart (.tgz): what it says of itself, read without unpacking it to disk.

An archive comes from the network: sizes are bounded, and one that holds a link, a device or a path
that leads out of it is refused.
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from generator.diagnostics import GeneratorError
from generator.records import record
from generator.yaml.stream import Unreadable, read

# Bytes: packed, unpacked, and Chart.yaml alone. The largest release of a chart here has 50 KB.
MAX_PACKED = 32 * 2**20
MAX_UNPACKED = 128 * 2**20
_MAX_CHART_YAML = 2**20
_MAX_MEMBERS = 10_000


@record
class Archive:
    """A packaged chart and what its Chart.yaml says; empty texts where it says nothing."""

    content: bytes
    sha256: str
    name: str
    version: str
    app_version: str
    kube_version: str


def opened(content: bytes, called: str) -> Archive:
    """The archive of these bytes; GeneratorError, which names it as `called`, when it is none."""
    chart = _chart_yaml(content, called)
    texts = {key: _text(chart.get(key)) for key in ("name", "version", "appVersion", "kubeVersion")}
    if not texts["name"] or not texts["version"]:
        raise _refused(called, "its Chart.yaml names no chart and version")
    return Archive(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        name=texts["name"],
        version=texts["version"],
        app_version=texts["appVersion"],
        kube_version=texts["kubeVersion"],
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _chart_yaml(content: bytes, called: str) -> dict[str, Any]:
    if len(content) > MAX_PACKED:
        raise _refused(called, f"more than {MAX_PACKED:,} bytes")
    text = None
    try:
        for path, found in _members(content, called):
            if found is not None and len(path.parts) == 2 and path.name == "Chart.yaml":
                text = found.decode("utf-8", "strict") if text is None else text
        chart = read(text) if text is not None else None
    except (tarfile.TarError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _refused(called, f"no whole .tgz archive ({error})") from None
    except Unreadable as error:
        raise _refused(called, f"its Chart.yaml is no YAML: {error}") from None
    if not isinstance(chart, dict):
        raise _refused(called, "no Chart.yaml in its top folder")
    return chart


def _members(content: bytes, called: str) -> Iterator[tuple[PurePosixPath, bytes | None]]:
    """Each file's path in the archive; the content of a Chart.yaml alone."""
    stream = _Bounded(content)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for count, member in enumerate(archive):
            path = PurePosixPath(member.name)
            if count >= _MAX_MEMBERS:
                raise _refused(called, f"more than {_MAX_MEMBERS:,} files")
            if path.is_absolute() or ".." in path.parts or "\\" in member.name:
                raise _refused(called, "a path in it leads out of the chart")
            if not member.isreg() and not member.isdir():
                raise _refused(called, "it holds a link or a device")
            is_chart = path.name == "Chart.yaml" and member.isreg()
            taken = archive.extractfile(member) if is_chart else None
            yield path, taken.read(_MAX_CHART_YAML) if taken is not None else None


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a gzip file, up to a limit."""

    def __init__(self, content: bytes) -> None:
        self._file = gzip.GzipFile(fileobj=io.BytesIO(content))
        self._left = MAX_UNPACKED

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size if 0 <= size <= 2**20 else 2**20)
        self._left -= len(chunk)
        if self._left < 0:
            raise tarfile.TarError(f"more than {MAX_UNPACKED:,} bytes when unpacked")
        return chunk


def _refused(called: str, why: str) -> GeneratorError:
    return GeneratorError(
        f"{called}: no packaged chart: {why}", "a chart is what 'helm package' makes"
    )
