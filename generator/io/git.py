"""What Git knows of the working copy: revisions, and files as they were.

A checkout may be a stranger's, and its configuration names programs. Git is asked with all of them
off, and no repository is asked that lies as plain files within a checkout. Where Git refuses to
answer, its own reason is the error. This module writes only a new, empty repository.
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
# Seconds: a configuration may include a pipe, from which nothing ever comes.
_PATIENCE = 10.0
_MARK = ".git"
# One of each stands in every folder that Git takes for a repository itself.
_BARE = (("HEAD",), ("objects", "commondir"))

# Variables for every program that may start Git: it asks no one, and fetches no object that a
# partial clone lacks (before Git 2.45 only GIT_ALLOW_PROTOCOL prevents that).
VARIABLES = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "cat",
    "GIT_OPTIONAL_LOCKS": "0",
}
# What else starts a program, by the setting that a checkout's own configuration may hold. A command
# has only some of them, and later versions of Git more than earlier ones.
_OFF = {
    "safe.bareRepository": "explicit",
    "protocol.allow": "never",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.askPass": "",
    "core.sshCommand": "false",
    "core.gitProxy": "",
    "core.alternateRefsCommand": "false",
    "credential.helper": "",
    "log.showSignature": "false",
    "gpg.program": "false",
    "diff.submodule": "short",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
# As `git -c` hands them on, behind those of the user.
_SETTINGS = " ".join(f"'{name}={value}'" for name, value in _OFF.items())

# What to do, by a word of Git's complaint that no translation changes.
_HELP = {
    "safe.directory": "if you trust whoever owns this folder, do what Git says; in a container, "
    "before hubops runs",
    "safe.bareRepository": "hubops reads no repository that is part of a checkout: move it away",
}
_DAMAGED = "'git fsck' says what is damaged; a new clone has it whole"
_NO_REPOSITORY = "run this in a clone of the site's repository"
_WHOLE = "fetch the missing objects: 'git fetch --refetch --no-filter'"


def main_base(root: Path, revision: str) -> str | None:
    """The commit where the current branch left the branch that Argo CD follows.

    `revision` is a branch, or a full ref, as site.yaml names it; the remote's copy of it counts
    first. None outside a repository, or where no such branch is known here. GeneratorError, with
    Git's reason, where Git can't tell.
    """
    if is_outside(root):
        return None
    branch = revision.removeprefix(_HEADS)
    refs = (f"refs/remotes/origin/{branch}", f"{_HEADS}{branch}")
    refused: dict[str, Outcome] = {}
    for ref in refs:
        outcome = _asked(root, "merge-base", "HEAD", ref)
        if outcome.code == 0:
            return _text(outcome)
        refused[ref] = outcome
    # It fails for a branch that is not here, and without a word for one that shares no commit.
    known = _asked(root, "for-each-ref", "--format=%(objecttype) %(refname)", *refs)
    if known.code or known.complaint:
        raise _refusal(root, known)
    for line in _text(known).splitlines():
        outcome = refused.get(line.partition(" ")[2], known)
        if outcome.complaint:
            raise _refusal(root, outcome)
    return None


def commit(root: Path, revision: str) -> str:
    """The full name of a commit; GeneratorError when there is no such revision."""
    require_repository(root)
    options = ("--verify", "--quiet", "--end-of-options")
    outcome = _asked(root, "rev-parse", *options, f"{revision}^{{commit}}")
    if outcome.code == 0:
        return _text(outcome)
    help = "name a branch, a tag or a commit that 'git log' knows"
    if is_shallow(root):
        help = "this clone is shallow: fetch the history first, 'git fetch --unshallow'"
    raise GeneratorError(f"no revision '{revision}' in this repository", help, _lines(outcome))


def require_repository(root: Path) -> None:
    """GeneratorError, with Git's reason, unless a folder lies in a working copy that Git reads."""
    if is_outside(root):
        raise GeneratorError(f"{root}: no Git repository", _NO_REPOSITORY)
    outcome = _asked(root, "rev-parse", "--is-inside-work-tree")
    if outcome.code:
        raise _refusal(root, outcome)
    if _text(outcome) != "true":
        raise GeneratorError(f"{root}: not in the working copy of its repository", _NO_REPOSITORY)


