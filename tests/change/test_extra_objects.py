"""What `extra/` no longer describes is deleted (E010); what comes and changes there (E032)."""

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


def told(before: Side, after: Side, code: str = "E010") -> list[tuple[Weight, str]]:
    chapters = review(before, after, lambda place, app, change: "").environments
    found = [one for chapter in chapters for one in chapter.consequences if one.code == code]
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


def spec(kind: str, **fields: Any) -> dict[str, Any]:
    return one(kind, "x") | {"spec": fields}


def claim(size: str, **fields: Any) -> dict[str, Any]:
    return spec("PersistentVolumeClaim", resources={"requests": {"storage": size}}, **fields)


def workload(label: str, image: str = "a:1") -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": label}}, "spec": {"containers": [{"image": image}]}}
    return spec("Deployment", selector={"matchLabels": {"app": label}}, template=template)


BINDING = one("RoleBinding", "x") | {"roleRef": {"kind": "Role", "name": "view"}}
REFUSED = "the namespace's sync fails, and the hub's waits for it"
CHANGES: dict[str, tuple[dict[str, Any] | None, dict[str, Any], Weight | None, str]] = {
    "a claim shrinks": (
        claim("5Gi"),
        claim("1Gi"),
        Weight.CUT,
        f": Kubernetes refuses a size below 5Gi; {REFUSED}",
    ),
    "a claim grows": (claim("1Gi"), claim("5Gi"), None, ""),
    "a claim of another class": (
        claim("1Gi", storageClassName="a"),
        claim("1Gi", storageClassName="b"),
        Weight.CUT,
        f": Kubernetes refuses another storageClassName; {REFUSED}",
    ),
    "another selector": (
        workload("a"),
        workload("b"),
        Weight.CUT,
        f": Kubernetes refuses another selector; {REFUSED}",
    ),
    "another image": (workload("a"), workload("a", "a:2"), Weight.NOTE, ": its pods restart"),
    "another role": (
        BINDING,
        BINDING | {"roleRef": {"kind": "Role", "name": "edit"}},
        Weight.CUT,
        f": Kubernetes refuses another roleRef; {REFUSED}",
    ),
    "a new policy": (
        None,
        spec("NetworkPolicy", podSelector={}),
        Weight.ACCESS,
        " is new: what its pods may reach, or who reaches them",
    ),
    "a lower quota": (
        spec("ResourceQuota", hard={"pods": "9"}),
        spec("ResourceQuota", hard={"pods": "5"}),
        Weight.NEXT_START,
        " changes: pods that it refuses no longer start; those that run stay",
    ),
    "a new LimitRange": (
        None,
        spec("LimitRange", limits=[]),
        Weight.NEXT_START,
        " is new: pods that it refuses no longer start; those that run stay",
    ),
    "a new Ingress": (
        None,
        spec("Ingress", rules=[]),
        Weight.ACCESS,
        " is new: it leads people into the namespace",
    ),
    "what only programs read": (MOTD, MOTD | {"data": {"a": "b"}}, None, ""),
}


@pytest.mark.parametrize(("was", "now", "weight", "said"), CHANGES.values(), ids=CHANGES)
def test_an_object_that_comes_or_changes(
    was: dict[str, Any] | None, now: dict[str, Any], weight: Weight | None, said: str
) -> None:
    found = told(side(a=[was]) if was else side(), side(a=[now]), "E032")
    named = f"{now['kind']} 'x' of extra/a.yaml{said}"
    assert found == ([(weight, named)] if weight is not None else [])
