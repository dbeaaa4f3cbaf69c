"""The sealed values in a working copy's SealedSecret files. Pure.

A file that can't be read with certainty stops the run: a value in it might be lost. Error messages
repeat nothing of a file's content.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from generator.build import sealed_text
from generator.build.sealed_secrets import (
    CLUSTER_WIDE,
    NAMESPACE_WIDE,
    State,
    recorded_certificate,
    state,
)
from generator.diagnostics import GeneratorError
from generator.names import sealed_for
from generator.site.model import SealedKey, SealedValue
from generator.yaml.read import Document, read
from generator.yaml.write import carries_header

_PLACE = re.compile(r"overlays/([^/]+)/namespace/sealed-[^/]+\.yaml")
_CONFLICT = re.compile(rb"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)

# What is wrong with a file. The YAML reader's own messages would repeat the file's content.
_UNCLEAR = {
    "Y002": "a key is written twice",
    "Y005": "a second document begins here",
    "Y008": "a character that YAML does not allow",
    "Y009": "the file is empty",
    "Y012": "the file is too big",
}


def in_place(
    files: Mapping[str, bytes], own: Mapping[str, Collection[str]]
) -> tuple[SealedValue, ...]:
    """The values in the SealedSecrets that hubops wrote or will overwrite.

    `own` maps the paths of the site's SealedSecrets to their keys. GeneratorError for an unclear
    file.
    """
    values: list[SealedValue] = []
    for path, content in files.items():
        place = _PLACE.fullmatch(path) if "/sealed-" in path else None
        if place is not None and (path in own or _is_generated(path, files)):
            values.extend(_values(path, place[1], content, tuple(own.get(path, ()))))
    return tuple(values)


def misplaced(files: Mapping[str, bytes]) -> tuple[SealedValue, ...]:
    """The values in generated SealedSecrets at any other path; they have no environment.

    Someone moved the file there, and pruning or overwriting it would lose them. GeneratorError for
    an unclear file.
    """
    values: list[SealedValue] = []
    for path, content in files.items():
        # Most files are told by a word that they lack.
        if b"encryptedData" not in content or not carries_header(content):
            continue
        if not _PLACE.fullmatch(path) and _is_sealed_secret(_clear(path, content)):
            values.extend(_values(path, "", content, ()))
    return tuple(values)


def _is_generated(path: str, files: Mapping[str, bytes]) -> bool:
    """Whether hubops wrote the file: it says so, or (kubeseal drops the header) its folder does."""
    if carries_header(files[path]):
        return True
    folder, _, name = path.rpartition("/")
    listing = files.get(f"{folder}/kustomization.yaml", b"")
    return carries_header(listing) and f"  - {name}".encode() in listing.splitlines()


# Two revisions of a repository share most of these files.
@lru_cache(maxsize=1024)
def _values(
    path: str, environment: str, content: bytes, keys: tuple[str, ...]
) -> tuple[SealedValue, ...]:
    written = sealed_text.sealed_secret(content)
    document = _sealed_secret(path, content, keys) if written is None else written
    metadata, encrypted = document["metadata"], document["spec"]["encryptedData"]
    annotations = _map(metadata, "annotations")
    identity = {
        "environment": environment,
        "namespace": metadata["namespace"],
        "scope": _scope(annotations),
        "name": metadata["name"],
    }
    return tuple(
        SealedValue(
            owner=SealedKey(**identity, key=key),
            ciphertext=value,
            path=path,
            certificate=recorded_certificate(annotations.get(sealed_for(key)), value),
        )
        for key, value in encrypted.items()
    )


def _sealed_secret(path: str, content: bytes, keys: Collection[str]) -> Mapping[str, Any]:
    """The SealedSecret in any YAML form; GeneratorError for an unclear file."""
    document = _clear(path, content)
    metadata, spec = _map(document.data, "metadata"), _map(document.data, "spec")
    encrypted = _map(spec, "encryptedData")
    if not _is_sealed_secret(document) or not encrypted:
        raise _unclear(f"{path}: not a SealedSecret with encryptedData")
    places = [("metadata", key, metadata.get(key)) for key in ("name", "namespace")]
    places += [("spec/encryptedData", key, value) for key, value in encrypted.items()]
    for parent, key, value in places:
        if not isinstance(value, str):
            at = document.places.span((*parent.split("/"), key))
            raise _unclear(f"{path}:{at.line}:{at.column}: '{key}' is not plain text")
    is_malformed = any(state(key, value) is State.MALFORMED for key, value in encrypted.items())
    # A file that lost its end may still be clear YAML, with some of its values gone.
    signs = (
        "template" not in spec,
        not content.endswith(b"\n"),
        not set(keys) <= set(encrypted) or is_malformed,
    )
    if sum(signs) > 1:
        raise _unclear(f"{path}:{len(document.lines)}:1: the file seems to be cut off here")
    return {"metadata": metadata, "spec": spec}


def _clear(path: str, content: bytes) -> Document:
    """The file as data; GeneratorError where it is not clear YAML."""
    conflict = _CONFLICT.search(content)
    if conflict is not None:
        line = content.count(b"\n", 0, conflict.start()) + 1
        raise _unclear(f"{path}:{line}:1: a merge conflict is not resolved")
    document = read(content, path)
    if document.report.has_errors:
        first = document.report.diagnostics[0]
        what = _UNCLEAR.get(first.code, "not clear YAML")
        raise _unclear(f"{path}:{first.at.line}:{first.at.column}: {what}")
    return document


def _is_sealed_secret(document: Document) -> bool:
    return isinstance(document.data, dict) and document.data.get("kind") == "SealedSecret"


def _map(parent: Any, key: str) -> Mapping[str, Any]:
    child = parent.get(key) if isinstance(parent, Mapping) else None
    return child if isinstance(child, Mapping) else {}


def _scope(annotations: Mapping[str, Any]) -> str:
    """The scope as the controller decides it (sealedsecret_expansion.go, SecretScope)."""
    for annotation, scope in ((CLUSTER_WIDE, "cluster-wide"), (NAMESPACE_WIDE, "namespace-wide")):
        if annotations.get(annotation) == "true":
            return scope
    return "strict"


def _unclear(message: str) -> GeneratorError:
    help = (
        "it may hold sealed values: fix it, or restore it with 'git checkout'; delete it only to "
        "start again with placeholders"
    )
    return GeneratorError(message, help)
