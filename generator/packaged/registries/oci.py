"""An OCI registry: a chart is a manifest with one layer, named by its digest.

https://github.com/opencontainers/distribution-spec and https://helm.sh/docs/topics/registries/
"""

import hashlib
import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from generator.diagnostics import GeneratorError
from generator.packaged.archive import MAX_PACKED
from generator.packaged.lock import Pin
from generator.packaged.registries.base import Fetched, Told
from generator.packaged.registries.http import Answer, Courtesy, get

LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_MAX_MANIFEST = 4 * 2**20
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1)(:\d+)?", re.ASCII)


def fetch(pin: Pin, courtesy: Courtesy, told: Told) -> Fetched:
    """The chart's layer; its digest is checked, for it is its name."""
    host, _, path = pin.repository.removeprefix("oci://").strip("/").partition("/")
    name = "/".join(part for part in (path, pin.name) if part)
    scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
    place = _Place(f"{scheme}://{host}/v2/{name}", courtesy)
    # A tag has no `+`: Helm writes `_`.
    manifest = place.manifest(pin.version.replace("+", "_"))
    digest = _layer(manifest, place.address)
    answer = place.get(f"/blobs/{digest}", MAX_PACKED, told, f"{pin.name} {pin.version}")
    sha256 = digest.removeprefix("sha256:")
    if hashlib.sha256(answer.content).hexdigest() != sha256:
        raise GeneratorError(
            f"{place.address}/blobs/{digest}: the content has another digest",
            "a proxy or a mirror changes what it passes on",
        )
    return Fetched(content=answer.content, address=f"{place.address}@{digest}", told_sha256=sha256)


class _Place:
    """One repository of a registry, and the token that it asked for."""

    def __init__(self, address: str, courtesy: Courtesy) -> None:
        self.address, self.courtesy, self.authorization = address, courtesy, ""

    def manifest(self, tag: str) -> Mapping[str, Any]:
        url = f"/manifests/{urllib.parse.quote(tag)}"
        answer = self.get(url, _MAX_MANIFEST, Told(say=lambda text: None), "", _MANIFEST)
        return _json(answer, self.address)

    def get(self, path: str, most: int, told: Told, what: str, accept: str = "*/*") -> Answer:
        """The answer to a request, asked for once more with a token where the first wants one."""
        for _ in range(2):
            answer = get(
                self.address + path,
                self.courtesy,
                most=most,
                headers={"Accept": accept},
                authorization=self.authorization,
                progress=told.about(what),
            )
            if answer.status == 200:
                return answer
            self.authorization = f"Bearer {self._token(answer)}"
        raise self._private()

    def _token(self, answer: Answer) -> str:
        """A token for anybody, from where the registry's challenge says."""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        challenge = headers.get("www-authenticate", "")
        told = dict(_CHALLENGE.findall(challenge))
        if not challenge.lower().startswith("bearer ") or "realm" not in told:
            raise self._private()
        query = {key: told[key] for key in ("service", "scope") if key in told}
        url = f"{told['realm']}?{urllib.parse.urlencode(query)}"
        answer = get(url, self.courtesy, most=_MAX_MANIFEST)
        found = _json(answer, told["realm"]) if answer.status == 200 else {}
        token = found.get("token") or found.get("access_token")
        if not isinstance(token, str):
            raise self._private()
        return token

    def _private(self) -> GeneratorError:
        help = "hubops has no credentials: carry the chart in by hand, 'hubops charts add FILE.tgz'"
        return GeneratorError(f"{self.address}: the registry wants a login", help)


def _json(answer: Answer, address: str) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise GeneratorError(f"{address}: the registry's answer is no JSON", "")
    return found


def _layer(manifest: Mapping[str, Any], address: str) -> str:
    layers = manifest.get("layers")
    for layer in layers if isinstance(layers, list) else ():
        if isinstance(layer, dict) and layer.get("mediaType") == LAYER:
            digest = layer.get("digest")
            if isinstance(digest, str) and re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
                return digest
    raise GeneratorError(f"{address}: no Helm chart there", "look at 'repository' and 'version'")