def committed(root: Path, revision: str) -> tuple[str, str]:
    """The short name of a commit and its time, `2026-01-31 12:00 UTC`; empty without one."""
    shown = ("--no-show-signature", "--format=%H %ct", "--end-of-options", revision)
    outcome = None if is_outside(root) else _asked(root, "log", "-1", *shown)
    name, _, seconds = (_text(outcome) if outcome and not outcome.code else "").partition(" ")
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(int(seconds))) if seconds else ""
    return name[:10], at


def ahead(root: Path, older: str, newer: str) -> int:
    """How many commits a revision has that an older one has not; -1 where one is not known here."""
    words = ("rev-list", "--count", "--end-of-options", f"{older}..{newer}")
    outcome = _asked(root, *words)
    counted = _text(outcome)
    return int(counted) if outcome.code == 0 and counted.isdecimal() else -1


def versions(root: Path, revision: str, path: str, most: int) -> tuple[str, ...]:
    """The last commits up to a revision that changed a file, newest first; none where Git can't."""
    words = ("rev-list", f"--max-count={most}", "--end-of-options", revision, "--", path)
    outcome = _asked(root, *words)
    return tuple(_text(outcome).split()) if outcome.code == 0 else ()


def is_repository(root: Path) -> bool:
    """Whether a folder lies in the working copy of a repository that Git can read."""
    try:
        require_repository(root)
    except GeneratorError:
        return False
    return True


def top(root: Path) -> Path | None:
    """The folder of the working copy that a folder lies in; None outside a repository.

    GeneratorError, with Git's reason, where Git can't tell.
    """
    if is_outside(root):
        return None
    outcome = _asked(root, "rev-parse", "--show-toplevel")
    if outcome.code:
        raise _refusal(root, outcome)
    return Path(_text(outcome))


def tracks(root: Path, path: str) -> bool:
    """Whether a path is, or holds, a file of the repository; also where Git can't tell."""
    try:
        outcome = None if is_outside(root) else _asked(root, "ls-files", "-z", "--", path)
    except GeneratorError:
        return True
    return outcome is not None and (outcome.code != 0 or outcome.out != b"")


def start(root: Path, branch: str) -> None:
    """Makes a folder a repository without a commit, on a branch. GeneratorError when Git can't."""
    for command in (("init", "--quiet"), ("symbolic-ref", "HEAD", f"{_HEADS}{branch}")):
        outcome = _asked(root, *command)
        if outcome.code:
            raise GeneratorError("git can't make a repository", "", _lines(outcome))


def content(root: Path, revision: str, path: str) -> bytes | None:
    """A file as it was in a commit, `path` as seen from `root`; None where it was not.

    GeneratorError, with Git's reason, where Git can't tell.
    """
    outcome = _asked(root, "cat-file", "blob", f"{revision}:./{path}")
    if outcome.code == 0:
        return outcome.out
    listed = _asked(root, "ls-tree", "-z", revision, "--", path)
    if listed.code or listed.out:
        raise _refusal(root, listed if listed.code else outcome)
    return None


