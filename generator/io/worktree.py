"""The working copy as it is: site.yaml, generated files, sealed values, users' extra files.

Follows no link, and reads what it can't take for certain as nothing: it says so instead.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from io import FileIO
from os import DirEntry, fsencode, fspath, scandir
from pathlib import Path
from stat import S_ISREG
from typing import Any

from generator.build import sealed_text
from generator.build.sealed_secrets import (
    CLUSTER_WIDE,
    NAMESPACE_WIDE,
    State,
    recorded_certificate,
    state,
)
from generator.build.tree import FOLDERS, STAGED_SUFFIX
from generator.diagnostics import GeneratorError
from generator.names import sealed_for
from generator.records import record
from generator.site.model import SealedKey, SealedValue
from generator.yaml.read import MAX_BYTES, Document, read
from generator.yaml.write import HEADER_MARK, carries_header

_SEALED_PLACE = re.compile(r"overlays/([^/]+)/namespace/sealed-[^/]+\.yaml")
_EXTRA_PLACE = re.compile(r"overlays/([^/]+)/namespace/extra(?:/(.+))?")
# Nearly all generated files are smaller.
_AT_ONCE = 16 * 1024
_CONFLICT = re.compile(rb"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)

# What is wrong with a file of sealed values. The reader's own words would repeat what stands there.
_UNCLEAR = {
    "Y002": "a key is written twice",
    "Y005": "a second document begins here",
    "Y008": "a character that YAML does not allow",
    "Y009": "the file is empty",
    "Y012": "the file is too big",
}


@record
class WorkingCopy:
    """What stands under `apps/`, `clusters/` and `overlays/`; users' `extra/` folders apart.

    Of a file without the header, SealedSecrets aside, `files` holds only the beginning. `extras`
    holds each environment's folder by the paths in it; where a link stands instead, its path is "".
    """

    files: Mapping[str, bytes]
    extras: Mapping[str, Mapping[str, bytes]]
    staged: tuple[str, ...]

    def generated(self, expected: Collection[str]) -> dict[str, bytes]:
        """The files that are hubops' own: at an expected path, or carrying its header."""
        return {
            path: content
            for path, content in self.files.items()
            if path in expected or carries_header(content)
        }


def read_site(path: Path) -> bytes:
    """The bytes of site.yaml; GeneratorError when it can't be read."""
    try:
        if not S_ISREG(path.stat().st_mode) and not path.is_dir():
            # Opening a pipe would wait for ever.
            raise GeneratorError(f"{path}: not a regular file", "write the site into a real file")
        with path.open("rb") as file:
            # One byte more than is accepted is enough to see that there is too much.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        help = "run hubops in the folder of site.yaml, or give its path with --site"
        raise GeneratorError.refused(path, error, help) from None


