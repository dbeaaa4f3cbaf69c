"""charts.lock: which packaged chart each pin of site.yaml means, by its SHA-256. Pure.

`hubops charts`, `bump` and `promote` write it; `generate` and `check` never do.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.diagnostics import GeneratorError
from generator.records import record
from generator.yaml.read import read
from generator.yaml.write import emit

NAME = "charts.lock"
HEADER = "# Written by 'hubops charts': the charts that site.yaml pins, by digest. Do not edit.\n"

_DIGEST = r"[0-9a-f]{64}"
_TEXTS = ("name", "repository", "version", "sha256")


@record(order=True)
class PinnedChart:
    """One chart at one version from one repository, as site.yaml writes them."""

    name: str
    repository: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} of {self.repository}"


@record
class LockEntry:
    """A chart as it was when it was first fetched; empty texts where Chart.yaml says nothing."""

    pin: PinnedChart
    app_version: str
    kube_version: str
    sha256: str
    size: int


Lock = Mapping[PinnedChart, LockEntry]


def parse(content: bytes, file: str = NAME) -> Lock:
    """The lock that a file holds; GeneratorError when it is not a lock."""
    document = read(content, file)
    if document.report.has_errors:
        first = document.report.diagnostics[0]
        raise _malformed(f"{file}:{first.at.line}:{first.at.column}: {first.message}")
    listed = document.data.get("charts") if isinstance(document.data, dict) else None
    if not isinstance(listed, list):
        raise _malformed(f"{file}: no list 'charts'")
    entries = (_entry(entry, f"{file}: entry {place}") for place, entry in enumerate(listed, 1))
    return {entry.pin: entry for entry in entries}


def _entry(entry: Any, where: str) -> LockEntry:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _TEXTS):
        raise _malformed(f"{where} lacks one of {', '.join(_TEXTS)}")
    if not re.fullmatch(_DIGEST, entry["sha256"]):
        raise _malformed(f"{where}: 'sha256' is not a SHA-256")
    size = entry.get("size")
    return LockEntry(
        pin=PinnedChart(**{key: entry[key] for key in ("name", "repository", "version")}),
        app_version=str(entry.get("appVersion", "")),
        kube_version=str(entry.get("kubeVersion", "")),
        sha256=entry["sha256"],
        size=size if isinstance(size, int) else 0,
    )


def _malformed(message: str) -> GeneratorError:
    help = "restore it with 'git checkout', or delete it and run 'hubops charts fetch'"
    return GeneratorError(message, help)


def emitted(entries: Iterable[LockEntry]) -> bytes:
    """The file's content, its charts by name, repository and version."""
    charts = [
        {"name": entry.pin.name, "repository": entry.pin.repository, "version": entry.pin.version}
        | ({"appVersion": entry.app_version} if entry.app_version else {})
        | ({"kubeVersion": entry.kube_version} if entry.kube_version else {})
        | {"sha256": entry.sha256, "size": entry.size}
        for entry in sorted(entries, key=lambda entry: entry.pin)
    ]
    return (HEADER + emit({"charts": charts})).encode()
