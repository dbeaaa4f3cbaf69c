"""A SealedSecret as hubops writes it, read in one step. Pure.

The YAML reader says the same of it, and of every other text as well, but takes thirty times as
long: a fleet has thousands of these files. A text that differs in anything from the written form is
left to the reader.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.yaml.write import HEADER, OTHER_MEANING

_NAME = "[a-z][a-z0-9.-]*"
_KEY = r"[A-Za-z][\w./-]*"
_TEXT = r'(?:[A-Za-z/][\w+/]*|"[\w+/=:. -]+")'
_LABELS = rf"labels:\n *app\.kubernetes\.io/part-of: {_NAME}\n"


def _entries(indent: int) -> str:
    return rf"(?:{' ' * indent}{_KEY}: {_TEXT}\n)+"


# Compiled when there is such a file: a fresh tree has none.
_WRITTEN = (
    rf"(?a){re.escape(HEADER)}"
    r"apiVersion: bitnami\.com/v1alpha1\n"
    r"kind: SealedSecret\n"
    r"metadata:\n"
    rf"  name: (?P<name>{_NAME})\n"
    rf"  namespace: (?P<namespace>{_NAME})\n"
    rf"  {_LABELS.replace(' *', ' {4}')}"
    rf"(?:  annotations:\n(?P<annotations>{_entries(4)}))?"
    r"spec:\n"
    r"  encryptedData:\n"
    rf"(?P<encrypted>{_entries(4)})"
    r"  template:\n"
    r"    metadata:\n"
    rf"      name: (?P<inner_name>{_NAME})\n"
    rf"      namespace: (?P<inner_namespace>{_NAME})\n"
    rf"      {_LABELS.replace(' *', ' {8}')}"
    rf"(?:      annotations:\n(?P<inner>{_entries(8)}))?"
)


def sealed_secret(content: bytes) -> Mapping[str, Any] | None:
    """Its names, annotations and `encryptedData`, where they stand; None for any other text."""
    try:
        found = re.fullmatch(_WRITTEN, content.decode("ascii"))
    except UnicodeDecodeError:
        return None
    if found is None:
        return None
    names = found["name"], found["namespace"], found["inner_name"], found["inner_namespace"]
    maps = [_map(found[part] or "") for part in ("annotations", "encrypted", "inner")]
    if any(one is None for one in maps) or not OTHER_MEANING.isdisjoint(names):
        return None
    annotations, encrypted, _ = maps
    metadata = {"name": names[0], "namespace": names[1], "annotations": annotations}
    return {"metadata": metadata, "spec": {"encryptedData": encrypted}}


# Placeholders and scopes are the same in many files.
@lru_cache(maxsize=256)
def _map(lines: str) -> Mapping[str, str] | None:
    """The entries of a map; None where a key is written twice, or a reader takes it for no text."""
    pairs = [line.strip().split(": ", 1) for line in lines.splitlines()]
    found = {key: text.strip('"') for key, text in pairs}
    bare = {part.casefold() for key, text in pairs for part in (key, text)}
    return found if len(found) == len(pairs) and bare.isdisjoint(OTHER_MEANING) else None
