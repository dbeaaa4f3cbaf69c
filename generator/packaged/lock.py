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

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TEXTS = ("name", "repository", "version", "sha256")


@record(order=True)
class Pin:
    """One chart at one version from one repository, as site.yaml writes them."""

    name: str
    repository: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} of {self.repository}"


@record
class Locked:
    """A pin with what was found when it was first fetched; empty where Chart.yaml says nothing."""

    pin: Pin
    app_version: str
    kube_version: str
    sha256: str
    size: int


Lock = Mapping[Pin, Locked]


def parse(content: bytes, file: str = NAME) -> Lock:
    """The lock that a file holds; GeneratorError when it is none."""
    document = read(content, file)
    if document.report.has_errors:
        found = document.report.diagnostics[0]
        raise _malformed(f"{file}:{found.at.line}:{found.at.column}: {found.message}")
    entries = document.data.get("charts") if isinstance(document.data, dict) else None
    if not isinstance(entries, list):
        raise _malformed(f"{file}: no list 'charts'")
    locked = [_entry(entry, f"{file}: entry {place}") for place, entry in enumerate(entries, 1)]
    return {entry.pin: entry for entry in locked}


def _entry(entry: Any, where: str) -> Locked:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _TEXTS):
        raise _malformed(f"{where} lacks one of {', '.join(_TEXTS)}")
    if not _DIGEST.fullmatch(entry["sha256"]):
        raise _malformed(f"{where}: 'sha256' is no SHA-256")
    size = entry.get("size")
    return Locked(
        pin=Pin(name=entry["name"], repository=entry["repository"], version=entry["version"]),
        app_version=str(entry.get("appVersion", "")),
        kube_version=str(entry.get("kubeVersion", "")),
        sha256=entry["sha256"],
        size=size if isinstance(size, int) else 0,
    )


def _malformed(message: str) -> GeneratorError:
    help = "restore it with 'git checkout', or delete it and run 'hubops charts fetch'"
    return GeneratorError(message, help)


def emitted(locked: Iterable[Locked]) -> bytes:
    """The file's content, its charts by name, repository and version."""
    entries = [_written(one) for one in sorted(locked, key=lambda one: one.pin)]
    return (HEADER + emit({"charts": entries})).encode()


def _written(locked: Locked) -> dict[str, str | int]:
    told = {
        "name": locked.pin.name,
        "repository": locked.pin.repository,
        "version": locked.pin.version,
        "appVersion": locked.app_version,
        "kubeVersion": locked.kube_version,
        "sha256": locked.sha256,
    }
    return {key: value for key, value in told.items() if value} | {"size": locked.size}
