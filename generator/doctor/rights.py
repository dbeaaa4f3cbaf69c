"""The rights that doctor needs and no others, as RBAC objects made from its questions. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from generator.doctor.questions import QUESTIONS, Inquiry, Where

Rule = dict[str, Any]


def manifests(namespace: str, argocd_namespace: str, sealed_namespace: str, secret: str) -> str:
    """A ClusterRole and a Role in each namespace, as YAML documents.

    `secret` is the name of a further Secret of the site, to show where it is named.
    """
    documents = (
        _role("ClusterRole", "", _questions(Where.CLUSTER, without="services/proxy"), namespace),
        _role("Role", argocd_namespace, _questions(Where.ARGOCD), namespace),
        _role("Role", namespace, _questions(Where.NAMESPACE), namespace, secret),
        _role("Role", sealed_namespace, _questions(Where.CLUSTER, only="services/proxy"), ""),
    )
    return "---\n".join(map(_written, documents))


def _written(role: Mapping[str, Any]) -> str:
    """YAML with a rule on each line."""
    head = f"apiVersion: {role['apiVersion']}\nkind: {role['kind']}\n"
    metadata = ", ".join(f"{key}: {value}" for key, value in role["metadata"].items())
    rules = "".join(f"  - {json.dumps(rule)}\n" for rule in role["rules"])
    return f"{head}metadata: {{{metadata}}}\nrules:\n{rules}"


def _questions(where: Where, *, without: str = "", only: str = "") -> tuple[Inquiry, ...]:
    return tuple(
        one
        for one in QUESTIONS
        if one.where is where and one.kind != without and (not only or one.kind == only)
    )


def _role(
    kind: str, namespace: str, asked: Iterable[Inquiry], environment: str, secret: str = ""
) -> dict[str, Any]:
    metadata = {"name": "hubops-doctor"} | ({"namespace": namespace} if namespace else {})
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "rules": _rules(asked, environment, secret),
    }


def _rules(asked: Iterable[Inquiry], environment: str, secret: str) -> list[Rule]:
    """One rule for the lists of each API group, and one for each question about named objects."""
    lists: dict[str, list[str]] = {}
    named: list[Rule] = []
    for one in asked:
        group = one.group.partition("/")[0]
        if one.verbs == ("list",):
            lists.setdefault(group, []).append(one.resource)
            continue
        names = [environment if name == "*" else name for name in one.names]
        names += [secret] if secret and one.kind == "secrets" else []
        rule: Rule = {"apiGroups": [group], "resources": [one.resource], "verbs": list(one.verbs)}
        named.append(rule | ({"resourceNames": names} if names else {}))
    rules = [
        {"apiGroups": [group], "resources": resources, "verbs": ["list"]}
        for group, resources in lists.items()
    ]
    return [*rules, *named]


def reasons() -> str:
    """Each question with what it tells, as a table of Markdown."""
    rows = (
        f"| {one.where} | `{one.kind}` | {', '.join(one.verbs)} | {one.why} |\n"
        for one in QUESTIONS
    )
    return f"| where | kind | verbs | what it tells |\n|---|---|---|---|\n{''.join(rows)}"
