"""Prints a list of hubops' own packages (SBOM, CycloneDX 1.6) from requirements/runtime.lock.

The lock is what a release is tested with; pip may install newer versions. The same lock and version
give the same bytes.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_PACKAGE = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def sbom(version: str, lock: str) -> dict[str, Any]:
    """The list for a version of hubops."""
    packages = [_component(name, number) for name, number in sorted(_PACKAGE.findall(lock))]
    hubops = {**_component("hubops", version), "type": "application"}
    edges = [{"ref": hubops["bom-ref"], "dependsOn": [one["bom-ref"] for one in packages]}]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**hubops, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": packages,
        "dependencies": [*edges, *({"ref": one["bom-ref"]} for one in packages)],
    }


def _component(name: str, version: str) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
    }


if __name__ == "__main__":
    lock = Path(__file__).with_name("runtime.lock").read_text("utf-8")
    json.dump(sbom(sys.argv[1], lock), sys.stdout, indent=2)
    print()  # noqa: T201
