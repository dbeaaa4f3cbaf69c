"""What every chart module offers to the builders."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from generator.records import record
from generator.site.model import ChartPin, Release, Settings
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

    def shared_values(self, settings: Settings) -> Values:
        """The values that follow from settings alone, equal in all clusters."""

    def placed_values(self, release: Release) -> Values:
        """The values that only an environment or its cluster knows."""

    def raw_values(self, settings: Settings) -> Mapping[str, Any]:
        """What site.yaml writes under `values`."""

    def restart_values(self, release: Release, values: Values, encrypted: Ciphertexts) -> Values:
        """Pod annotations that restart what reads a changed value or a changed secret once."""


def image_fields(image: str) -> Values:
    """An image as a chart's `name` and `tag`; of a digest the algorithm goes to the name.

    Charts print `name:tag`, so `repo@sha256` and the hex digits give `repo@sha256:<hex>`.
    """
    name, _, digest = image.partition("@sha256:")
    if digest:
        return {"name": f"{name}@sha256", "tag": digest}
    name, _, tag = image.rpartition(":")
    return {"name": name, "tag": tag, "pullPolicy": "Always"}


def fingerprint(content: object) -> str:
    """The SHA-256 of JSON-like data, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
