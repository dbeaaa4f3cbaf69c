"""Writes a tree to disk: refuses or stages everything, then replaces, then prunes.

An interrupted run leaves whole files only, and the next one finishes it. Files that hold sealed
values are on the disk before they take their place; everything else can be generated again.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from generator.diagnostics import GeneratorError
from generator.tree import Change, ChangeKind, Changes
from generator.worktree import STAGED_SUFFIX, reason
from generator.yaml_write import carries_header

LOCK_NAME = ".hubops.lock"
LOCK_PATIENCE = 30.0
_LOCK_POLL = 0.05


@contextlib.contextmanager
def lock(root: Path, patience: float = LOCK_PATIENCE) -> Iterator[None]:
    """Holds the site's folder for one writing run; a second run waits, then gives up.

    GeneratorError when the folder can't be written, or another run goes on for `patience` seconds.
    """
    path = root / LOCK_NAME
    descriptor = _acquire(path, time.monotonic() + patience)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _acquire(path: Path, deadline: float) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            help = "hubops writes beside site.yaml: make the folder writable for you"
            raise GeneratorError(f"{path}: {reason(error)}", help) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            if time.monotonic() > deadline:
                help = "wait until it has ended, then run again"
                raise GeneratorError("another hubops is writing here", help) from None
            time.sleep(_LOCK_POLL)
            continue
        if _is_current(descriptor, path):
            return descriptor
        os.close(descriptor)  # the run before removed the file that was waited for


def _is_current(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def apply(
    root: Path, changes: Changes, *, sealed: Collection[str], staged: Iterable[str] = ()
) -> None:
    """Makes the working copy what the changes say. The caller holds the lock.

    `sealed` are the paths of SealedSecrets, whose values the caller has read and put into the new
    content. `staged` are left over from an interrupted run. GeneratorError before the first
    change when a user's file or a link is in the way; afterwards only when the disk refuses.
    """
    _refuse_foreign(changes, sealed)
    for change in changes.changes:
        _refuse_obstacles(root, change.path)
    try:
        for leftover in staged:
            (root / leftover).unlink(missing_ok=True)
        _replace(root, _written(changes), sealed)
        for change in changes.of(ChangeKind.DELETED):
            _prune(root, change.path)
    except OSError as error:
        where = error.filename or root
        help = "what was written is whole; mend the cause and run again to finish"
        raise GeneratorError(f"{where}: {reason(error)}", help) from None


def _written(changes: Changes) -> tuple[Change, ...]:
    return changes.of(ChangeKind.CREATED) + changes.of(ChangeKind.UPDATED)


def _refuse_foreign(changes: Changes, sealed: Collection[str]) -> None:
    """A file without the header is a user's; a SealedSecret's values come back in the new one."""
    foreign = tuple(
        change.path
        for change in changes.of(ChangeKind.UPDATED) + changes.of(ChangeKind.DELETED)
        if not carries_header(change.before or b"") and change.path not in sealed
    )
    if foreign:
        raise GeneratorError(
            "files that hubops did not write stand where it writes; nothing was changed",
            "move each away, or delete it, then run again",
            foreign,
        )


def _refuse_obstacles(root: Path, path: str) -> None:
    """Links, and files where a folder belongs or the reverse."""
    steps = path.split("/")
    for depth in range(1, len(steps) + 1):
        step = "/".join(steps[:depth])
        full, last = root / step, depth == len(steps)
        if full.is_symlink():
            help = "replace it with a real file or folder; hubops writes through no link"
            raise GeneratorError(f"{step}: a link to {full.readlink()}", help)
        if full.exists() and full.is_dir() is last:
            kinds = ("folder", "file") if last else ("file", "folder")
            message = f"{step}: a {kinds[0]} stands where a {kinds[1]} belongs"
            raise GeneratorError(message, "move it away and run again")


def _replace(root: Path, changes: Iterable[Change], sealed: Collection[str]) -> None:
    """Stages every file beside its place, then moves each into it."""
    moves: list[tuple[Path, Path]] = []
    for change in changes:
        target = root / change.path
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_name(f".{target.name}{STAGED_SUFFIX}")
        _stage(staged, change.after or b"", durable=change.path in sealed)
        moves.append((staged, target))
    for staged, target in moves:
        staged.replace(target)


def _stage(path: Path, content: bytes, *, durable: bool) -> None:
    with path.open("wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _prune(root: Path, path: str) -> None:
    """Deletes a file, and the folders that are empty without it."""
    (root / path).unlink()
    for parent in Path(path).parents[:-2] or ():
        try:
            (root / parent).rmdir()
        except OSError:
            return  # a user's file lives there
