"""The files of `hubops import`, and those of a checkout that they name."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from stat import S_ISREG

from generator.adopt import layers
from generator.adopt.layers import Checkout, Text
from generator.adopt.sources import InputFiles
from generator.credentials import printable
from generator.diagnostics import GeneratorError


def given(
    paths: Mapping[str, tuple[Path, ...]], level: str | None, folders: Mapping[str, Path]
) -> InputFiles:
    """The files of a command line, with the `folders` that others are read from, by `ref`."""
    count = Counter(path.name for path in {path for kind in paths.values() for path in kind})
    # Places call a file by its name alone, unless two files share it.
    texts = {
        kind: tuple(
            Text(name=path.name if count[path.name] == 1 else str(path), content=content(path))
            for path in own
        )
        for kind, own in paths.items()
    }
    return InputFiles(**texts, level=level, checkout=_checkout(folders))


def _checkout(folders: Mapping[str, Path]) -> Checkout:
    return Checkout(file=partial(_checked_out, folders), matching=partial(_matching, folders))


def _matching(folders: Mapping[str, Path], pattern: str) -> tuple[tuple[str, Text], ...]:
    """The files of a pattern in the first checkout that has any."""
    for ref, root in folders.items():
        try:
            paths = sorted(str(path.relative_to(root)) for path in root.glob(pattern))
        except (OSError, ValueError, NotImplementedError):
            continue
        files = ((path, _checked_out(folders, ref, path)) for path in paths)
        if found := tuple((path, file) for path, file in files if file is not None):
            return found
    return ()


def _checked_out(folders: Mapping[str, Path], ref: str, name: str) -> Text | None:
    """The file of a checkout; None without one. GeneratorError for a path that leads out of it."""
    root = folders.get(ref, folders.get(""))
    if root is None:
        return None
    path = root / name
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise GeneratorError(
                f"{printable(str(path))} leads out of {printable(str(root))}; nothing was written",
                "give the folder that holds the file with --values-from",
            )
        if not path.exists():
            return None
    except OSError as error:
        raise GeneratorError.refused(path, error, "give another folder") from None
    return Text(name=str(path), content=content(path))


def content(
    path: Path, help: str = "give the path of a values file; '-' is not supported"
) -> bytes:
    """A file's bytes; of one that is too large, enough to see that."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise GeneratorError(f"{path}: not a regular file; nothing was written", help)
        with path.open("rb") as file:
            return file.read(layers.MAX_BYTES + 1)
    except OSError as error:
        raise GeneratorError.refused(path, error, help) from None
    except ValueError:
        raise GeneratorError("a path with a NUL byte; nothing was written", help) from None
