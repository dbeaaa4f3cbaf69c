"""What every chart module offers to the builders."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any, Protocol

from generator.fixed import Fixed, Written
from generator.records import fields, record
from generator.site.model import ChartPin, DaskGateway, Hub, Release, Settings
from generator.versions import Version, VersionRange

Values = dict[str, Any]
# What an environment's SealedSecrets hold: secret name -> key -> ciphertext.
Ciphertexts = Mapping[str, Mapping[str, str]]


@record
class Chart:
    """The facts of one Helm chart that hold for all its supported versions."""

    name: str
    repository: str
    supported: str

    def repository_of(self, pin: ChartPin) -> str:
        """The chart repository as Argo CD wants it: an OCI registry stands without its scheme.

        https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ (OCI registries)
        """
        return (pin.repository or self.repository).removeprefix("oci://")

    def supports(self, version: Version) -> bool:
        """Whether values can be made for this version."""
        return version in VersionRange.parse(self.supported)


class ChartModule(Protocol):
    """One file of this folder. Values = shared, then placed, then the site's raw values."""

    CHART: Chart
    # Where values come from: a path of keys -> the setting, `@environment` or `@cluster` for what
    # stands there; `*` is any key, `#` an index of both, `>` at the end the rest of the path. What
    # no path begins is hubops' own choice.
    ORIGINS: Mapping[str, str]

    def followed(self, settings: Settings) -> tuple[object, ...]:
        """All of the settings, beside pins, that shared values follow from."""

    def shared_values(self, settings: Settings) -> Values:
        """The values that follow from settings alone, equal in all clusters."""

    def placed_values(self, release: Release) -> Values:
        """The values that only an environment or its cluster knows."""

    def raw_values(self, settings: Settings) -> Mapping[str, Any]:
        """What site.yaml writes under `values`."""

    def restart_values(
        self, release: Release, values: Values | Written, encrypted: Ciphertexts
    ) -> Values:
        """Pod annotations that restart what reads a changed value or a changed secret once.

        The values, or their JSON: it goes into nothing but a fingerprint.
        """


def image_fields(image: str) -> Values:
    """An image as a chart's `name` and `tag`; of a digest the algorithm goes to the name.

    Charts print `name:tag`, so `repo@sha256` and the hex digits give `repo@sha256:<hex>`.
    """
    name, _, digest = image.partition("@sha256:")
    if digest:
        return {"name": f"{name}@sha256", "tag": digest}
    name, _, tag = image.rpartition(":")
    return {"name": name, "tag": tag, "pullPolicy": "Always"}


def parts_but(settings: Hub | DaskGateway | None, *left_out: str) -> tuple[object, ...]:
    """All that settings hold but for a few fields, for `followed`; new fields are in by default."""
    if settings is None:
        return ()
    kind: Any = type(settings)
    return tuple([getattr(settings, name) for name in _names_but(kind, left_out)])


@cache
def _names_but(kind: type[Any], left_out: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields(kind) if name not in left_out)


# One text as JSON.
json_text = encode_basestring_ascii
_PLAIN_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def fingerprint(content: object) -> str:
    """The SHA-256 of JSON-like data, whatever the order of its keys."""
    return hashlib.sha256(sorted_json(content).encode()).hexdigest()


def sorted_json(content: object) -> str:
    """JSON without spaces, keys in order; what is written of a fixed map is written once."""
    if type(content) is Fixed:
        text = content.written.get("json")
        if text is None:
            text = content.written["json"] = _json_map(content)
        return text
    if type(content) is dict:
        return _json_map(content)
    if type(content) is list:
        return f"[{','.join(map(sorted_json, content))}]"
    return content if type(content) is Written else _PLAIN_JSON.encode(content)


def _json_map(content: Mapping[Any, object]) -> str:
    try:
        parts = [
            f"{json_text(key)}:{json_text(part) if type(part) is str else sorted_json(part)}"
            for key, part in sorted(content.items())
        ]
    except TypeError:  # a key is no text
        return _PLAIN_JSON.encode(content)
    return f"{{{','.join(parts)}}}"
