"""What a real control plane said: a healthy cluster, and faults planted in it, one a file.

`tests/live/healthy.json` is a dump of doctor. `tests/live/faults/<name>.json` says what was
planted, the code that must come first, and how the dump then differed: merge patches of objects.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from generator.doctor import snapshot
from generator.doctor.examination import Examination, examined
from generator.doctor.look import Look
from generator.doctor.snapshot import Snapshot
from generator.merge import merge
from generator.site.model import Site
from tests.support.sites import ROOT, load_text

LIVE = ROOT / "tests" / "live"
FAULTS = sorted((LIVE / "faults").glob("*.json"))
LATER = datetime(2100, 1, 1, tzinfo=UTC)
Document = dict[str, Any]


@cache
def site_text() -> str:
    """The site of the recorded cluster."""
    return (LIVE / "site.yaml").read_text("utf-8")


@cache
def site(text: str = "") -> Site:
    """The same, or another text, as a Site."""
    found = load_text(text or site_text()).site
    assert found is not None
    return found


def healthy() -> Document:
    """The dump of the healthy cluster."""
    document: Document = json.loads((LIVE / "healthy.json").read_text("utf-8"))
    return document


def key(found: Mapping[str, Any]) -> str:
    """What tells an object from others: its kind, namespace and name."""
    metadata = found["metadata"]
    return f"{found['kind']}/{metadata.get('namespace', '')}/{metadata['name']}"


def planted(path: Path) -> tuple[Document, Document]:
    """A fault, and the dump with it."""
    fault: Document = json.loads(path.read_text("utf-8"))
    return fault, with_patch(healthy(), fault["patch"])


def with_patch(document: Document, patch: Mapping[str, Any]) -> Document:
    """The dump with other fields, and with objects that changed, came (whole) or went (null)."""
    for name, part in patch.items():
        if name not in ("argocd", "clusters"):
            document[name] = part
    sides = [(document["argocd"], patch.get("argocd", {}))]
    sides += [
        (document["clusters"][name], each) for name, each in patch.get("clusters", {}).items()
    ]
    for side, changes in sides:
        objects = {key(one): one for one in side["objects"]}
        for name, change in changes.items():
            if change is None:
                objects.pop(name, None)
            else:
                objects[name] = merge(objects.get(name, {}), change)
        side["objects"] = list(objects.values())
    return document


def seen(document: Document, name: str = "protocoast") -> Snapshot:
    """The snapshot of a dump."""
    return snapshot.loaded(json.dumps(document).encode(), "seen.json", name, LATER)


def judged(document: Document, text: str = "", **more: Any) -> Examination:
    """What doctor finds in a dump."""
    of = site(text)
    look = Look(site=of, snapshot=seen(document, of.name), environments=of.environments, **more)
    return examined(look)
