"""What a person must do for a change: one list over all environments, each step once. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from generator.change.prerequisites import where_argocd_runs
from generator.lint.consequences import Act, When
from generator.records import record
from generator.site.model import Cluster

# What stands for the host of each environment where several change alike.
HOST = "HOST"
# A kubectl command for the objects of Argo CD itself.
_ON_ARGOCD = re.compile(r"\b(applications?|appprojects?|argocd-cm)\b|apply -k clusters/")


@record
class Owner:
    """An environment or a cluster as a list names it, what must be done for it, and where.

    `host` is that of an environment.
    """

    name: str
    cluster: str
    acts: tuple[Act, ...]
    host: str = ""


@record
class Commands:
    """Commands in their order, and where they run; empty where that is the repository."""

    where: str
    lines: tuple[str, ...]


@record
class PlanStep:
    """A step for some environments or clusters; `deletes` where its commands delete something."""

    when: When
    purpose: str
    names: tuple[str, ...]
    commands: tuple[Commands, ...]
    deletes: bool


_Key = tuple[When, str, bool, bool]


def anywhere(text: str, host: str) -> str:
    """A text with a word for a host, as it holds for several environments."""
    return re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w.-])", HOST, text) if host else text


def plan(owners: Iterable[Owner], clusters: Mapping[str, Cluster]) -> tuple[PlanStep, ...]:
    """The steps before the merge, at it, after it; `clusters` are those of both sides."""
    order: list[_Key] = []
    steps: dict[_Key, dict[str, list[tuple[str, str]]]] = {}
    said: dict[_Key, dict[str, str]] = {}
    for owner in owners:
        acts = _without_repetition(owner.acts)
        keys = [
            (act.when, anywhere(act.purpose, owner.host), act.deletes, bool(act.command))
            for act in acts
        ]
        _insert(order, keys, steps)
        for key, act in zip(keys, acts, strict=True):
            commands = steps.setdefault(key, {}).setdefault(owner.name, [])
            said.setdefault(key, {})[owner.host] = act.purpose
            if act.command:
                cluster = act.cluster or owner.cluster
                commands.append((where(act.command, clusters.get(cluster)), act.command))
    return tuple(
        PlanStep(
            when=when,
            purpose=_purpose(key[1], said[key]),
            names=tuple(steps[key]),
            commands=_by_place(one for own in steps[key].values() for one in own),
            deletes=key[2],
        )
        for when in When
        for key in order
        if key[0] is when
    )


def _purpose(purpose: str, said: Mapping[str, str]) -> str:
    """The purpose as it is said of one host, or with the hosts that it is for."""
    if len(said) == 1 or purpose in said.values():
        return next(iter(said.values()))
    return f"{purpose} ({HOST} is {', '.join(said)})"


def where(command: str, cluster: Cluster | None) -> str:
    """Where a command runs, in words."""
    if cluster is None or not command.startswith(("kubectl ", "argocd ", "kubeseal ")):
        return ""
    if command.startswith("argocd "):
        return f"logged in to the Argo CD of {cluster.name}"
    if _ON_ARGOCD.search(command):
        return where_argocd_runs(cluster)
    return f"with kubectl's context on {cluster.name}"


def _without_repetition(acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts but for those whose command another one already gives at the same time."""
    found: dict[tuple[When, str, str], Act] = {}
    for act in acts:
        found.setdefault((act.when, act.cluster, act.command or f"({act.purpose})"), act)
    return tuple(found.values())


def _insert(order: list[_Key], keys: Sequence[_Key], known: Mapping[_Key, object]) -> None:
    """Puts the keys that are not known yet in front of the one that follows them."""
    at = len(order)
    added: set[_Key] = set()
    for key in reversed(keys):
        if key in known:
            at = order.index(key)
        elif key not in added:
            order.insert(at, key)
            added.add(key)


def _by_place(commands: Iterable[tuple[str, str]]) -> tuple[Commands, ...]:
    """The commands, those of one place together, the places in the order of their first one."""
    unique = [*dict.fromkeys(commands)]
    places = [*dict.fromkeys(place for place, _ in unique)]
    unique.sort(key=lambda one: places.index(one[0]))
    return tuple(
        Commands(where=place, lines=tuple(line for _, line in group))
        for place, group in groupby(unique, key=lambda one: one[0])
    )
