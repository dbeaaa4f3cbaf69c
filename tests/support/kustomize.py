"""Real Kustomize: builds folders and reads what it prints as the data it means."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from generator.build.kustomize import kustomization
from generator.yaml.write import emit
from tests.support.programs import kubectl

Resource = dict[str, Any]
# Kind, namespace and name.
Identity = tuple[str, str, str]

# One process gets slower with each resource that it holds already.
_TOGETHER = 80


class GoYaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain scalars as Go's printer means them: it quotes every string it would misread."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern in (
    ("bool", r"true|false"),
    ("null", r"null|"),
    ("int", r"-?[0-9]+"),
    ("float", r"-?[0-9]+(\.[0-9]+)?(e[-+][0-9]{2,3})?"),
):
    GoYaml.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), None
    )


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes a tree into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def build(folder: Path) -> list[Resource]:
    """What Kustomize makes of a folder; it must succeed without a word on stderr."""
    done = subprocess.run(
        [kubectl(), "kustomize", str(folder)], capture_output=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return list(yaml.load_all(done.stdout.decode(), GoYaml))


def build_together(root: Path, folders: Iterable[Path]) -> dict[Path, list[Resource]]:
    """What Kustomize makes of each folder, with as few processes as names allow.

    A process builds folders whose objects have different names; its output is told apart again by
    the names that each folder's own files hold.
    """
    found: dict[Path, list[Resource]] = {}
    for number, batch in enumerate(_batches(folders)):
        listed = [os.path.relpath(folder, root / "together") for folder in batch]
        together = root / "together" / str(number)
        write(
            together,
            {"kustomization.yaml": emit(kustomization(f"../{p}" for p in listed)).encode()},
        )
        owners = {identity: folder for folder, held in batch.items() for identity in held}
        found |= {folder: [] for folder in batch}
        for resource in build(together):
            found[owners[identity(resource)]].append(resource)
    return found


def identity(resource: Resource) -> Identity:
    """The kind, namespace and name of an object."""
    metadata = resource["metadata"]
    return (resource["kind"], metadata.get("namespace", ""), metadata["name"])


def _batches(folders: Iterable[Path]) -> list[dict[Path, Sequence[Identity]]]:
    batches: list[dict[Path, Sequence[Identity]]] = []
    taken: list[set[Identity]] = []
    for folder in folders:
        held = _identities(folder)
        fitting = (
            number
            for number, names in enumerate(taken)
            if names.isdisjoint(held) and len(names) + len(held) <= _TOGETHER
        )
        number = next(fitting, len(batches))
        if number == len(batches):
            batches.append({})
            taken.append(set())
        batches[number][folder] = held
        taken[number].update(held)
    return batches


def _identities(folder: Path) -> list[Identity]:
    """The objects of a folder's own kustomization, by the names they will have."""
    document = _read(folder / "kustomization.yaml")
    suffix, found = document.get("nameSuffix", ""), []
    for entry in document["resources"]:
        path = folder / entry
        held = _identities(path) if path.is_dir() else [identity(_read(path))]
        found += [(kind, namespace, name + suffix) for kind, namespace, name in held]
    return found


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), GoYaml)  # noqa: S506
