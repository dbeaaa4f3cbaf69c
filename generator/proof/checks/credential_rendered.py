"""A rendered object holds something that looks like a credential.

What a chart renders from values is in Git and in Argo CD's cache, where everyone with
access reads it. Put it into a Secret, seal it, and refer to it. What a chart generates at each
rendering does not count: it is not in a repository.

Of a further chart only what site.yaml gives it counts, and the chart's own default password or
private key in a Secret, which everyone knows who knows the chart.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from generator.credentials import is_credential, is_secret_key
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, json_pointer, leaves, place_of_text
from generator.proof.checks.platform import further
from generator.proof.checks.random_field import random_fields
from generator.proof.rendering import Rendering, Resource, identity
from generator.yaml.stream import Unreadable, read

finding = errors("M921")

_OWN = "give the chart a value of your own by a Secret that you seal: see its values.yaml"
_HELP = "put it into a Secret, seal it, and refer to the Secret instead"

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
_SKIPPED = frozenset(("CustomResourceDefinition", "ResourceQuota", "SealedSecret"))
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


def check(rendering: Rendering) -> Findings:
    """One finding for each place; the text itself is not repeated."""
    # Many environments share an object: one document is read once and looked at once.
    seen: dict[int, list[tuple[Pointer, str]]] = {}
    for release in rendering.releases:
        random = {(known, path[:2]) for known, path in random_fields(release)}
        for resource in release.objects:
            if resource.get("kind") in _SKIPPED:
                continue
            if id(resource) not in seen:
                seen[id(resource)] = list(_credentials(resource))
            known = identity(resource, release.namespace)
            for path, text in seen[id(resource)]:
                if (known, path[:2]) in random:
                    continue
                where = f"{release.app}: {known}: {json_pointer(path)}"
                at = place_of_text(release, text)
                if at is not None or not further(release):
                    what = f"{where} looks like a credential"
                    yield anchored(finding, release.environment, at, what, _HELP)
                elif known.kind == "Secret" and _is_default(str(path[-1]), text):
                    what = f"{where} is the chart's own default, which everyone knows"
                    yield anchored(finding, release.environment, None, what, _OWN)


def _is_default(key: str, text: str) -> bool:
    """Whether a chart's own text in a Secret is a password or a key, and no certificate."""
    return _is_named(key, text) or _PRIVATE_KEY.search(text) is not None


def _credentials(resource: Resource) -> Iterator[tuple[Pointer, str]]:
    """Where an object holds what looks like a credential, and the text that does."""
    is_secret = resource.get("kind") == "Secret"
    for path, value in leaves(resource):
        if path in _IDENTITY or not isinstance(value, str):
            continue
        text = _decoded(value) if is_secret and path[:1] == ("data",) else value
        key = str(path[-1])
        if key == "value" and len(path) > 1:  # for example of an environment variable
            parent: Any = resource
            for step in path[:-1]:
                parent = parent[step]
            key = str(parent.get("name", "value"))
        credential = _credential(key, text)
        if credential:
            yield path, credential


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
    return text if _is_named(key, text) or is_credential(text) else ""


def _is_named(key: str, text: str) -> bool:
    """Whether the key says that the text is a credential, and it can be one."""
    is_named = is_secret_key(key) and not _NAMES_NO_SECRET.fullmatch(key)
    return is_named and " " not in text and "/" not in text


def _inside(text: str, depth: int) -> str:
    """As above, of a text that is itself a document: values, a configuration, a script."""
    try:
        document = read(text)
    except Unreadable:
        document = None
    is_data = isinstance(document, dict | list)
    parts = ((str(path[-1]), value) for path, value in leaves(document) if path)
    inner: Iterator[tuple[str, Any]] = parts if is_data else _literals(text)
    texts = (_credential(key, value, depth) for key, value in inner if isinstance(value, str))
    return next(filter(None, texts), "")


def _literals(script: str) -> Iterator[tuple[str, str]]:
    """The quoted texts of a script with the names they are assigned to, and all other words."""
    for match in _LITERAL.finditer(script):
        yield (match[1] or "").rpartition(".")[2], match[2][1:-1].replace('\\"', '"')
    # With `commit=` before it, a word is one that everybody may know.
    for word in re.split(r"\s+|(?<!commit)=+", _LITERAL.sub(" ", script)):
        if not _IDENTIFIER.fullmatch(word):
            yield "", word
