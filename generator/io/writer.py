"""The one door for writes: the generated tree, and single files of a known kind.

Nothing is written through a link, over a user's file, or to a path whose kind hubops does not know.
An interrupted run leaves whole files only, and the next one finishes it: everything is staged, then
moved into place, then files are pruned. A new file that can't be made again is on the disk before
it takes its place; `generate` makes the others again.
"""

import contextlib
import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from generator.build.tree import STAGED_SUFFIX, Change, Changes, compare
from generator.diagnostics import GeneratorError
from generator.io import interrupts, staging
from generator.io.staging import Move
from generator.records import record
from generator.yaml.write import carries_header

LOCK_NAME = ".hubops.lock"
LOCK_PATIENCE = 30.0
_LOCK_POLL = 0.05
# Where each kind of file may be, for people.
_IN_WORDS = {
    "a certificate": "certificates/NAME.pem",
    "a site file": "a file of its folder",
    "a charts.lock": "charts.lock",
    "a packaged chart": "a .tgz file of the cache",
    "rendered manifests": "FOLDER/NAME.yaml",
}


@contextlib.contextmanager
def lock(
    root: Path, patience: float = LOCK_PATIENCE, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Holds the site's folder for one writing run; a second run waits, then gives up.

    `waiting` is called once when another run is found. GeneratorError when the folder can't be
    written, or the other run goes on for `patience` seconds.
    """
    path, deadline = root / LOCK_NAME, time.monotonic() + patience
    descriptor, said = None, False
    try:
        while descriptor is None:
            with interrupts.put_off():
                descriptor = _acquired(path)
            if descriptor is None:
                if not said:
                    waiting()
                    said = True
                _wait(path, deadline)
        yield
    finally:
        if descriptor is not None:
            try:
                with contextlib.suppress(OSError):
                    path.unlink()
            finally:
                os.close(descriptor)


def _acquired(path: Path) -> int | None:
    """The descriptor of the locked file; None while another run holds it."""
    while True:
        descriptor = _open_lock(path)
        if not _is_free(descriptor, path):
            os.close(descriptor)
            return None
        if _is_current(descriptor, path):
            return descriptor
        os.close(descriptor)  # the run before removed the file that was waited for


def _wait(path: Path, deadline: float) -> None:
    if time.monotonic() > deadline:
        help = "wait until it has ended, then run again"
        raise GeneratorError(f"another hubops is writing in {path.parent.resolve()}", help)
    time.sleep(_LOCK_POLL)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        help = "hubops keeps this file while it writes: make its folder writable for you"
        raise GeneratorError.refused(path, error, help) from None


def _is_free(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        os.close(descriptor)
        help = "this file system has no locks: work in a clone on a local disk"
        raise GeneratorError.refused(path, error, help) from None
    return True


def _is_current(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@record
class Kind:
    """A kind of file that is written one at a time.

    `place` matches its path from the site's folder, `mark` a part of every file of the kind. An
    empty file is of any kind: a failed redirection leaves one.
    """

    what: str
    place: str
    mark: bytes


CERTIFICATE = Kind(
    what="a certificate",
    place=r"certificates/.+\.pem",
    mark=rb"(?ms)\A(?!.*PRIVATE KEY).*^-----BEGIN CERTIFICATE-----",
)
# A site file is in the folder of the path that the user named, or in the current one.
SITE = Kind(what="a site file", place=r"[^/]+", mark=rb"\bschemaVersion\b")
CHARTS_LOCK = Kind(what="a charts.lock", place=r"charts\.lock", mark=rb"\bcharts\b")
# In the cache, which is hubops' own folder: a damaged file there is replaced.
PACKAGED_CHART = Kind(what="a packaged chart", place=r"[^/]+\.tgz", mark=rb"")
# In the folder that the user named for what `render` shows.
MANIFESTS = Kind(
    what="rendered manifests", place=r"[^/]+/[^/]+\.yaml", mark=rb"\bapiVersion\b|\A---|\A#"
)


def put(root: Path, path: str, content: bytes, kind: Kind) -> bool:
    """Writes one file, whole or not at all, and keeps its mode; whether that changed anything.

    `path` is from the site's folder, or from the folder that the user named. The caller holds the
    lock where other runs may write. GeneratorError, and nothing written, where the path or the file
    there is not of the kind, where a link is in the way, or when the system refuses.
    """
    steps = path.split("/")
    if not re.fullmatch(kind.place, path) or not {"", ".", ".."}.isdisjoint(steps):
        help = f"hubops writes {kind.what} only to {_IN_WORDS[kind.what]}"
        raise GeneratorError(f"{path}: not a path for {kind.what}; nothing was written", help)
    _refuse_obstacles(root, [path])
    before = _content(root / path)
    if before and not re.search(kind.mark, before):
        help = "move the file away, or use another path"
        raise GeneratorError(f"{path}: not {kind.what}; nothing was written", help)
    changes = compare({} if before is None else {path: before}, {path: content}).changes
    if changes:
        mode = None if before is None else stat.S_IMODE((root / path).stat().st_mode)
        staged = staging.staged_path(root, path)
        move = Move(staged=staged, target=f"{root}/{path}", mode=mode)
        move.files[""] = content
        move.precious.append("")
        is_left = Path(staged).is_file() and not Path(staged).is_symlink()  # of a killed run
        _write(root, changes, {path: move}, [staging.staged_path(Path(), path)] if is_left else [])
    return bool(changes)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        help = "make it readable for you and run again"
        raise GeneratorError.refused(path, error, help) from None


def apply(
    root: Path,
    changes: Changes,
    *,
    sealed: Collection[str],
    precious: Collection[str] = (),
    staged: Iterable[str] = (),
) -> None:
    """Makes the working copy what the changes say. The caller holds the lock.

    `sealed` are the paths of SealedSecrets whose values the caller has read and put into the new
    content; `precious` those whose new content is in no other file. `staged` are left from an
    interrupted run. GeneratorError before the first change when a user's file or a link is in the
    way; afterwards only when the disk refuses.
    """
    # What tells of the state before (a cluster's files) goes last: a run that has to finish this
    # one still sees it, and can say what is left to do.
    ordered = changes.changes[::-1]
    # A SealedSecret's values come back in the new file. A machine that stopped may leave an empty
    # file.
    foreign = sorted(
        change.path
        for change in ordered
        if change.before and not carries_header(change.before) and change.path not in sealed
    )
    if foreign:
        raise GeneratorError(
            "hubops did not write the files that are in its places; nothing was changed",
            "move each away, or delete it, then run again",
            tuple(foreign),
        )
    _write(root, ordered, staging.moves_of(root, ordered, precious), staged)


def _write(
    root: Path, changes: Sequence[Change], moves: Mapping[str, Move], staged: Iterable[str]
) -> None:
    """Stages what is new, moves it into place, and prunes what is gone."""
    here = [change for change in changes if not staging.is_in_new_folder(change, moves)]
    _refuse_obstacles(root, [*moves, *(change.path for change in here)])
    begun: Iterable[Move] = ()
    is_touched = False
    try:
        for path in staged:
            _remove(root, path)
        _refuse_taken(root, moves.values())
        begun = moves.values()
        staging.stage(moves.values())
        _refuse_late_edits(root, here, moves)
        is_touched = True
        staging.move_in(moves.values())
        for change in changes:
            if change.after is None:
                _remove(root, change.path)
    except BaseException as error:
        for path in (path for move in begun for path in move.paths()):
            with contextlib.suppress(OSError):
                _remove(root, str(Path(path).relative_to(root)))
        if isinstance(error, OSError):
            raise _stopped(root, error, is_touched=is_touched) from None
        raise


def withdraw(root: Path, paths: Iterable[str]) -> None:
    """Deletes files that this run created, and the folders that are empty without them."""
    for path in paths:
        with contextlib.suppress(OSError):
            (root / path).unlink(missing_ok=True)
        for parent in Path(path).parents[:-1]:
            with contextlib.suppress(OSError):
                (root / parent).rmdir()


def _stopped(root: Path, error: OSError, *, is_touched: bool) -> GeneratorError:
    path = Path(os.fsdecode(error.filename2 or error.filename or root))
    path = Path(
        *(
            step[1:].removesuffix(STAGED_SUFFIX) if step.endswith(STAGED_SUFFIX) else step
            for step in path.parts
        )
    )
    what = "every written file is whole" if is_touched else "nothing was changed"
    return GeneratorError.refused(path, error, f"{what}; fix the cause and run again")


def _refuse_obstacles(root: Path, paths: Iterable[str]) -> None:
    real: set[str] = set()
    obstacles = {obstacle(root, path, real) for path in paths} - {""}
    if obstacles:
        raise GeneratorError(
            "something else is in a place where hubops writes; nothing was changed",
            "put a real file or folder there, or move it away; hubops writes through no link",
            tuple(sorted(obstacles)),
        )


def _refuse_taken(root: Path, moves: Iterable[Move]) -> None:
    """GeneratorError where something that hubops did not leave is in the place to stage a file."""
    taken = sorted(
        str(Path(move.staged).relative_to(root)) for move in moves if not staging.is_free(move)
    )
    if taken:
        raise GeneratorError(
            "something else is in a place where hubops stages files; nothing was changed",
            "check it, and move it away or delete it; hubops writes through no link",
            tuple(taken),
        )


def obstacle(root: Path, path: str, real: set[str] | None = None) -> str:
    """What keeps a file from its place, or nothing: a link on the way, or another kind of entry.

    `real` are folders without an obstacle; the function adds to it.
    """
    real = set() if real is None else real
    folder, _, _ = path.rpartition("/")
    if folder and folder not in real:
        steps = folder.split("/")
        for depth in range(1, len(steps) + 1):
            step = "/".join(steps[:depth])
            if step not in real and (way := _in_the_way(root, step, stat.S_ISDIR, "folder")):
                return way
            real.add(step)
    return _in_the_way(root, path, stat.S_ISREG, "file")


def _in_the_way(root: Path, path: str, fits: Callable[[int], bool], what: str) -> str:
    try:
        mode = (root / path).lstat().st_mode
    except OSError:
        return ""  # nothing there; or the writing itself says what is wrong
    if stat.S_ISLNK(mode):
        return f"{path}: a link to {(root / path).readlink()}"
    return "" if fits(mode) else f"{path}: not a {what}, and a {what} belongs there"


def _refuse_late_edits(root: Path, changes: Iterable[Change], moves: Mapping[str, Move]) -> None:
    """GeneratorError where a file changed since it was read: it may hold a new sealed value."""
    for change in changes:
        try:
            now = (root / change.path).read_bytes()
        except FileNotFoundError:
            now = None
        if now != change.before:
            raise _changed(change.path)
    for path, move in moves.items():
        if "" not in move.files and os.path.lexists(move.target):
            raise _changed(path)


def _changed(path: str) -> GeneratorError:
    return GeneratorError(f"{path} changed while hubops ran; nothing was written", "run again")


def _remove(root: Path, path: str) -> None:
    """Deletes a file, and the folders that are empty without it."""
    (root / path).unlink(missing_ok=True)
    for parent in Path(path).parents[:-2]:
        try:
            (root / parent).rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return  # something else lives there
