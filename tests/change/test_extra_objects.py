"""What `extra/` no longer describes is deleted, and told as the object that it is (E010)."""

from typing import Any

import pytest
import yaml

from generator.build.repository import Inputs
from generator.change.review import review
from generator.change.sides import Side
from generator.lint.consequences import Weight
from tests.support.sites import protocoast_with

SITE = protocoast_with({"environments": {"staging": None}})


def one(kind: str, name: str, **annotations: str) -> dict[str, Any]:
    metadata = {"name": name} | ({"annotations": annotations} if annotations else {})
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def side(**files: list[dict[str, Any]]) -> Side:
    named = {
        f"{name}.yaml": yaml.safe_dump_all(objects).encode() for name, objects in files.items()
    }
    entry = yaml.safe_dump({"resources": list(named)}).encode()
    found = {"kustomization.yaml": entry, **named} if files else {}
    return Side(site=SITE, inputs=Inputs(extras={"production": found}))


def told(before: Side, after: Side) -> list[tuple[Weight, str]]:
    chapters = review(before, after, lambda place, app, change: "").environments
    found = [one for chapter in chapters for one in chapter.consequences if one.code == "E010"]
    return [(one.weight, one.sentence) for one in found]


MOTD, OTHER = one("ConfigMap", "motd"), one("ConfigMap", "other")
CLAIM = one("PersistentVolumeClaim", "shared")
KEPT = one(
    "PersistentVolumeClaim",
    "shared",
    **{"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
)
GONE = "Argo CD deletes ConfigMap 'motd' of extra/a.yaml"
CASES = {
    "a file goes": (side(a=[MOTD], b=[OTHER]), side(b=[OTHER]), [(Weight.NOTE, GONE)]),
    "the folder goes": (side(a=[MOTD]), side(), [(Weight.NOTE, GONE)]),
    "an object goes, its file stays": (
        side(a=[MOTD, OTHER]),
        side(a=[OTHER]),
        [(Weight.NOTE, GONE)],
    ),
    "a file is renamed": (side(a=[MOTD]), side(b=[MOTD]), []),
    "a claim goes": (
        side(a=[CLAIM]),
        side(),
        [
            (
                Weight.DATA,
                "Argo CD deletes PersistentVolumeClaim 'shared' of extra/a.yaml, and its volume",
            )
        ],
    ),
    "a claim that may not be pruned goes": (
        side(a=[KEPT]),
        side(),
        [
            (
                Weight.NOTE,
                "PersistentVolumeClaim 'shared' of extra/a.yaml stays in the cluster",
            )
        ],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_an_object_that_goes(before: Side, after: Side, expected: list[tuple[Weight, str]]) -> None:
    assert told(before, after) == expected
