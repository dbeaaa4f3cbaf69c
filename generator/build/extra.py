"""What a user's `extra/` folder brings into the namespace, as Kustomize reads it. Pure.

It follows what the folder's kustomizations name, inside the folder. What only Kustomize could tell,
or what is not in the folder, is unclear: a merge would bring what no one has read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.build.repository import EXTRA_ENTRY
from generator.diagnostics import Pointer
from generator.records import record
from generator.yaml.stream import Unreadable, documents

Files = Mapping[str, bytes]

_ENTRIES = (EXTRA_ENTRY, "kustomization.yml", "Kustomization")
# What Kustomize would fetch, even where a folder of that name is here (its git/repospec.go).
_REMOTE = re.compile(r"[:@?]|//|^/|^github\.com", re.IGNORECASE)
# What counts as no content of the folder: editors' and systems' own files.
_HIDDEN = re.compile(r"(?:^|/)[.#]|(?:~|\.swp)$")

# Fields of a kustomization that make no object, and change of none what it is or where it goes.
_HARMLESS = frozenset(
    (
        *("apiVersion", "kind", "metadata", "buildMetadata", "sortOptions"),
        *("namePrefix", "nameSuffix", "labels", "commonLabels", "commonAnnotations"),
        *("images", "replicas", "generatorOptions"),
    )
)
_NAMED = ("resources", "bases", "components")
_GENERATED = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_FOLLOWED = frozenset(("namespace", *_NAMED, *_GENERATED, *_PATCHES))
# Of a JSON patch: what makes another object of one, or grants more.
_IDENTITY = re.compile(
    r"(?:|(?:kind|apiVersion|items|rules|roleRef|subjects)(?:/.*)?|metadata(?:/name(?:space)?)?)"
)


@record
class NamespaceField:
    """A namespace that a kustomization puts its objects into, and the line that says so."""

    namespace: str
    path: str
    line: int


@record
class Described:
    """An object, or a patch of one: where it begins in its file, and the lines of that document.

    `placed` says that a kustomization puts it into a namespace.
    """

    resource: Mapping[str, Any]
    path: str
    line: int
    lines: Mapping[Pointer, int]
    at: Pointer = ()
    placed: NamespaceField | None = None

    @property
    def namespace(self) -> str:
        """The namespace that a kustomization puts it into; empty where none does."""
        return "" if self.placed is None else self.placed.namespace

    def place(self, *key: str) -> tuple[str, int]:
        """The file and line that a key of it is written at, or that it begins at."""
        if self.placed is not None and key == ("metadata", "namespace"):
            return self.placed.path, self.placed.line
        return self.path, self.lines.get((*self.at, *key), self.line)


@record
class Unclear:
    """What can't be judged, and why, with its file and line."""

    reason: str
    path: str
    line: int


# What is read of a folder: the data of a document with the lines of its keys, or why it is unclear.
_Lines = Mapping[Pointer, int]
_Document = tuple[Any, _Lines] | Unclear
_Contents = Iterator[Described | Unclear]