def files(root: Path, revision: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Every file at or below some paths as it was in a commit; of a link where it leads to.

    Paths are as seen from `root`. GeneratorError when the objects are not in this clone.
    """
    listed = _asked(root, "ls-tree", "-r", "-z", revision, "--", *paths)
    if listed.code:
        raise _refusal(root, listed)
    try:
        entries = [entry.partition(b"\t") for entry in listed.out.split(b"\0") if entry]
        names = {os.fsdecode(path): head.split()[2] for head, _, path in entries}
        found = _asked(
            root, "cat-file", "--batch", fed=b"".join(b"%b\n" % n for n in names.values())
        )
        if found.code:
            raise _refusal(root, found)
        return dict(zip(names, _blobs(found.out), strict=True))
    except (ValueError, IndexError):
        raise GeneratorError("Git prints no list of files", "is it Git that 'git' runs?") from None


def _blobs(out: bytes) -> Iterator[bytes]:
    """The contents that `git cat-file --batch` answers: each after its name, type and size."""
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        name, _, size = out[at:end].partition(b" ")[2].partition(b" ")
        if name == b"missing" or not size.isdigit():
            raise GeneratorError("this clone lacks some of its files", _WHOLE)
        yield out[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)


def _asked(root: Path, *arguments: str, fed: bytes = b"") -> "Outcome":
    """What Git answers, with everything off that starts another program.

    GeneratorError where Git is missing, and where the folder looks like a bare repository, which
    anyone may have committed: Git before 2.38 has no setting that keeps it from using one.
    """
    from generator.io.tools import run  # 8 ms to load, and there may be no repository to ask about

    if is_bare(root):
        reason = f"{_repository(root)} looks like a bare repository"
        raise GeneratorError("Git is not asked", _HELP["safe.bareRepository"], (reason,))
    # No address is reached by any protocol: unlike `protocol.allow`, no checkout can undo that.
    settings = f"{os.environ.get('GIT_CONFIG_PARAMETERS', '')} {_SETTINGS}".strip()
    off = {**VARIABLES, "GIT_ALLOW_PROTOCOL": "", "GIT_CONFIG_PARAMETERS": settings}
    command = ("git", *arguments)
    try:
        return run(command, folder=root, patience=_PATIENCE, fed=fed, environment=off)
    except ToolError as error:
        raise GeneratorError(error.message, error.help, error.details) from None


def _refusal(root: Path, outcome: "Outcome") -> GeneratorError:
    """What Git says, and what to do about it."""
    named = os.environ.get("GIT_DIR")
    if named is not None and not (root / named / "HEAD").exists():
        return GeneratorError("GIT_DIR names no Git repository", _NO_REPOSITORY, _lines(outcome))
    help = next((help for word, help in _HELP.items() if word in outcome.complaint), _DAMAGED)
    if _asked(root, "config", "extensions.partialClone").code == 0:
        help = _WHOLE
    return GeneratorError("Git can't read this repository", help, _lines(outcome))


def _lines(outcome: "Outcome") -> tuple[str, ...]:
    return tuple(line.strip() for line in outcome.complaint.splitlines() if line.strip())


def _text(outcome: "Outcome") -> str:
    return outcome.out.decode("utf-8", "surrogateescape").replace("\0", "").strip()


def is_outside(root: Path) -> bool:
    """Whether no repository can be found from a folder, so that Git needs not be started.

    Where GIT_DIR names a repository, Git is asked.
    """
    return "GIT_DIR" not in os.environ and _repository(root) is None


def _repository(root: Path) -> Path | None:
    """The next `.git` above, or folder that Git takes for a bare repository; GIT_DIR goes first."""
    if "GIT_DIR" in os.environ:
        return None
    folder = Path(os.path.realpath(root))
    for above in (folder, *folder.parents):
        if os.path.lexists(above / _MARK):
            return above / _MARK
        if all(any(os.path.lexists(above / name) for name in names) for names in _BARE):
            return above
    return None


def is_bare(folder: Path) -> bool:
    """Whether a folder is, or lies in, one that Git takes for a repository itself."""
    found = _repository(folder)
    return found is not None and found.name != _MARK


def checkout(folder: Path) -> Path | None:
    """The next folder above, or the same, with a repository in it; None where there is none."""
    found = _repository(folder)
    return found.parent if found is not None and found.name == _MARK else found


def is_shallow(root: Path) -> bool:
    """Whether this clone lacks a part of the history."""
    folder = _repository(root)
    if folder is not None and folder.is_dir():  # no need to start Git
        return (folder / "shallow").exists()
    return _text(_asked(root, "rev-parse", "--is-shallow-repository")) == "true"


def additions(root: Path, *patterns: str) -> Iterator[tuple[str, bytes]]:
    """Every line that a commit added to files of some patterns: its commit's date, newest first.

    The patterns are Git's, as seen from `root`. GeneratorError where Git can't tell.
    """
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-show-signature")
    shown = ("--format=%x00%cI", "--patch", "--unified=0")
    outcome = _asked(root, "log", *plain, *shown, "--", *patterns)
    if outcome.code:
        commits = _asked(root, "rev-list", "--all", "--max-count=1")
        if commits.code or commits.out:
            raise _refusal(root, outcome)
    since = ""
    for line in outcome.out.splitlines():
        if line.startswith(b"\0"):
            since = line[1:].decode("ascii", "replace")
        elif line.startswith(b"+") and not line.startswith(b"+++ "):
            yield since, line[1:]
