"""The generated files as a value: path -> bytes, and what changes from one tree to another."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from generator.records import record

# A Kubernetes object, or a part of one.
Resource = dict[str, Any]

FOLDERS = ("apps", "clusters", "overlays")
# What Argo CD merges into the Application that syncs the folder: `.argocd-source[-NAME].yaml`.
SOURCE_OVERRIDE = "/.argocd-source"
# A new file is staged beside its place, as `.NAME` with this suffix, until it is whole.
STAGED_SUFFIX = ".hubops-staged"


class Tree(Mapping[str, bytes]):
    """Files by path from the site's folder, in the order of their paths; immutable."""

    __slots__ = ("_files",)

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(sorted(files.items()))

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class ChangeKind(StrEnum):
    """What happens to one file."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@record
class Change:
    """One file that differs; `before` or `after` is None where there is none."""

    kind: ChangeKind
    path: str
    before: bytes | None
    after: bytes | None


@record
class Changes:
    """All that differs, by path, and how many files are equal."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Changes:
    """What must happen to the old tree for it to become the new one."""
    files = dict(new)
    differing = [path for path, after in files.items() if old.get(path) != after]
    gone = [path for path in old if path not in files]
    changes = (_change(path, old.get(path), files.get(path)) for path in sorted(differing + gone))
    return Changes(changes=tuple(changes), unchanged=len(files) - len(differing))


def _change(path: str, before: bytes | None, after: bytes | None) -> Change:
    kind = ChangeKind.DELETED if after is None else ChangeKind.UPDATED
    kind = ChangeKind.CREATED if before is None else kind
    return Change(kind=kind, path=path, before=before, after=after)
