"""New files are written beside their places, and moved into them when all of them are whole.

A new folder is written whole and moved at once.
"""

import contextlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from generator.build.tree import STAGED_SUFFIX, Change
from generator.records import field, record

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


@record
class Move:
    """New files by their paths in `staged`, which is then moved to `target`.

    Either one file, whose path is "", or all files of a new folder. The `precious` ones are synced
    to the disk. `mode` is the mode of the file before, to be kept.
    """

    staged: str
    target: str
    files: dict[str, bytes] = field(factory=dict)
    precious: list[str] = field(factory=list)
    mode: int | None = None

    def paths(self) -> list[str]:
        """Where its files are until they are moved."""
        return [f"{self.staged}{path}" for path in self.files]


def moves_of(root: Path, changes: Iterable[Change], precious: Collection[str]) -> dict[str, Move]:
    """All that is new, by what is moved: a file, or a whole new folder."""
    moves: dict[str, Move] = {}
    is_new: dict[str, bool] = {}
    for change in changes:
        if change.after is None:
            continue
        folder = _folder(change.path)
        if folder and folder not in is_new:
            is_new[folder] = not os.path.lexists(f"{root}/{folder}")
        path = folder if is_new.get(folder) else change.path
        if path not in moves:
            moves[path] = Move(staged=staged_path(root, path), target=f"{root}/{path}")
        rest = change.path[len(path) :]
        moves[path].files[rest] = change.after
        if change.path in precious:
            moves[path].precious.append(rest)
    return moves


def _folder(path: str) -> str:
    """The part of the site that a file belongs to: its environment's folder, cluster's or app's."""
    first, _, rest = path.partition("/")
    name, slash, _ = rest.partition("/")
    return f"{first}/{name}" if slash else ""


def is_in_new_folder(change: Change, moves: Collection[str]) -> bool:
    """Whether a file comes with its folder. One that existed when it was read does not."""
    return change.before is None and change.path not in moves and _folder(change.path) in moves


def staged_path(root: Path, path: str) -> str:
    """Where something new is until it is whole: beside its place."""
    folder, _, name = f"{root}/{path}".rpartition("/")
    return f"{folder}/.{name}{STAGED_SUFFIX}"


def is_free(move: Move) -> bool:
    """Whether nothing is in the place to stage it, without the empty folders of a killed run."""
    if not os.path.lexists(move.staged):
        return True
    if "" not in move.files and not Path(move.staged).is_symlink():
        for folder, _, _ in os.walk(move.staged, topdown=False):
            with contextlib.suppress(OSError):
                Path(folder).rmdir()
    return not os.path.lexists(move.staged)


def stage(moves: Collection[Move]) -> None:
    """Writes all that is new beside its place, and syncs the precious ones to the disk."""
    paths = [path for move in moves for path in move.paths()]
    for folder in sorted({path.rpartition("/")[0] for path in paths}):  # an outer one first
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103, a fresh fleet has hundreds
    for move in moves:
        for path, content in move.files.items():
            _put(f"{move.staged}{path}", content, move.mode)
    for move in moves:
        for path in move.precious:
            _sync(f"{move.staged}{path}")


def _put(path: str, content: bytes, mode: int | None) -> None:
    """Writes one file; `open` takes three times as long."""
    descriptor = os.open(path, _NEW, 0o666)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        done = os.write(descriptor, content)
        while done < len(content):
            done += os.write(descriptor, content[done:])
    finally:
        os.close(descriptor)


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_in(moves: Collection[Move]) -> None:
    """Moves all that is staged into its place, and syncs the folders of precious ones.

    A folder that was filled meanwhile is never replaced: the system refuses.
    """
    for move in moves:
        os.replace(move.staged, move.target)  # noqa: PTH105, a fresh fleet has hundreds
    # The folders that list a moved file: its own, and up to that of what was moved.
    folders = (
        str(folder)
        for move in moves
        for path in move.precious
        for folder in Path(f"{move.target}{path}").parents[: path.count("/") + 1]
    )
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):  # not every file system syncs folders
            _sync(folder)
