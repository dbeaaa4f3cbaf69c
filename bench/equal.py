"""Whether the peers give what hubops gives; a benchmark of anything else would say nothing."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bench import cases, peers
from bench.cases import Case
from bench.measure import CaseFailed, once
from bench.sites import hubs

# With and without overrides, the first and the second environment of a cluster.
_SMALL = hubs(5)


def check(folder: Path, found: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Runs every peer on a small site. CaseFailed where one gives other objects than hubops."""
    listed = cases.with_sites(folder, len(_SMALL), found)
    for case in listed:
        if case.name in (*cases.HUBOPS_CASES, cases.COPY):
            continue
        say(f"comparing the objects: {case.title}")
        once(case)
        if differing := differences(_given(case), _expected(folder, case)):
            raise CaseFailed(f"{case.title}: not the same objects: {', '.join(differing)}")


def differences(given: Iterable[peers.Object], expected: Iterable[peers.Object]) -> list[str]:
    """The names of objects that are on one side only, or not the same on both.

    Equal but for hashes, which peers do not compute, and for a `false` that is spelt out.
    """
    sides = [[(_name(each), _comparable(each)) for each in side] for side in (given, expected)]
    one, other = sides
    return sorted(
        {name for name, held in one if (name, held) not in other}
        | {name for name, held in other if (name, held) not in one}
        | ({"the number of objects"} if len(one) != len(other) else set())
    )


def _expected(folder: Path, case: Case) -> list[peers.Object]:
    tree = folder / "hubops" / "standing"
    sets = [peers.objects(tree, hub) for hub in _SMALL]
    # An overlay does not hold the environment's own Application: that is the cluster's.
    first = 1 if case.name == cases.KUSTOMIZE else 0
    return [each for held in sets for each in (*held["applications"][first:], *held["namespace"])]


def _given(case: Case) -> list[peers.Object]:
    written = [
        path
        for name in case.removed
        for path in (case.folder / name).rglob("*.y*ml")
        if path.is_file()
    ]
    return [
        document
        for path in written or [case.output]
        for document in yaml.safe_load_all(path.read_bytes())
        if document is not None
    ]


def _name(document: peers.Object) -> str:
    metadata = document["metadata"]
    return f"{document['kind']} {metadata.get('namespace', '')}/{metadata['name']}"


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "a hash" if key == "hubops.io/content" else _comparable(held)
            for key, held in value.items()
            if (key, held) != ("skipCrds", False)
        }
    return [_comparable(held) for held in value] if isinstance(value, list) else value
