"""What Git knows of the working copy: revisions, and files as they were.

It writes only a new, empty repository.
"""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.diagnostics import GeneratorError, ToolError

if TYPE_CHECKING:
    from generator.io.tools import Outcome

_HEADS = "refs/heads/"
# One of these stands in every folder that Git takes for a repository's.
_MARKS = (".git", "HEAD")


def main_base(root: Path, revision: str) -> str | None:
    """The commit where the current branch left the branch that Argo CD follows.

    `revision` is a branch, or a full ref, as site.yaml names it; the remote's copy of it counts
    first. None without Git, outside a repository, or where no such branch is known here.
    """
    branch = revision.removeprefix(_HEADS)
    return _line(root, "merge-base", "HEAD", f"refs/remotes/origin/{branch}") or _line(
        root, "merge-base", "HEAD", f"{_HEADS}{branch}"
    )


def commit(root: Path, revision: str) -> str:
    """The full name of a commit; GeneratorError when there is no such revision."""
    if not is_repository(root):
        raise GeneratorError(
            f"{root}: no Git repository", "run this in a clone of the site's repository"
        )
    options = ("--verify", "--quiet", "--end-of-options")
    name = _line(root, "rev-parse", *options, f"{revision}^{{commit}}")
    if name is None:
        help = "name a branch, a tag or a commit that 'git log' knows"
        if is_shallow(root):
            help = "this clone is shallow: fetch the history first, 'git fetch --unshallow'"
        raise GeneratorError(f"no revision '{revision}' in this repository", help)
    return name


def committed(root: Path, revision: str) -> tuple[str, str]:
    """The short name of a commit and its time, `2026-01-31 12:00 UTC`; empty without one."""
    shown = ("--no-show-signature", "--format=%H %ct", "--end-of-options", revision)
    name, _, seconds = (_line(root, "log", "-1", *shown) or "").partition(" ")
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(int(seconds))) if seconds else ""
    return name[:10], at


def is_repository(root: Path) -> bool:
    """Whether a folder lies in the working copy of a repository that Git can read."""
    return _line(root, "rev-parse", "--is-inside-work-tree") == "true"


def top(root: Path) -> Path | None:
    """The folder of the working copy that a folder lies in; None outside a repository."""
    folder = _line(root, "rev-parse", "--show-toplevel")
    return Path(folder) if folder else None


def start(root: Path, branch: str) -> None:
    """Makes a folder a repository without a commit, on a branch. ToolError when Git can't."""
    for command in (("init", "--quiet"), ("symbolic-ref", "HEAD", f"{_HEADS}{branch}")):
        outcome = _asked(root, *command)
        if outcome.code:
            raise ToolError("git can't make a repository", "", tuple(outcome.complaint.split("\n")))


def content(root: Path, revision: str, path: str) -> bytes | None:
    """A file as it was in a commit, `path` as seen from `root`; None where it was not."""
    return _answer(root, "cat-file", "blob", f"{revision}:./{path}")


def files(root: Path, revision: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Every file at or below some paths as it was in a commit; of a link where it leads to.

    Paths are as seen from `root`. GeneratorError when the objects are not in this clone.
    """
    listed = _asked(root, "ls-tree", "-r", "-z", revision, "--", *paths)
    entries = [entry.partition(b"\t") for entry in listed.out.split(b"\0") if entry]
    names = {os.fsdecode(path): head.split()[2] for head, _, path in entries}
    wanted = b"".join(name + b"\n" for name in names.values())
    found = _asked(root, "cat-file", "--batch", fed=wanted)
    if listed.code or found.code:
        raise GeneratorError(
            f"Git can't read the files of '{revision}'",
            "see what it says",
            tuple((listed.complaint + found.complaint).splitlines()),
        )
    return dict(zip(names, _blobs(found.out), strict=True))


def _blobs(out: bytes) -> Iterator[bytes]:
    """The contents that `git cat-file --batch` answers: each after its name, type and size."""
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        name, _, size = out[at:end].partition(b" ")[2].partition(b" ")
        if name == b"missing" or not size.isdigit():
            raise GeneratorError(
                "this clone lacks some of its files", "fetch them: 'git fetch --refetch'"
            )
        yield out[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)


def _asked(root: Path, *arguments: str, fed: bytes = b"") -> "Outcome":
    from generator.io.tools import run  # 8 ms to load, and there may be no repository to ask about

    return run(("git", *arguments), folder=root, fed=fed)


def is_outside(root: Path) -> bool:
    """Whether no repository can be found from a folder, so that Git needs not be started.

    It looks for `.git` in the folder and all above it; a folder with a HEAD may be a repository
    without a working copy. Where GIT_DIR names a repository, Git is asked.
    """
    if "GIT_DIR" in os.environ:
        return False
    folder = Path(os.path.realpath(root))
    return not any(
        os.path.lexists(above / name) for above in (folder, *folder.parents) for name in _MARKS
    )


def _line(root: Path, *arguments: str) -> str | None:
    """What Git answers a question, as text; None where it has no answer, or is not to be asked."""
    answer = None if is_outside(root) else _answer(root, *arguments)
    return None if answer is None else answer.decode("utf-8", "replace").strip()


def _answer(root: Path, *arguments: str) -> bytes | None:
    """What Git prints; None without Git, and where it fails."""
    try:
        outcome = _asked(root, *arguments)
    except ToolError:
        return None
    return outcome.out if outcome.code == 0 else None


def is_shallow(root: Path) -> bool:
    """Whether this clone lacks a part of the history."""
    return _line(root, "rev-parse", "--is-shallow-repository") == "true"


def additions(root: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    """Every line that a commit added to files of a pattern: its commit's date, newest first.

    The pattern is Git's, as seen from `root`. Nothing without Git or outside a repository.
    """
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-show-signature")
    shown = ("--format=%x00%cI", "--patch", "--unified=0")
    answer = _answer(root, "log", *plain, *shown, "--", pattern)
    since = ""
    for line in (answer or b"").splitlines():
        if line.startswith(b"\0"):
            since = line[1:].decode("ascii", "replace")
        elif line.startswith(b"+") and not line.startswith(b"+++ "):
            yield since, line[1:]