class _ExtraFolder:
    """One pass over a folder; a kustomization that several name is read once for each namespace."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.known: set[tuple[str, NamespaceField | None]] = set()

    def folder(self, folder: str, outer: NamespaceField | None) -> _Contents:
        """What a kustomization leads to; nothing where the folder has none."""
        paths = [path for name in _ENTRIES if (path := _joined(folder, name)) in self.files]
        if not paths or (folder, outer) in self.known:
            return
        self.known.add((folder, outer))
        for one in self._documents(paths[0]):
            if isinstance(one, Unclear):
                yield one
            elif isinstance(one[0], dict):
                yield from self._fields(folder, paths[0], *one, outer)

    def _fields(
        self,
        folder: str,
        path: str,
        content: dict[str, Any],
        lines: _Lines,
        outer: NamespaceField | None,
    ) -> _Contents:
        for field in sorted(content.keys() - _HARMLESS - _FOLLOWED):
            reason = f"hubops can't tell what '{field}' makes of the objects"
            yield Unclear(reason=reason, path=path, line=lines.get((field,), 1))
        if "fields" in str(content.get("labels")):  # a label can be put anywhere
            reason = "hubops can't tell what 'fields' of labels change"
            yield Unclear(reason=reason, path=path, line=lines.get(("labels",), 1))
        own, placed = content.get("namespace"), outer
        if own and outer is None:  # the outermost counts
            placed = NamespaceField(
                namespace=str(own), path=path, line=lines.get(("namespace",), 1)
            )
        for field in (*_NAMED, *_GENERATED, *_PATCHES):
            entries = content.get(field) or []
            for number, entry in enumerate(entries if isinstance(entries, list) else [entries]):
                line = lines.get((field, number), 1)
                if field in _NAMED:
                    yield from self._named(folder, str(entry), path, line, placed)
                elif field in _PATCHES:
                    yield from self._patch(folder, entry, path, line, placed)
                else:
                    yield from _generated(_GENERATED[field], entry, path, line, placed)

    def _named(
        self, folder: str, entry: str, path: str, line: int, placed: NamespaceField | None
    ) -> _Contents:
        """The objects of a file or folder that a kustomization names; Kustomize misses others."""
        inside = _joined(folder, entry)
        if refused := _outside(entry, inside):
            yield Unclear(reason=refused, path=path, line=line)
        elif inside not in self.files:
            yield from self.folder(inside, placed)
        else:
            for one in self._documents(inside):
                if isinstance(one, Unclear):
                    yield one
                elif isinstance(one[0], str) or self._is_link(inside):
                    yield Unclear(reason="it is a link, or holds no object", path=inside, line=1)
                else:
                    yield from _objects(*one, inside, 1, placed)

    def _patch(
        self, folder: str, entry: Any, path: str, line: int, placed: NamespaceField | None
    ) -> _Contents:
        if not isinstance(entry, dict):  # of patchesStrategicMerge: a text, or the name of a file
            entry = {"patch" if set(str(entry)) & set("\n{[") else "path": str(entry)}
        options, target = entry.get("options"), entry.get("target")
        if entry.keys() - {"patch", "path", "target", "options"} or (
            isinstance(options, dict) and options.keys() - {"allowNameChange"}
        ):
            reason = "the patch may make another kind of an object"
            yield Unclear(reason=reason, path=path, line=line)
        if isinstance(target, dict) and not target.get("kind"):
            reason = "the target of the patch names no kind"
            yield Unclear(reason=reason, path=path, line=line)
        text, name = str(entry.get("patch") or ""), str(entry.get("path") or "")
        if refused := _outside(name, _joined(folder, name)) if name else "":
            yield Unclear(reason=refused, path=path, line=line)
            return
        documents = _parsed(text, path, line)
        if name:
            path, line = _joined(folder, name), 1
            documents = self._documents(path) if path in self.files else iter(())
        for one in documents:
            if isinstance(one, Unclear):
                yield one
                continue
            patch, lines = one
            if isinstance(patch, list):
                yield from _operations(patch, path, line)
            elif isinstance(patch, dict):
                kind = {"kind": target.get("kind")} if isinstance(target, dict) else {}
                yield from _objects(patch | kind, lines, path, line, placed)

    def _is_link(self, path: str) -> bool:
        """Whether what was read is the name of another file: so a link is read."""
        target = _joined(path.rpartition("/")[0], self.files[path].decode(errors="replace"))
        return target in self.files or (_HIDDEN.search(target) is not None and "\n" not in target)

    def _documents(self, path: str) -> Iterator[_Document]:
        try:
            return _parsed(self.files[path].decode("utf-8-sig"), path)
        except UnicodeDecodeError:
            return iter((Unclear(reason="it is not UTF-8", path=path, line=1),))


def _joined(folder: str, entry: str) -> str:
    steps: list[str] = []
    for step in f"{folder}/{entry}".split("/"):
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _outside(entry: str, path: str) -> str:
    """Why a name does not lead to a file that was read here."""
    if _REMOTE.search(entry) or path.startswith(".."):
        return f"'{entry}' is not in this folder"
    return f"hubops leaves out a file of the name '{entry}'" if _HIDDEN.search(path) else ""


def _parsed(text: str, path: str, inline: int = 0) -> Iterator[_Document]:
    """The documents of a text; all of one that stands inside a kustomization is at that line."""
    try:
        for data, lines in documents(text):
            for pointer, _, again in lines.again:
                reason = f"the key '{pointer[-1]}' is written twice"
                yield Unclear(reason=reason, path=path, line=inline or again)
            yield data, {} if inline else lines.at
    except Unreadable as error:
        yield Unclear(reason=f"it can't be read: {error}", path=path, line=inline or 1)


def _objects(
    data: Any, lines: _Lines, path: str, line: int, placed: NamespaceField | None, at: Pointer = ()
) -> _Contents:
    """The objects of a document; what has a list `items` is a list to Argo CD, whatever its kind.

    Without a kind Kustomize takes no object, unless a merge key brings one.
    """
    if not isinstance(data, dict):
        return
    kind, items = data.get("kind"), data.get("items")
    line = lines.get(at, line)
    if "<<" in data or "<<" in (data.get("metadata") or ()):
        yield Unclear(reason="hubops does not follow a list of merge keys", path=path, line=line)
    if isinstance(items, list):
        one = str(kind).removesuffix("List")
        of_list = {"apiVersion": data.get("apiVersion"), "kind": one} if one != kind and one else {}
        for number, item in enumerate(items):
            item = of_list | item if isinstance(item, dict) else item
            yield from _objects(item, lines, path, line, placed, (*at, "items", number))
    if isinstance(kind, str) and not (isinstance(items, list) and kind.endswith("List")):
        yield Described(resource=data, path=path, line=line, lines=lines, at=at, placed=placed)


def _generated(
    kind: str, entry: Any, path: str, line: int, placed: NamespaceField | None
) -> _Contents:
    entry = entry if isinstance(entry, dict) else {}
    if any(key != "namespace" and key.casefold() == "namespace" for key in entry):
        yield Unclear(reason="'namespace' is spelled in capitals", path=path, line=line)
    metadata = {key: entry[key] for key in ("name", "namespace") if key in entry}
    resource = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    yield Described(resource=resource, path=path, line=line, lines={}, placed=placed)


def _operations(patch: Sequence[Any], path: str, line: int) -> Iterator[Unclear]:
    for operation in patch:
        at = str(operation.get("path", "")) if isinstance(operation, dict) else ""
        if _IDENTITY.fullmatch(at.partition("/")[2]):  # what is before it counts for nothing
            reason = f"a patch may not change '{at}'"
            yield Unclear(reason=reason, path=path, line=line)


def spelled(resource: Mapping[str, Any]) -> str:
    """An object as people name it."""
    metadata = resource.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else ""
    return f"{resource.get('kind')} '{name}'" if name else str(resource.get("kind"))


def contents(files: Files) -> _Contents:
    """Everything that the folder's kustomization leads to, where there is one."""
    return _ExtraFolder(files).folder("", None) if EXTRA_ENTRY in files else iter(())
