"""What a Role or RoleBinding in `extra/` grants is an effect, with what it grants (E026)."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from generator.build.repository import Inputs
from generator.change.review import review
from generator.change.sides import Side
from generator.lint.consequences import Weight
from generator.records import replace
from tests.support.sites import protocoast_with

SITE = protocoast_with({"environments": {"staging": None}})
WHERE = "security of namespace daskhub: "
RBAC = "rbac.authorization.k8s.io"
Rule = dict[str, list[str]]


def role(*rules: Rule) -> dict[str, Any]:
    metadata = {"name": "r"}
    return {"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": metadata, "rules": [*rules]}


def rule(resources: str, verbs: str) -> Rule:
    return {"apiGroups": ["*"], "resources": resources.split(), "verbs": verbs.split()}


def binding(kind: str, name: str, *subjects: tuple[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "b"},
        "roleRef": {"apiGroup": RBAC, "kind": kind, "name": name},
        "subjects": [{"kind": kind, "name": name} for kind, name in subjects],
    }


def side(*objects: Mapping[str, Any]) -> Side:
    files = {
        "kustomization.yaml": b"resources: [a.yaml]",
        "a.yaml": yaml.safe_dump_all(objects).encode(),
    }
    return Side(site=SITE, inputs=Inputs(extras={"production": files}))


def told(before: Side, after: Side) -> list[str]:
    """The sentences of E026, of which each is about permissions and asks for a look."""
    chapters = review(before, after, lambda place, app, change: "").environments
    found = [one for chapter in chapters for one in chapter.consequences if one.code == "E026"]
    assert all(one.weight is Weight.ACCESS and one.acts for one in found)
    return [one.sentence.removeprefix(WHERE) for one in found]


POWERS = {
    ("secrets", "get"): ["read Secrets"],
    ("secrets", "create"): ["change Secrets"],
    ("*", "list"): ["read Secrets"],
    ("sealedsecrets", "patch"): ["change Secrets"],
    ("configmaps", "*"): ["change the hub's configuration"],
    ("pods", "create"): ["start pods"],
    ("cronjobs", "update"): ["start pods"],
    ("pods/exec", "create"): ["run commands in pods"],
    ("*/exec", "get"): ["run commands in pods"],
    ("services/proxy", "get"): ["reach pods past the network policies"],
    ("persistentvolumeclaims", "delete"): ["delete volumes"],
    ("serviceaccounts/token", "create"): ["get tokens of service accounts"],
    ("roles", "escalate"): ["grant rights"],
    ("rolebindings", "create"): ["grant rights"],
    ("serviceaccounts", "impersonate"): ["act as others"],
    # No more than a look.
    ("pods services", "get list watch"): [],
    ("configmaps", "get"): [],
    ("pods/log", "get"): [],
}


@pytest.mark.parametrize(("written", "powers"), POWERS.items(), ids=map(" ".join, POWERS))
def test_a_role_that_grants_the_power_of_the_hub(
    written: tuple[str, str], powers: list[str]
) -> None:
    words = ", ".join(f"allows to {power}" for power in powers)
    expected = [f"Role 'r' {words}"] if powers else []
    assert told(side(), side(role(rule(*written)))) == expected


def test_a_role_that_grants_everything_names_each_power() -> None:
    [sentence] = told(side(), side(role(rule("*", "*"))))
    assert sentence.count("allows to") == 10


def test_only_what_is_added_is_told() -> None:
    reads, runs = rule("secrets", "get"), rule("pods/exec", "create")
    assert told(side(role(reads)), side(role(reads))) == []
    assert told(side(role(reads, runs)), side(role(reads))) == []
    assert told(side(role(reads)), side(role(reads, runs))) == [
        "Role 'r' allows to run commands in pods"
    ]


def test_a_binding_says_who_gets_what() -> None:
    bound = binding("ClusterRole", "cluster-admin", ("Group", "system:authenticated"))
    assert told(side(), side(bound)) == [
        "RoleBinding 'b' gives Group 'system:authenticated' the ClusterRole 'cluster-admin'"
    ]
    more = binding(
        "ClusterRole", "cluster-admin", ("Group", "system:authenticated"), ("User", "eve")
    )
    assert told(side(bound), side(more)) == [
        "RoleBinding 'b' gives User 'eve' the ClusterRole 'cluster-admin'"
    ]
    other = binding("ClusterRole", "admin", ("Group", "system:authenticated"))
    assert told(side(bound), side(other)) == [
        "RoleBinding 'b' gives Group 'system:authenticated' the ClusterRole 'admin'"
    ]


def test_a_patch_and_a_new_environment_count_too() -> None:
    files = {
        "kustomization.yaml": b"resources: [a.yaml]\n"
        b"patches: [{path: p.yaml, target: {kind: Role}}]",
        "a.yaml": yaml.safe_dump(role()).encode(),
        "p.yaml": yaml.safe_dump({"rules": [rule("secrets", "get")]}).encode(),
    }
    extended = Side(site=SITE, inputs=Inputs(extras={"production": files}))
    assert told(side(role()), extended) == ["Role allows to read Secrets"]
    before = replace(side(), site=protocoast_with({"environments": {"production": None}}))
    assert told(before, side(role(rule("secrets", "get")))) == ["Role 'r' allows to read Secrets"]


@pytest.mark.parametrize("rules", [None, "x", [None], [{"resources": "secrets", "verbs": None}]])
def test_a_role_of_another_form_grants_nothing(rules: object) -> None:
    assert told(side(), side(role() | {"rules": rules})) == []
