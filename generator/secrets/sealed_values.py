"""The sealed values of a site's working copy: which a build uses, which would be lost. Pure.

A file that can't be read with certainty stops the run: a value in it might be lost. Error messages
repeat nothing of a file's content.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from generator.build.repository import sealed_path, sealed_place, secrets_of
from generator.build.sealed_secrets import (
    CLUSTER_WIDE,
    NAMESPACE_WIDE,
    State,
    as_written,
    copies,
    holds_placeholders,
    owner,
    recorded_certificate,
    state,
)
from generator.diagnostics import GeneratorError
from generator.names import sealed_for
from generator.records import field, record, replace
from generator.site.model import Site
from generator.site.sealed import Certificates, SealedKey, SealedStore, SealedValue
from generator.yaml.read import Document
from generator.yaml.read import read as read_yaml
from generator.yaml.write import carries_header

_CONFLICT = rb"(?m)^(?:<<<<<<<|>>>>>>>) "
_SCOPES = {CLUSTER_WIDE: "cluster-wide", NAMESPACE_WIDE: "namespace-wide"}

# What is wrong with a file. The YAML reader's own messages would repeat the file's content.
_UNCLEAR = {
    "Y002": "a key is written twice",
    "Y005": "a second document begins here",
    "Y008": "a character that YAML does not allow",
    "Y009": "the file is empty",
    "Y012": "the file is too big",
}

_NAMED = 3
# No ciphertext is shorter, see `states`.
_LONG_BASE64 = rb"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{340,}={0,2}"
# Of a copied value: the other places that hold its ciphertext, in words.
Copies = Mapping[SealedKey, tuple[str, ...]]


@record
class SealedValues:
    """The values in the working copy, and those of them that a build uses.

    `values` are in the SealedSecrets of environments, but for those of which hubops wrote nothing
    but placeholders; `misplaced` in files that someone moved elsewhere. `store` holds the
    ciphertexts to build with, `certificates` the certificate that each was sealed for, where known.
    `copies` are those that other places hold too, with these places; `foreign` are ciphertexts in
    users' own files, with the path of each.
    """

    values: tuple[SealedValue, ...]
    misplaced: tuple[SealedValue, ...]
    store: SealedStore
    certificates: Certificates
    copies: Copies = field(factory=dict)
    foreign: tuple[tuple[str, str], ...] = ()


def read(
    site: Site, files: Mapping[str, bytes], extras: Mapping[str, Mapping[str, bytes]] | None = None
) -> SealedValues:
    """The sealed values in a working copy's files; GeneratorError for an unclear file.

    `extras` are the users' own files of each environment: a copy may stand there too.
    """
    own = keys_by_path(site) if files else {}
    values = tuple(in_place(files, own))
    foreign = tuple(
        (f"overlays/{environment}/namespace/extra/{path}", text.decode())
        for environment, own in (extras or {}).items()
        for path, content in own.items()
        if b"encryptedData" in content
        for text in dict.fromkeys(re.findall(_LONG_BASE64, content))
    )
    return _used(own, values, tuple(misplaced(files)), foreign)


def with_new(site: Site, sealed: SealedValues, new: Collection[SealedValue]) -> SealedValues:
    """The values with new ones in the places that those are for; other copies of one stay."""
    if not new:
        return sealed
    places = {(value.owner, value.path) for value in new}
    others = (value for value in sealed.values if (value.owner, value.path) not in places)
    return _used(keys_by_path(site), (*others, *new), sealed.misplaced, sealed.foreign)


def _used(
    own: Collection[str],
    values: tuple[SealedValue, ...],
    misplaced: tuple[SealedValue, ...],
    foreign: tuple[tuple[str, str], ...],
) -> SealedValues:
    """A value in its own file, at one of the paths `own`, wins over a copy elsewhere."""
    sealed = [value for value in values if not is_placeholder(value)]
    ordered = sorted(sealed, key=lambda value: value.path in own)
    store = {value.owner: value.ciphertext for value in ordered}
    certificates = {
        value.owner: value.certificate
        for value in values
        if value.certificate and store.get(value.owner) == value.ciphertext
    }
    return SealedValues(
        values=values,
        misplaced=misplaced,
        store=store,
        certificates=certificates,
        copies=_copies(sealed, misplaced, foreign),
        foreign=foreign,
    )


def _copies(
    values: Collection[SealedValue],
    misplaced: Iterable[SealedValue],
    foreign: Iterable[tuple[str, str]],
) -> Copies:
    """The copied values by their owners; a file that was moved holds no copies of what it was."""
    owners = {value.owner for value in values}
    every = [*values]
    for value in misplaced:
        if not any(replace(owner, environment="") == value.owner for owner in owners):
            every.append(value)
    places: dict[SealedKey | str, str] = {
        value.owner: f"{value.owner.name}/{value.owner.key} in {value.path}" for value in every
    }
    held: list[tuple[SealedKey | str, str]] = [(one.owner, one.ciphertext) for one in every]
    return {
        owner: (
            *(places.get(other, str(other)) for other in same[:_NAMED]),
            *([f"{len(same) - _NAMED} more"] if len(same) > _NAMED else []),
        )
        for owner, same in copies([*held, *foreign]).items()
        if isinstance(owner, SealedKey)
    }


def keys_by_path(site: Site) -> dict[str, tuple[str, ...]]:
    """The paths of the SealedSecrets in the site's tree, with the keys that each holds."""
    return {
        sealed_path(environment.name, secret.name): secret.keys
        for environment in site.places
        for secret in secrets_of(environment)
    }


