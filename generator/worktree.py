"""The working copy as it is: site.yaml, generated files, sealed values, users' extra files."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.diagnostics import GeneratorError
from generator.model import SealedKey, SealedValue
from generator.tree import FOLDERS
from generator.yaml_read import MAX_BYTES, read
from generator.yaml_write import carries_header

STAGED_SUFFIX = ".hubops-staged"
_EXTRA = "extra"
_SCOPES = {
    "sealedsecrets.bitnami.com/namespace-wide": "namespace-wide",
    "sealedsecrets.bitnami.com/cluster-wide": "cluster-wide",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCopy:
    """What stands under `apps/`, `clusters/` and `overlays/`; users' `extra/` folders apart."""

    files: Mapping[str, bytes]
    extras: Mapping[str, Mapping[str, bytes]]
    staged: tuple[str, ...]

    def generated(self, expected: Collection[str]) -> dict[str, bytes]:
        """The files that are hubops' own: at a path that it writes, or carrying its header."""
        return {
            path: content
            for path, content in self.files.items()
            if path in expected or carries_header(content)
        }


def read_site(path: Path) -> bytes:
    """The bytes of site.yaml; GeneratorError when it can't be read."""
    try:
        with path.open("rb") as file:
            # One byte more than is accepted is enough to see that there is too much.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        help = "run hubops in the folder of site.yaml, or give its path with --site"
        raise GeneratorError(f"{path}: {reason(error)}", help) from None


def reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return (error.strerror or type(error).__name__).lower()


def read_copy(root: Path) -> WorkingCopy:
    """All files of the three folders; GeneratorError when one can't be read. Follows no link."""
    files: dict[str, bytes] = {}
    extras: dict[str, dict[str, bytes]] = {}
    staged: list[str] = []
    for folder in FOLDERS:
        if (root / folder).is_symlink():
            continue
        for path in _files_below(root, folder):
            environment = _extra_of(path)
            if path.endswith(STAGED_SUFFIX):
                staged.append(path)
            elif environment is None:
                files[path] = _content(root, path)
            elif _counts(path):
                name = path.split("/", 4)[4]
                extras.setdefault(environment, {})[name] = _content(root, path)
    return WorkingCopy(files=files, extras=extras, staged=tuple(staged))


def _extra_of(path: str) -> str | None:
    """The environment whose `overlays/<environment>/namespace/extra/` holds the path."""
    steps = path.split("/")
    inside = len(steps) > 4 and steps[0] == "overlays" and steps[2:4] == ["namespace", _EXTRA]
    return steps[1] if inside else None


def _counts(path: str) -> bool:
    """Whether a user's file is content: editors' and systems' own files are not."""
    name = path.rsplit("/", 1)[-1]
    return not name.startswith(".") and not name.endswith(("~", ".swp"))


def _files_below(root: Path, folder: str) -> Iterator[str]:
    """Paths of regular files, and of links to files; folders behind links are not entered."""
    try:
        with os.scandir(root / folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        help = "hubops writes a folder of that name: move the file away"
        raise GeneratorError(f"{folder}: a file stands where a folder belongs", help) from None
    except OSError as error:
        raise _unreadable(folder, error) from None
    for entry in ordered:
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(root, path)
        elif entry.is_file():
            yield path


def _content(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> GeneratorError:
    return GeneratorError(f"{path}: {reason(error)}", "make it readable for you and run again")


def read_sealed(files: Mapping[str, bytes], own: Collection[str]) -> tuple[SealedValue, ...]:
    """Every value in the SealedSecrets that hubops wrote, or will write over (`own` paths).

    GeneratorError for a file there that can't be read with certainty: a value might be lost.
    """
    values: list[SealedValue] = []
    for path, content in files.items():
        steps = path.split("/")
        is_sealed = len(steps) == 4 and steps[2] == "namespace" and steps[3].startswith("sealed-")
        if is_sealed and (path in own or carries_header(content)):
            values.extend(_sealed_values(path, steps[1], content))
    return tuple(values)


def _sealed_values(path: str, environment: str, content: bytes) -> Iterator[SealedValue]:
    document = read(content, path)
    if document.report.has_errors:
        found = document.report.diagnostics[0]
        raise _doubtful(f"{path}:{found.at.line}:{found.at.column}: {found.message}")
    data: Any = document.data
    metadata, encrypted = _map(data, "metadata"), _map(_map(data, "spec"), "encryptedData")
    names = (metadata.get("name"), metadata.get("namespace"))
    texts = (*names, *encrypted.values())
    if _map({"": data}, "").get("kind") != "SealedSecret" or not encrypted:
        raise _doubtful(f"{path}: no SealedSecret with encryptedData")
    if not all(isinstance(text, str) for text in texts):
        raise _doubtful(f"{path}: name, namespace and sealed values must be text")
    for key, value in encrypted.items():
        owner = SealedKey(
            environment=environment,
            namespace=str(metadata["namespace"]),
            scope=_scope(_map(metadata, "annotations")),
            name=str(metadata["name"]),
            key=key,
        )
        yield SealedValue(owner=owner, ciphertext=value, path=path)


def _map(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _scope(annotations: Mapping[str, Any]) -> str:
    for annotation, scope in _SCOPES.items():
        if annotations.get(annotation) == "true":
            return scope
    return "strict"


def _doubtful(message: str) -> GeneratorError:
    help = (
        "sealed values may stand in it: mend it, or restore it with 'git checkout'; "
        "delete it only to begin again with placeholders"
    )
    return GeneratorError(message, help)
