"""How a random field of a chart is left out of Argo CD's comparison, and whether that is safe.

With `RespectIgnoreDifferences`, which hubops sets beside `ignoreDifferences`, a sync keeps what is
in the cluster: what an ignored field holds is the value of its first sync.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.diagnostics import Pointer
from generator.proof.checks.base import json_pointer
from generator.proof.rendering import (
    Identity,
    Rendered,
    Resource,
    entries,
    identity,
    ignored,
)

# The random fields of a release, by object.
Fields = Mapping[Identity, Sequence[Pointer]]

_PLAIN = r"[A-Za-z/_][\w./~-]*"
_CERTIFICATE = r"(?i)(.*[._-])?(crt|cert|pem|ca|key)"
# Shorter texts are alike by chance.
_LONG = 8

_ITSELF = (
    "ignoreDifferences can't hide it: at each sync Argo CD makes the new object and prunes the old "
    "one; only a fixed value or name helps"
)
_CHECKSUM = (
    "not safe: while it is compared, the pods restart at each sync, and once it is hidden, no "
    "change of what it is a checksum of restarts them; with fixed values it stays the same"
)
_POD = (
    "safe only if nothing else must hold the same value; while it is compared, the pods restart at "
    "each sync"
)
_CA = "safe only together with the certificate that it belongs to"
_ENDS = (
    "safe only until the certificate ends, for nothing renews it: let cert-manager make it, where "
    "the chart can"
)
_SECRET = (
    "safe only while the Secret stays: a deleted one gets a new value, and all that holds the old "
    "one must follow"
)
_OTHER = "it keeps the value of the first sync"


def is_ignored(application: Resource, known: Identity, path: Pointer) -> bool:
    """Whether Argo CD compares without it; in what it compares, `stringData` has become `data`."""
    if (known.group, known.kind) == ("", "Secret") and path[:1] == ("stringData",):
        path = ("data", *path[1:])
    wanted = tuple(map(str, path))
    here = [
        entry
        for entry in entries(application, "spec", "ignoreDifferences")
        if entry.get("namespace", "") in ("", known.namespace)
    ]
    return any(wanted[: len(place)] == place for place in ignored(here, known))


def cure(release: Rendered, found: Fields, known: Identity) -> str:
    """What to do about the random fields of an object: the entry that hides them, and its price."""
    paths = found[known]
    if any(len(path) < 2 for path in paths):
        return f"give the chart a fixed value; {_ITSELF}"
    entry = written(known, paths, "rendered at random")
    said = dict.fromkeys(_advice(known, path) for path in paths)
    others = ", ".join(map(str, _sharing(release, found, known)))
    pair = f"; hide it in {others} too, which holds the same value" if others else ""
    return (
        f"give the chart a fixed value, or write under  ignoreDifferences  of the app  - {entry}"
        f"  # hidden: {'; '.join(said)}{pair}"
    )


def written(known: Identity, paths: Iterable[Pointer], reason: str) -> str:
    """An entry of `ignoreDifferences` of an app, as site.yaml takes it."""
    fields = {"group": known.group, "kind": known.kind, "name": known.name}
    parts = [f"{key}: {_scalar(text)}" for key, text in fields.items() if text]
    pointers = ", ".join(_scalar(json_pointer(_compared(known, path))) for path in paths)
    return f"{{{', '.join(parts)}, jsonPointers: [{pointers}], reason: {reason}}}"


def _compared(known: Identity, path: Pointer) -> Pointer:
    """Where Argo CD compares it: what `stringData` holds has become `data`."""
    is_text = known.kind == "Secret" and path[:1] == ("stringData",)
    return ("data", *path[1:]) if is_text else path


def _scalar(text: str) -> str:
    """A text in a flow of YAML."""
    return text if re.fullmatch(_PLAIN, text) else json.dumps(text, ensure_ascii=False)


def _advice(known: Identity, path: Pointer) -> str:
    """Whether hiding one field is safe."""
    last = str(path[-1])
    if path[0] == "spec" and "template" in path:
        return _CHECKSUM if "metadata" in path[path.index("template") :] else _POD
    if last == "caBundle":
        return _CA
    if (known.group, known.kind) == ("", "Secret"):
        return _ENDS if re.fullmatch(_CERTIFICATE, last) else _SECRET
    return _OTHER


def _sharing(release: Rendered, found: Fields, known: Identity) -> Iterator[Identity]:
    """The other objects of which a random field holds the same value as one of this object."""
    assert release.chart is not None
    objects = {identity(one, release.namespace): one for one in release.chart.objects}
    own = set(_texts(objects[known], found[known]))
    for other, paths in found.items():
        if other != known and other in objects and own & set(_texts(objects[other], paths)):
            yield other


def _texts(resource: Resource, paths: Iterable[Pointer]) -> Iterator[str]:
    """What an object holds at these places, decoded; only what is long enough to be told apart."""
    for path in paths:
        node: Any = resource
        for step in path:
            is_list = isinstance(node, list) and isinstance(step, int) and step < len(node)
            is_there = is_list or (isinstance(node, Mapping) and step in node)
            node = node[step] if is_there else None
        if isinstance(node, str):
            text = _decoded(node) if path[:1] == ("data",) or path[-1] == "caBundle" else node
            if len(text) >= _LONG:
                yield text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text
