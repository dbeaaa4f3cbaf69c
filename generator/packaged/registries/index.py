"""A chart repository: its index.yaml names the archive of each version, and most its digest."""

import urllib.parse
from typing import Any

from generator.diagnostics import GeneratorError
from generator.packaged.archive import MAX_PACKED
from generator.packaged.lock import Pin
from generator.packaged.registries.base import Fetched, Told
from generator.packaged.registries.http import Courtesy, get
from generator.suggest import nearest
from generator.yaml.stream import Unreadable, items

# Bytes. An index of 3,000 versions has 2 MB.
MAX_INDEX = 64 * 2**20


def fetch(pin: Pin, courtesy: Courtesy, told: Told) -> Fetched:
    """The archive that the repository's index names for the pin."""
    base = pin.repository.rstrip("/") + "/"
    address = base + "index.yaml"
    answer = get(address, courtesy, most=MAX_INDEX, progress=told.about(f"index of {base}"))
    if answer.status != 200:
        raise _private(address)
    entry = _entry(pin, answer.content, address)
    urls = [url for url in _list(entry.get("urls")) if isinstance(url, str)]
    if not urls:
        raise GeneratorError(f"{address}: no address for {pin.name} {pin.version}", "")
    archive = urllib.parse.urljoin(base, urls[0])
    packed = get(
        archive, courtesy, most=MAX_PACKED, progress=told.about(f"{pin.name} {pin.version}")
    )
    if packed.status != 200:
        raise _private(archive)
    digest = entry.get("digest")
    told_sha256 = digest.removeprefix("sha256:") if isinstance(digest, str) else ""
    return Fetched(content=packed.content, address=archive, told_sha256=told_sha256)


def _entry(pin: Pin, content: bytes, address: str) -> dict[str, Any]:
    """The index's entry of the pin's version; GeneratorError, with near ones, for no such."""
    versions: list[str] = []
    try:
        for entry in items(content.decode("utf-8"), "entries", pin.name):
            version = entry.get("version") if isinstance(entry, dict) else None
            if version == pin.version:
                return dict(entry)
            versions += [version] if isinstance(version, str) else []
    except (UnicodeDecodeError, Unreadable) as error:
        raise GeneratorError(f"{address}: no index of charts ({error})", "") from None
    if not versions:
        raise GeneratorError(f"{address}: no chart '{pin.name}' there", "look at 'repository'")
    near = nearest(pin.version, versions)
    newest = ", ".join(versions[:3])
    help = f"did you mean {near}? " if near else ""
    raise GeneratorError(
        f"{address}: no version {pin.version} of {pin.name}", f"{help}the newest are {newest}"
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _private(address: str) -> GeneratorError:
    help = "hubops has no credentials: carry the chart in by hand, 'hubops charts add FILE.tgz'"
    return GeneratorError(f"{address}: the server wants a login", help)
