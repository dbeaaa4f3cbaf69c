"""An `extra/` folder grants rights in the namespace.

The hub's secrets are in this namespace, and users' servers run in it. Whoever reads its Secrets,
starts pods or runs commands in them has the power of the hub: its login client, its cookies, every
user's files. A RoleBinding to a ClusterRole such as `admin` grants all of that. Grant only what the
named people or programs need, and no group that holds everyone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.build import extra
from generator.build.extra import Described
from generator.change.sides import Arrival, EnvironmentSide, Step
from generator.lint.consequences import Consequences, Weight, before

_WRITES = ("create", "update", "patch", "delete", "deletecollection")
_WORKLOADS = (
    *("pods", "replicationcontrollers", "replicasets", "deployments", "statefulsets"),
    *("daemonsets", "jobs", "cronjobs"),
)
# What gives the power of the hub: in words, the resources and the verbs of a rule.
_POWERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "read Secrets": (("secrets",), ("get", "list", "watch")),
    "change Secrets": (("secrets", "sealedsecrets"), _WRITES),
    "change the hub's configuration": (("configmaps",), _WRITES),
    "start pods": (_WORKLOADS, ("create", "update", "patch")),
    "run commands in pods": (
        ("pods/exec", "pods/attach", "pods/ephemeralcontainers"),
        ("get", "create", "update", "patch"),
    ),
    "reach pods past the network policies": (
        ("pods/portforward", "pods/proxy", "services/proxy"),
        ("get", *_WRITES),
    ),
    "delete volumes": (("persistentvolumeclaims",), ("delete", "deletecollection")),
    "get tokens of service accounts": (("serviceaccounts/token",), ("create",)),
    "grant rights": (("roles", "rolebindings"), ("update", "patch", "create", "escalate", "bind")),
    "act as others": (("users", "groups", "serviceaccounts"), ("impersonate",)),
}


def check(step: Step | Arrival) -> Consequences:
    """One effect for each Role that allows more of what counts, and for each new RoleBinding."""
    old = _grants(step.before) if isinstance(step, Step) else {}
    for one, grants in _grants(step.after).items():
        added = [grant for grant in grants if grant not in old.get(one, ())]
        if added:
            namespace = step.after.environment.namespace
            yield Weight.ACCESS.of(
                f"security of namespace {namespace}: {one} {', '.join(added)}",
                before("check that this is intentional, and no more than is needed"),
            )


def _grants(side: EnvironmentSide) -> dict[str, list[str]]:
    """What each Role and RoleBinding of the folder grants, in words; of a Role what counts."""
    found: dict[str, list[str]] = {}
    for one in extra.contents(side.inputs.extras.get(side.environment.name, {})):
        if isinstance(one, Described):
            grants = list(_granted(one.resource))
            if grants:
                found.setdefault(extra.spelled(one.resource), []).extend(grants)
    return found


def _granted(resource: Mapping[str, Any]) -> Iterator[str]:
    if resource["kind"] == "Role":
        rules = [rule for rule in resource.get("rules") or () if isinstance(rule, Mapping)]
        words = [
            power
            for power, (resources, verbs) in _POWERS.items()
            if any(
                _meets(rule, "resources", resources) and _meets(rule, "verbs", verbs)
                for rule in rules
            )
        ]
        yield from (f"allows to {power}" for power in words)
    elif resource["kind"] == "RoleBinding":
        role = resource.get("roleRef")
        role = role if isinstance(role, Mapping) else {}
        subjects = [one for one in resource.get("subjects") or () if isinstance(one, Mapping)]
        named = f"{role.get('kind')} '{role.get('name')}'"
        for one in subjects:
            yield f"gives {one.get('kind')} '{one.get('name')}' the {named}"


def _meets(rule: Mapping[str, Any], key: str, wanted: tuple[str, ...]) -> bool:
    """Whether a rule has one of these resources or verbs, by name or by a star."""
    written = rule.get(key)
    stars = {"*", *(f"*/{one.partition('/')[2]}" for one in wanted if "/" in one)}
    return isinstance(written, list) and any(one in stars or one in wanted for one in written)
