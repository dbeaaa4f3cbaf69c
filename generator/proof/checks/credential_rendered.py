"""A rendered object holds something that looks like a credential.

What a chart renders from values is in Git and in Argo CD's cache, where everyone with
access reads it. Put it into a Secret, seal it, and refer to it. What a chart generates at each
rendering does not count: it is not in a repository.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from generator.credentials import is_credential, is_secret_key
from generator.diagnostics import Finding, Pointer
from generator.proof.checks.base import error, json_pointer, leaves, named, place_of_text
from generator.proof.checks.random_paths import random_fields
from generator.proof.rendering import Rendered, Rendering, Resource, identity
from generator.yaml.stream import Unreadable, read

CODE = "M921"

# What hubops writes where a chart demands a secret: both fail closed (charts/jupyterhub.py).
_DUMMIES = frozenset(("see-existingSecret", "unset"))
_DIGEST = re.compile(r"(?:sha256:)?[0-9a-f]{64}", re.ASCII)
# Keys of ConfigMaps that hold a Secret's name, such as z2jh's `hub-existing-secret`, and checksums.
_NAMES_NO_SECRET = re.compile(r"[a-z-]+-secret|checksum/.*", re.ASCII)
_LITERAL = re.compile(
    r"""(?:([\w.]{1,100})["']?\s{0,5}[=:]\s{0,5})?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
)
# A name in a program, a call, or a path: long, and no credential.
_IDENTIFIER = re.compile(
    r"(?:[A-Za-z]\w*\.)*[a-z0-9_]*[a-z]_[a-z][a-z0-9_]*|[\w.]*\([\w.,()]*|[\w.-]+/[\w./-]+",
    re.ASCII,
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
# Documents within documents: values in a Secret, JSON in a script in a ConfigMap.
_DEPTH = 3
_SKIPPED = frozenset(("CustomResourceDefinition", "SealedSecret"))
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each place; the text itself is not repeated."""
    known: dict[int, list[tuple[Pointer, str]]] = {}
    for release in rendering.releases:
        random = {(found, path[:2]) for found, path in random_fields(release)}
        for resource in release.objects:
            if resource.get("kind") in _SKIPPED:
                continue
            found = identity(resource, release.namespace)
            # Many environments share an object: one document is read once and looked at once.
            if id(resource) not in known:
                known[id(resource)] = list(credentials(resource))
            for path, text in known[id(resource)]:
                if (found, path[:2]) not in random:
                    yield _finding(release, str(found), path, text)


def _finding(release: Rendered, called: str, path: Pointer, text: str) -> Finding:
    at = place_of_text(release, text)
    told = f"{release.app}: {called}: {json_pointer(path)} looks like a credential"
    return error(
        code=CODE,
        message=named(release.environment, at or release.environment.at, told),
        at=at or release.environment.at,
        on_key=at is None,
        help="put it into a Secret, seal it, and refer to the Secret instead",
    )


def credentials(resource: Resource) -> Iterator[tuple[Pointer, str]]:
    """Where an object holds what looks like a credential, and the text that does."""
    is_secret = resource.get("kind") == "Secret"
    for path, value in leaves(resource):
        if path in _IDENTITY or not isinstance(value, str):
            continue
        text = _decoded(value) if is_secret and path[:1] == ("data",) else value
        key = str(path[-1])
        if key == "value" and len(path) > 1:
            key = _env_name(resource, path)
        found = _credential(key, text)
        if found:
            yield path, found


def _env_name(resource: Resource, path: Pointer) -> str:
    """The name that stands beside a value: of an environment variable, for one."""
    node: Any = resource
    for step in path[:-1]:
        node = node[step]
    return str(node.get("name", "value"))


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode("utf-8")
    except (binascii.Error, ValueError):
        return value


def _credential(key: str, text: str, depth: int = _DEPTH) -> str:
    """The part of a text that looks like a credential, '' where none does."""
    key_file = _PRIVATE_KEY.search(text)
    if key_file is not None:
        return key_file[0]
    if depth and ("\n" in text or text.startswith(("{", "["))):
        return _inside(text, depth - 1)
    if not text or text in _DUMMIES or text.startswith("$(") or _DIGEST.fullmatch(text):
        return ""
    is_named = is_secret_key(key) and not _NAMES_NO_SECRET.fullmatch(key)
    is_named = is_named and " " not in text and "/" not in text
    return text if is_named or is_credential(text) else ""


def _inside(text: str, depth: int) -> str:
    """As above, of a text that is itself a document: values, a configuration, a script."""
    try:
        document = read(text)
    except Unreadable:
        document = None
    if isinstance(document, dict | list):
        inner: Iterator[tuple[str, Any]] = (
            (str(path[-1]), value) for path, value in leaves(document) if path
        )
    else:
        inner = _literals(text)
    found = (_credential(key, value, depth) for key, value in inner if isinstance(value, str))
    return next((one for one in found if one), "")


def _literals(script: str) -> Iterator[tuple[str, str]]:
    """The quoted texts of a script with the names they are assigned to, and all other words."""
    for match in _LITERAL.finditer(script):
        yield (match[1] or "").rpartition(".")[2], match[2][1:-1].replace('\\"', '"')
    for word in re.split(r"[\s=]+", _LITERAL.sub(" ", script)):
        if not _IDENTIFIER.fullmatch(word):
            yield "", word