def lost(site: Site, sealed: SealedValues) -> tuple[SealedValue, ...]:
    """The sealed values in the working copy that the new tree would not hold."""
    at_stake = [value for value in (*sealed.values, *sealed.misplaced) if not is_placeholder(value)]
    if not at_stake:
        return ()
    owners = {
        owner(environment, secret, key)
        for environment in site.places
        for secret in secrets_of(environment)
        for key in secret.keys
    }
    held = {(key, value) for key, value in sealed.store.items() if key in owners}
    if any(not value.owner.environment for value in at_stake):
        # A misplaced copy of a value that the tree holds is not a loss.
        held |= {(replace(key, environment=""), value) for key, value in held}
    return tuple(value for value in at_stake if (value.owner, value.ciphertext) not in held)


def is_placeholder(value: SealedValue) -> bool:
    """Whether nothing was sealed there yet: the placeholder, or an empty text."""
    return not value.ciphertext or state(value.owner.key, value.ciphertext) is State.PLACEHOLDER


def counted(values: Iterable[SealedValue]) -> str:
    """How many sealed values, in words."""
    number = len(tuple(values))
    return f"{number} sealed value{'' if number == 1 else 's'}"


def in_place(
    files: Mapping[str, bytes], own: Mapping[str, Collection[str]]
) -> Iterator[SealedValue]:
    """The values in the SealedSecrets that hubops wrote or will overwrite.

    `own` maps the paths of the site's SealedSecrets to their keys. GeneratorError for an unclear
    file.
    """
    for path, content in files.items():
        place = sealed_place(path)
        if place and (path in own or _is_generated(path, files)):
            yield from _values(path, place, content, tuple(own.get(path, ())))


def misplaced(files: Mapping[str, bytes]) -> Iterator[SealedValue]:
    """The values in generated SealedSecrets at any other path; they have no environment.

    Someone moved the file there, and pruning or overwriting it would lose them. GeneratorError for
    an unclear file.
    """
    for path, content in files.items():
        # Most files lack this word.
        if b"encryptedData" not in content or not carries_header(content):
            continue
        if not sealed_place(path) and _is_sealed_secret(_clear(path, content)):
            yield from _values(path, "", content, ())


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
    written = as_written(content)
    if written is not None and holds_placeholders(written["spec"]["encryptedData"]):
        return ()  # most files of a new fleet are such
    document = _sealed_secret(path, content, keys) if written is None else written
    metadata, encrypted = document["metadata"], document["spec"]["encryptedData"]
    annotations = _map(metadata, "annotations")
    # As the controller decides the scope (sealedsecret_expansion.go, SecretScope).
    scopes = [scope for name, scope in _SCOPES.items() if annotations.get(name) == "true"]
    identity = {
        "environment": environment,
        "namespace": metadata["namespace"],
        "scope": [*scopes, "strict"][0],
        "name": metadata["name"],
    }
    values = tuple(
        SealedValue(
            owner=SealedKey(**identity, key=key),
            ciphertext=value,
            path=path,
            certificate=recorded_certificate(annotations.get(sealed_for(key)), value),
        )
        for key, value in encrypted.items()
    )
    _refuse_exchanged(values, annotations)
    return values


def _refuse_exchanged(values: Iterable[SealedValue], annotations: Mapping[str, Any]) -> None:
    """GeneratorError for a value that was sealed for another key, which has something else now.

    The controller would decrypt it there: a client secret as the id that every browser sees.
    """
    told = [(one, annotations.get(sealed_for(one.owner.key))) for one in values]
    for value in (one for one in values if not one.certificate):
        for other, sealed in told:
            is_same = "".join(other.ciphertext.split()) == "".join(value.ciphertext.split())
            if not is_same and recorded_certificate(sealed, value.ciphertext):
                keys = f"'{value.owner.key}' holds what was sealed for '{other.owner.key}'"
                raise _unclear(f"{value.path}: {keys}")


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
    conflict = re.search(_CONFLICT, content)
    if conflict is not None:
        line = content.count(b"\n", 0, conflict.start()) + 1
        raise _unclear(f"{path}:{line}:1: a merge conflict is not resolved")
    document = read_yaml(content, path)
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


def _unclear(message: str) -> GeneratorError:
    help = (
        "it may hold sealed values: fix it, or restore it with 'git checkout'; delete it only to "
        "start again with placeholders"
    )
    return GeneratorError(message, help)
