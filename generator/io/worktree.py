"""The working copy as it is: site.yaml, generated files, sealed values, users' extra files.

It follows no link.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from io import FileIO
from os import DirEntry, fsencode, fspath, scandir
from pathlib import Path
from stat import S_ISREG

from generator.build.repository import sealed_place
from generator.build.tree import FOLDERS, SOURCE_OVERRIDE, STAGED_SUFFIX
from generator.diagnostics import GeneratorError
from generator.records import record
from generator.yaml.read import MAX_BYTES
from generator.yaml.write import HEADER_MARK, carries_header

_EXTRA_PLACE = r"overlays/([^/]+)/namespace/extra(?:/(.+))?"
# Nearly all generated files are smaller.
_AT_ONCE = 16 * 1024


@record
class WorkingCopy:
    """What is in `apps/`, `clusters/` and `overlays/`; users' `extra/` folders apart.

    Of a file without the header, SealedSecrets aside, `files` holds only the beginning. `extras`
    holds each environment's folder by the paths in it; where a link stands instead, its path is "".
    """

    files: Mapping[str, bytes]
    extras: Mapping[str, Mapping[str, bytes]]
    staged: tuple[str, ...]

    def generated(self, expected: Collection[str]) -> dict[str, bytes]:
        """The files that are hubops' own: at an expected path, or carrying its header."""
        return {
            path: content
            for path, content in self.files.items()
            if path in expected or carries_header(content)
        }


def read_site(path: Path) -> bytes:
    """The bytes of site.yaml; GeneratorError when it can't be read."""
    try:
        return _bounded(path, path, "write the site into a real file")
    except OSError as error:
        help = "run hubops in the folder of site.yaml, or give its path with --site"
        raise GeneratorError.refused(path, error, help) from None


def read_certificate(root: Path, path: str | None) -> bytes | None:
    """The bytes of a cluster's certificate file, a bounded part; None where there is none."""
    if path is None:
        return None
    try:
        return _bounded(root / path, path, "put the certificate there")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from None


def read_dump(path: Path, most: int) -> bytes:
    """The bytes of a dump of `doctor`, at most so many; GeneratorError when it can't be read."""
    try:
        return _bounded(path, path, "write the dump into a real file", most)
    except OSError as error:
        raise GeneratorError.refused(path, error, "give the path of a dump") from None


def _bounded(file: Path, name: object, help: str, most: int = MAX_BYTES) -> bytes:
    """A file's beginning: one byte more than is accepted shows that there is too much."""
    if not S_ISREG(file.stat().st_mode) and not file.is_dir():
        # Opening a pipe would wait without end.
        raise GeneratorError(f"{name}: not a regular file", help)
    with file.open("rb") as opened:
        return opened.read(most + 1)


def read_copy(root: Path) -> WorkingCopy:
    """All files of the three folders; GeneratorError when one can't be read."""
    files: dict[str, bytes] = {}
    extras: dict[str, dict[str, bytes]] = {}
    staged: list[str] = []
    for path, entry in _entries(root):
        extra = _extra_place(path)
        if STAGED_SUFFIX in path and _is_staged(path, entry):
            staged.append(path)
        elif extra is not None and (extra[2] or entry.is_symlink()):
            if _counts(extra[2] or ""):
                own = extras.setdefault(extra[1], {})
                # Of a link where it leads to, for Git holds no more of it.
                link = fsencode(Path(entry.path).readlink()) if entry.is_symlink() else b""
                is_file = entry.is_file(follow_symlinks=False)  # no pipe, no socket
                own[extra[2] or ""] = _read(path, entry, whole=True) if is_file else link
        elif entry.is_file(follow_symlinks=False):
            files[path] = _read(path, entry)
        elif SOURCE_OVERRIDE in path:  # a link, which Argo CD follows
            files[path] = b""
    return WorkingCopy(
        files=dict(sorted(files.items())), extras=extras, staged=tuple(sorted(staged))
    )


def copy_of(files: Mapping[str, bytes]) -> WorkingCopy:
    """The same from the files of a Git revision."""
    own: dict[str, bytes] = {}
    extras: dict[str, dict[str, bytes]] = {}
    for path, content in sorted(files.items()):
        extra = _extra_place(path)
        if extra is None:
            own[path] = content
        elif _counts(extra[2] or ""):
            extras.setdefault(extra[1], {})[extra[2] or ""] = content
    return WorkingCopy(files=own, extras=extras, staged=())


def _extra_place(path: str) -> re.Match[str] | None:
    """The environment of a path in an `extra` folder, and the path below that."""
    return re.fullmatch(_EXTRA_PLACE, path) if "/extra" in path else None


def _entries(root: Path) -> Iterator[tuple[str, DirEntry[str]]]:
    """Everything below the three folders that is no folder itself, links included."""
    folders = [folder for folder in FOLDERS if not (root / folder).is_symlink()]
    base = fspath(root)
    while folders:
        folder = folders.pop()
        for entry in _listed(base, folder):
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                yield path, entry


def _listed(base: str, folder: str) -> list[DirEntry[str]]:
    try:
        with scandir(f"{base}/{folder}") as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        help = "hubops writes a folder of that name: move the file away"
        raise GeneratorError(f"{folder}: a file stands where a folder belongs", help) from None
    except OSError as error:
        raise _unreadable(folder, error) from None


def _is_staged(path: str, entry: DirEntry[str]) -> bool:
    """Whether an interrupted run left this file behind, alone or in a folder of new files."""
    names = (entry.name, path.split("/")[1])
    is_own = any(name.startswith(".") and name.endswith(STAGED_SUFFIX) for name in names)
    return is_own and entry.is_file(follow_symlinks=False)


def _counts(path: str) -> bool:
    """Whether a file in `extra/` is content: editors' and systems' own files are not."""
    hidden = any(step.startswith((".", "#")) for step in path.split("/"))
    return not hidden and not path.endswith(("~", ".swp"))


def _read(path: str, entry: DirEntry[str], *, whole: bool = False) -> bytes:
    """A file's content; unless `whole`, only the beginning of one without the header.

    A SealedSecret always is whole.
    """
    try:
        descriptor = os.open(entry.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            start = os.read(descriptor, _AT_ONCE)
            if not (whole or carries_header(start) or sealed_place(path)):
                return start[: len(HEADER_MARK)]
            if len(start) < _AT_ONCE:
                return start
            with FileIO(descriptor, closefd=False) as file:
                return start + file.readall()
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> GeneratorError:
    return GeneratorError.refused(path, error, "make it readable for you and run again")