def read_certificate(root: Path, path: str | None) -> bytes | None:
    """The bytes of a cluster's certificate file, a bounded part; None where there is none."""
    if path is None:
        return None
    try:
        mode = (root / path).stat().st_mode
        if not S_ISREG(mode):
            raise GeneratorError(f"{path}: not a regular file", "put the certificate there")
        with (root / path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from None


def read_copy(root: Path) -> WorkingCopy:
    """All files of the three folders; GeneratorError when one can't be read."""
    files: dict[str, bytes] = {}
    extras: dict[str, dict[str, bytes]] = {}
    staged: list[str] = []
    for path, entry in _entries(root):
        # Looking first for what they all have in them spares most files the patterns.
        extra = _EXTRA_PLACE.fullmatch(path) if "/extra" in path else None
        if STAGED_SUFFIX in path and _is_staged(path, entry):
            staged.append(path)
        elif extra is not None and (extra[2] or entry.is_symlink()):
            if _counts(extra[2] or ""):
                extras.setdefault(extra[1], {})[extra[2] or ""] = _extra_content(path, entry)
        elif entry.is_file(follow_symlinks=False):
            files[path] = _content(path, entry)
    return WorkingCopy(
        files=dict(sorted(files.items())), extras=extras, staged=tuple(sorted(staged))
    )


def copy_of(files: Mapping[str, bytes]) -> WorkingCopy:
    """The same from the files of a Git revision."""
    own: dict[str, bytes] = {}
    extras: dict[str, dict[str, bytes]] = {}
    for path, content in sorted(files.items()):
        extra = _EXTRA_PLACE.fullmatch(path)
        if extra is None:
            own[path] = content
        elif _counts(extra[2] or ""):
            extras.setdefault(extra[1], {})[extra[2] or ""] = content
    return WorkingCopy(files=own, extras=extras, staged=())


def _entries(root: Path) -> Iterator[tuple[str, DirEntry[str]]]:
    """Everything below the three folders that is no folder itself, links included."""
    folders = [folder for folder in FOLDERS if not (root / folder).is_symlink()]
    base = fspath(root)
    while folders:
        folder = folders.pop()
        for entry in _listed(base, folder):
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                yield path, entry


def _listed(base: str, folder: str) -> list[DirEntry[str]]:
    try:
        with scandir(f"{base}/{folder}") as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        help = "hubops writes a folder of that name: move the file away"
        raise GeneratorError(f"{folder}: a file stands where a folder belongs", help) from None
    except OSError as error:
        raise _unreadable(folder, error) from None


def _is_staged(path: str, entry: DirEntry[str]) -> bool:
    """Whether an interrupted run left this file behind, alone or in a folder of new files."""
    own = any(
        name.startswith(".") and name.endswith(STAGED_SUFFIX)
        for name in (entry.name, path.split("/")[1])
    )
    return own and entry.is_file(follow_symlinks=False)


def _counts(path: str) -> bool:
    """Whether a file in `extra/` is content: editors' and systems' own files are not."""
    hidden = any(step.startswith((".", "#")) for step in path.split("/"))
    return not hidden and not path.endswith(("~", ".swp"))


def _extra_content(path: str, entry: DirEntry[str]) -> bytes:
    """A user's file; of a link where it leads to, for Git holds no more of it."""
    if entry.is_symlink():
        return fsencode(Path(entry.path).readlink())
    if not entry.is_file():
        return b""  # a pipe or a socket
    return _read(path, entry, whole=True)


def _content(path: str, entry: DirEntry[str]) -> bytes:
    is_sealed = "/sealed-" in path and _SEALED_PLACE.fullmatch(path) is not None
    return _read(path, entry, whole=is_sealed)


def _read(path: str, entry: DirEntry[str], *, whole: bool) -> bytes:
    """A file's content; unless `whole`, of a file without the header only the beginning."""
    try:
        descriptor = os.open(entry.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            start = os.read(descriptor, _AT_ONCE)
            if not whole and not carries_header(start):
                return start[: len(HEADER_MARK)]
            if len(start) < _AT_ONCE:
                return start
            with FileIO(descriptor, closefd=False) as file:
                return start + file.readall()
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> GeneratorError:
    return GeneratorError.refused(path, error, "make it readable for you and run again")


def read_sealed(
    files: Mapping[str, bytes], own: Mapping[str, Collection[str]]
) -> tuple[SealedValue, ...]:
    """Every value in the SealedSecrets that hubops wrote, or will write over.

    `own` are the paths of the site's SealedSecrets with their keys. GeneratorError for a file that
    can't be read with certainty: a value might be lost.
    """
    values: list[SealedValue] = []
    for path, content in files.items():
        place = _SEALED_PLACE.fullmatch(path) if "/sealed-" in path else None
        if place is not None and (path in own or _is_generated(path, files)):
            keys = tuple(own.get(path, ()))
            values.extend(_sealed_values(path, place[1], content, keys))
    return tuple(values)


def read_strays(files: Mapping[str, bytes], expected: Collection[str]) -> tuple[SealedValue, ...]:
    """Values in generated SealedSecrets that were moved to where none belongs.

    They are nobody's: pruning would lose them. GeneratorError as with `read_sealed`.
    """
    values: list[SealedValue] = []
    for path, content in files.items():
        if path in expected or _SEALED_PLACE.fullmatch(path):
            continue
        suspicious = carries_header(content) and b"encryptedData" in content
        if suspicious and _is_sealed_secret(_clear(path, content)):
            values.extend(_sealed_values(path, "", content, ()))
    return tuple(values)


def _is_generated(path: str, files: Mapping[str, bytes]) -> bool:
    """Whether hubops wrote the file: it says so, or (kubeseal drops the header) its folder does."""
    if carries_header(files[path]):
        return True
    folder, _, name = path.rpartition("/")
    listing = files.get(f"{folder}/kustomization.yaml", b"")
    return carries_header(listing) and f"  - {name}".encode() in listing.splitlines()


# Two revisions of a repository hold most of these files alike.
@lru_cache(maxsize=1024)
def _sealed_values(
    path: str, environment: str, content: bytes, keys: tuple[str, ...]
) -> tuple[SealedValue, ...]:
    return tuple(_values_in(path, environment, content, keys))


def _values_in(
    path: str, environment: str, content: bytes, keys: Collection[str]
) -> Iterator[SealedValue]:
    written = sealed_text.sealed_secret(content)
    found = _sealed_secret(path, content, keys) if written is None else written
    metadata, encrypted = found["metadata"], found["spec"]["encryptedData"]
    annotations = _map(metadata, "annotations")
    namespace, name, scope = metadata["namespace"], metadata["name"], _scope(annotations)
    for key, value in encrypted.items():
        owner = SealedKey(
            environment=environment, namespace=namespace, scope=scope, name=name, key=key
        )
        record = annotations.get(sealed_for(key)) if annotations else None
        certificate = recorded_certificate(record, value)
        yield SealedValue(owner=owner, ciphertext=value, path=path, certificate=certificate)


def _sealed_secret(path: str, content: bytes, keys: Collection[str]) -> Mapping[str, Any]:
    """What the file holds, in whatever form; GeneratorError for a file in doubt."""
    document = _clear(path, content)
    metadata, spec = _map(document.data, "metadata"), _map(document.data, "spec")
    encrypted = _map(spec, "encryptedData")
    if not _is_sealed_secret(document) or not encrypted:
        raise _doubtful(f"{path}: no SealedSecret with encryptedData")
    _refuse_other_than_text(path, document, metadata, encrypted)
    # A file that lost its end may still be clear YAML, with some of its values gone.
    signs = (
        "template" not in spec,
        not content.endswith(b"\n"),
        not set(keys) <= set(encrypted) or _has_malformed(encrypted),
    )
    if sum(signs) > 1:
        raise _doubtful(f"{path}:{len(document.lines)}:1: the file seems to be cut off here")
    return {"metadata": metadata, "spec": spec}


def _clear(path: str, content: bytes) -> Document:
    """The file as data; GeneratorError, which repeats nothing of the content, for no clear YAML."""
    conflict = _CONFLICT.search(content)
    if conflict is not None:
        line = content.count(b"\n", 0, conflict.start()) + 1
        raise _doubtful(f"{path}:{line}:1: a merge conflict is not resolved")
    document = read(content, path)
    if document.report.has_errors:
        found = document.report.diagnostics[0]
        what = _UNCLEAR.get(found.code, "no clear YAML")
        raise _doubtful(f"{path}:{found.at.line}:{found.at.column}: {what}")
    return document


def _is_sealed_secret(document: Document) -> bool:
    return isinstance(document.data, dict) and document.data.get("kind") == "SealedSecret"


def _refuse_other_than_text(
    path: str, document: Document, metadata: Mapping[str, Any], encrypted: Mapping[str, Any]
) -> None:
    places = [("metadata", key, metadata.get(key)) for key in ("name", "namespace")]
    places += [("spec/encryptedData", key, value) for key, value in encrypted.items()]
    for parent, key, value in places:
        if not isinstance(value, str):
            at = document.places.span((*parent.split("/"), key))
            raise _doubtful(f"{path}:{at.line}:{at.column}: '{key}' is no plain text")


def _has_malformed(encrypted: Mapping[str, str]) -> bool:
    return any(state(key, value) is State.MALFORMED for key, value in encrypted.items())


def _map(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _scope(annotations: Mapping[str, Any]) -> str:
    """The scope as the controller decides it (sealedsecret_expansion.go, SecretScope)."""
    for annotation, scope in ((CLUSTER_WIDE, "cluster-wide"), (NAMESPACE_WIDE, "namespace-wide")):
        if annotations.get(annotation) == "true":
            return scope
    return "strict"


def _doubtful(message: str) -> GeneratorError:
    help = (
        "sealed values may stand in it: mend it, or restore it with 'git checkout'; "
        "delete it only to begin again with placeholders"
    )
    return GeneratorError(message, help)
