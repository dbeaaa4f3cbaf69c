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
import signal
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from generator.build.tree import STAGED_SUFFIX, Change, Changes, compare
from generator.diagnostics import GeneratorError
from generator.io import git, staging
from generator.io.staging import Move
from generator.records import record
from generator.yaml.write import carries_header

LOCK_NAME = ".hubops.lock"
LOCK_PATIENCE = 30.0
_LOCK_POLL = 0.05
_GIT = ".git"
_LOCK = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


@contextlib.contextmanager
def lock(
    root: Path, patience: float = LOCK_PATIENCE, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Holds the site's folder for one writing run; a second run waits, then gives up.

    `waiting` is called once when another run is found. GeneratorError when the folder can't be
    written, or the other run goes on for `patience` seconds.
    """
    refuse_git_folder(root)
    path, deadline = root / LOCK_NAME, time.monotonic() + patience
    descriptor, said = None, False
    try:
        while True:
            # No interrupt falls between the lock and the variable by which it is given back.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                descriptor = _acquired(path)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            if descriptor is not None:
                break
            if not said:
                waiting()
                said = True
            if time.monotonic() > deadline:
                help = "wait until it has ended, then run again"
                raise GeneratorError(f"another hubops is writing in {root.resolve()}", help)
            time.sleep(_LOCK_POLL)
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
    help = "hubops keeps this file while it writes: make its folder writable for you"
    with contextlib.ExitStack() as opened:
        try:
            descriptor = os.open(path, _LOCK, 0o666)
            opened.callback(os.close, descriptor)
            status = os.fstat(descriptor)
            if status.st_size or not stat.S_ISREG(status.st_mode):
                help = f"hubops keeps an empty file {LOCK_NAME} there while it writes: move it away"
                raise GeneratorError(f"{path}: not hubops' lock; nothing was written", help)
            help = "this file system has no locks: work in a clone on a local disk"
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        except OSError as error:
            raise GeneratorError.refused(path, error, help) from None
        # The run before removes its file: another run may lock a new one meanwhile.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                opened.pop_all()
                return descriptor
    return _acquired(path)


@record
class Kind:
    """A kind of file that is written one at a time.

    `place` matches its path from the site's folder (`where` in words), `mark` what every file of
    the kind holds. An empty file is of any kind: a failed redirection leaves one.
    """

    what: str
    where: str
    place: str
    mark: bytes


_NAME = r"[A-Za-z0-9_][A-Za-z0-9 ._-]*"
CERTIFICATE = Kind(
    what="a certificate",
    where="certificates/NAME.pem",
    place=rf"certificates/({_NAME}/)*{_NAME}\.pem",
    mark=rb"(?ms)\A(?!.*PRIVATE KEY|.*-----BEGIN (?!CERTIFICATE-))"
    rb".*^-----BEGIN CERTIFICATE-----\s+[A-Za-z0-9+/=]{40,}\s",
)
DUMP = Kind(
    what="a dump of hubops doctor",
    where="a .json file of the folder that is named",
    place=r"[^/]+\.json",
    mark=rb'"kind": "hubops doctor dump"',
)
# A site file is in the folder of the path that the user named, or in the current one.
SITE = Kind(
    what="a site file",
    where="a .yaml file of its folder",
    place=r"[^/]+\.(ya?ml|json)",
    # Other formats have a `schemaVersion` too.
    mark=rb"""(?ms)\A(?=[^:]*:[^:]*\Z|.*(^|[{,\s])["']?(site|clusters|environments)["']?\s*:)"""
    rb""".*?(^(---\s+|\{\s*)?|\A\s*\{[^][{}]*)["']?schemaVersion["']?\s*:\s*["']?1(?![.\d])""",
)
CHARTS_LOCK = Kind(
    what="a charts.lock",
    where="charts.lock",
    place=r"charts\.lock",
    mark=rb"""(?m)^["'{]*charts\b""",
)
# In the cache, which is hubops' own folder: a damaged file there is replaced.
PACKAGED_CHART = Kind(
    what="a packaged chart",
    where="a .tgz file of the cache",
    place=r"([^/]+/)*[^/]+\.tgz",
    mark=b"",
)
# In the folder that the user named for what `render` shows: as Helm prints it, or hubops.
MANIFESTS = Kind(
    what="rendered manifests",
    where="FOLDER/NAME.yaml",
    place=r"[^/]+/[^/]+\.yaml",
    mark=rb"""\A(\s*\Z|---\n# Source: |\{\n  "(apiVersion|kind)": )""",
)


def present(root: Path, path: str, kind: Kind) -> bytes | None:
    """The file that would be replaced; None where there is none.

    GeneratorError where the path or the file there is not of the kind, or a link is in the way.
    """
    steps = path.split("/")
    if not re.fullmatch(kind.place, path) or not {"", ".", ".."}.isdisjoint(steps):
        help = f"hubops writes {kind.what} only to {kind.where}"
        raise GeneratorError(f"{path}: not a path for {kind.what}; nothing was written", help)
    _refuse_obstacles(root, [path])
    try:
        before = _content(root, path)
    except OSError as error:
        help = "make it readable for you and run again"
        raise GeneratorError.refused(root / path, error, help) from None
    if before and not re.search(kind.mark, before):
        help = "move the file away, or use another path"
        raise GeneratorError(f"{path}: not {kind.what}; nothing was written", help)
    return before


def put(root: Path, path: str, content: bytes, kind: Kind) -> bool:
    """Writes one file, whole or not at all, and keeps its mode; whether that changed anything.

    `path` is from the site's folder, or from the folder that the user named. The caller holds the
    lock where other runs may write. GeneratorError, and nothing written, where the path or the file
    there is not of the kind, where a link is in the way, or when the system refuses.
    """
    before = present(root, path, kind)
    changes = compare({} if before is None else {path: before}, {path: content}).changes
    if changes:
        mode = None if before is None else stat.S_IMODE((root / path).stat().st_mode)
        staged = staging.staged_path(root, path)
        move = Move(
            staged=staged, target=f"{root}/{path}", files={"": content}, precious=[""], mode=mode
        )
        is_left = Path(staged).is_file() and not Path(staged).is_symlink()  # of a killed run
        _write(root, changes, {path: move}, [staging.staged_path(Path(), path)] if is_left else [])
    return bool(changes)


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
    # A SealedSecret's values come back in the new file. A crash may leave an empty file.
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
            _remove(root, path)


def _stopped(root: Path, error: OSError, *, is_touched: bool) -> GeneratorError:
    path = os.fsdecode(error.filename2 or error.filename or root)
    path = re.sub(rf"(\A|/)\.([^/]+){re.escape(STAGED_SUFFIX)}(?=/|\Z)", r"\1\2", path)
    what = "every written file is whole" if is_touched else "nothing was changed"
    return GeneratorError.refused(path, error, f"{what}; fix the cause and run again")


def refuse_git_folder(root: Path) -> None:
    """GeneratorError for a folder of Git's own, by whatever way it was named."""
    if _GIT in Path(os.path.realpath(root).casefold()).parts or git.is_bare(root):
        help = "name a folder of the working copy"
        raise GeneratorError(f"{root}: a folder of Git's own; nothing was written", help)


def _git_folder(path: str) -> str:
    return f"{path}: in a folder of Git's own" if _GIT in path.casefold().split("/") else ""


def _refuse_obstacles(root: Path, paths: Iterable[str]) -> None:
    refuse_git_folder(root)
    real: set[str] = set()
    if obstacles := {_git_folder(path) or obstacle(root, path, real) for path in paths} - {""}:
        raise GeneratorError(
            "something else is in a place where hubops writes; nothing was changed",
            "put a real file or folder there, or move it away; hubops writes through no link",
            tuple(sorted(obstacles)),
        )


def _refuse_taken(root: Path, moves: Iterable[Move]) -> None:
    """GeneratorError where something that hubops did not leave is in the place to stage a file."""
    taken = [Path(move.staged).relative_to(root) for move in moves if not staging.is_free(move)]
    if taken:
        raise GeneratorError(
            "something else is in a place where hubops stages files; nothing was changed",
            "check it, and move it away or delete it; hubops writes through no link",
            tuple(sorted(map(str, taken))),
        )


def obstacle(root: Path, path: str, real: set[str] | None = None) -> str:
    """What keeps a file from its place, or nothing: a link on the way, or another kind of entry.

    `real` are folders without an obstacle; the function adds to it.
    """
    real = set() if real is None else real
    if path.rpartition("/")[0] not in real:
        for folder in [str(above) for above in Path(path).parents][-2::-1]:
            if folder not in real and (way := _in_the_way(root, folder, stat.S_ISDIR, "folder")):
                return way
            real.add(folder)
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
    folders = (
        path
        for path, move in moves.items()
        if "" not in move.files and os.path.lexists(move.target)
    )
    edited = (change.path for change in changes if _content(root, change.path) != change.before)
    if path := next(chain(edited, folders), None):
        raise GeneratorError(f"{path} changed while hubops ran; nothing was written", "run again")


def _content(root: Path, path: str) -> bytes | None:
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None


def _remove(root: Path, path: str) -> None:
    """Deletes a file, and the folders that are empty without it."""
    (root / path).unlink(missing_ok=True)
    for parent in Path(path).parents[:-1]:
        with contextlib.suppress(OSError):  # something else is there
            (root / parent).rmdir()
