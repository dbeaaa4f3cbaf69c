"""Writes a tree to disk: refuses, or stages everything, then replaces, then prunes.

An interrupted run leaves whole files only, and the next one finishes it. A new file that holds
sealed values is on the disk before it takes its place, and all are in place before anything is
pruned. For the others nobody waits: should the machine stop, `generate` makes them again.
"""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from generator.build.tree import STAGED_SUFFIX, Change, Changes
from generator.diagnostics import GeneratorError
from generator.io import interrupts, staging
from generator.yaml.write import carries_header

LOCK_NAME = ".hubops.lock"
LOCK_PATIENCE = 30.0
_LOCK_POLL = 0.05


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


def rewrite(path: Path, content: bytes) -> None:
    """Writes a file that people own, as a whole or not at all; behind a link, with its old mode.

    GeneratorError when the system refuses.
    """
    import tempfile  # 6 ms to load, and `generate` needs none of it

    try:
        target = path.resolve(strict=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        staged = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            staged.chmod(stat.S_IMODE(target.stat().st_mode))
            staged.replace(target)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
    except OSError as error:
        help = "make room or give access, then run again"
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

    `sealed` are the paths of SealedSecrets, whose values the caller has read and put into the new
    content; `precious` those whose new content holds a value that stands nowhere else. `staged` are
    left over from an interrupted run. GeneratorError before the first change when a user's file or
    a link is in the way; afterwards only when the disk refuses.
    """
    # What tells of the state before (a cluster's files) goes last: a run that has to finish this
    # one still sees it, and can say what is left to do.
    ordered = changes.changes[::-1]
    _refuse_foreign(ordered, sealed)
    moves = staging.moves_of(
        root, [change for change in ordered if change.after is not None], precious
    )
    here = [change for change in ordered if not staging.is_in_new_folder(change, moves)]
    _refuse_obstacles(root, [*moves, *(change.path for change in here)])
    pruned = [change.path for change in ordered if change.after is None]
    begun: Iterable[staging.Move] = ()
    touched = False
    try:
        for leftover in staged:
            _remove(root, leftover)
        _refuse_strangers(root, moves.values())
        begun = moves.values()
        staging.stage(root, moves.values())
        _refuse_late_edits(root, here, moves)
        touched = True
        staging.move_in(moves.values())
        for path in pruned:
            _remove(root, path)
    except BaseException as error:
        for path in (path for move in begun for path in move.paths()):
            with contextlib.suppress(OSError):
                _remove(root, str(Path(path).relative_to(root)))
        if isinstance(error, OSError):
            raise _stopped(root, error, touched=touched) from None
        raise


def replace(root: Path, path: str, content: bytes) -> None:
    """Puts one file of the user's in its place, whole or not at all. The caller holds the lock."""
    _refuse_obstacles(root, [path])
    move = staging.Move(staged=staging.staged_path(root, path), target=f"{root}/{path}")
    move.files[""] = content
    move.precious.append("")
    with contextlib.suppress(OSError):
        if not Path(move.staged).is_symlink():
            Path(move.staged).unlink()  # of a killed run
    _refuse_strangers(root, [move])
    try:
        staging.stage(root, [move])
        staging.move_in([move])
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(move.staged).unlink()
        if isinstance(error, OSError):
            raise _stopped(root, error, touched=False) from None
        raise


def withdraw(root: Path, paths: Iterable[str]) -> None:
    """Deletes files that this run made, and the folders that are empty without them."""
    for path in paths:
        with contextlib.suppress(OSError):
            (root / path).unlink(missing_ok=True)
        for parent in Path(path).parents[:-1]:
            with contextlib.suppress(OSError):
                (root / parent).rmdir()


def _stopped(root: Path, error: OSError, *, touched: bool) -> GeneratorError:
    path = Path(os.fsdecode(error.filename2 or error.filename or root))
    path = Path(
        *(
            step[1:].removesuffix(STAGED_SUFFIX) if step.endswith(STAGED_SUFFIX) else step
            for step in path.parts
        )
    )
    what = "what was written is whole" if touched else "nothing was changed"
    return GeneratorError.refused(path, error, f"{what}; mend the cause and run again")


def _refuse_foreign(changes: Iterable[Change], sealed: Collection[str]) -> None:
    """A file without the header is a user's; a SealedSecret's values come back in the new one."""
    foreign = sorted(
        change.path
        for change in changes
        # An empty file is what a machine that stopped may leave of a new one.
        if change.before and not carries_header(change.before) and change.path not in sealed
    )
    if foreign:
        raise GeneratorError(
            "files that hubops did not write stand where it writes; nothing was changed",
            "move each away, or delete it, then run again",
            tuple(foreign),
        )


def _refuse_obstacles(root: Path, paths: Iterable[str]) -> None:
    real: set[str] = set()
    found = {obstacle(root, path, real) for path in paths} - {""}
    if found:
        raise GeneratorError(
            "something else stands where hubops writes; nothing was changed",
            "put a real file or folder there, or move it away; hubops writes through no link",
            tuple(sorted(found)),
        )


def _refuse_strangers(root: Path, moves: Iterable[staging.Move]) -> None:
    """Something that no run of hubops left stands where it prepares files: nothing goes there."""
    found = sorted(
        str(Path(move.staged).relative_to(root)) for move in moves if not staging.make_way(move)
    )
    if found:
        raise GeneratorError(
            "something stands where hubops prepares what it writes; nothing was changed",
            "look at it, and move it away or delete it; hubops writes through no link",
            tuple(found),
        )


def obstacle(root: Path, path: str, real: set[str] | None = None) -> str:
    """What keeps a file from its place, or nothing: a link on the way, or no file or folder.

    `real` are folders that nothing keeps from theirs; those that are found so are added to it.
    """
    real = set() if real is None else real
    folder, _, _ = path.rpartition("/")
    if folder and folder not in real:
        steps = folder.split("/")
        for depth in range(1, len(steps) + 1):
            step = "/".join(steps[:depth])
            if step not in real and (found := _in_the_way(root, step, stat.S_ISDIR, "folder")):
                return found
            real.add(step)
    return _in_the_way(root, path, stat.S_ISREG, "file")


def _in_the_way(root: Path, path: str, fits: Callable[[int], bool], what: str) -> str:
    try:
        mode = (root / path).lstat().st_mode
    except OSError:
        return ""  # nothing there; or the writing itself says what is wrong
    if stat.S_ISLNK(mode):
        return f"{path}: a link to {(root / path).readlink()}"
    return "" if fits(mode) else f"{path}: no {what}, and a {what} belongs there"


def _refuse_late_edits(
    root: Path, changes: Iterable[Change], moves: Mapping[str, staging.Move]
) -> None:
    """Somebody may have put a sealed value into a file since it was read."""
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
