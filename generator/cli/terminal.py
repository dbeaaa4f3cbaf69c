"""What a command writes to: results, notes, progress, and how it names files."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generator.cli import console
from generator.records import record


@record
class Terminal:
    """Where a command writes: results to `out`, notes to `note`; both take text with line ends.

    `format` is one of FORMATS, for findings; `place` is how they name a file. `progress` shows one
    line that the next one replaces, on a terminal only; "" takes it away.
    """

    out: Callable[[str], None]
    note: Callable[[str], None]
    color: bool = False
    format: str = "text"
    place: Callable[[Path], str] = str
    progress: Callable[[str], None] = lambda text: None


def terminal(format: str | None = None) -> Terminal:
    """What a command of this process writes to."""
    chosen = format or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    return Terminal(
        out=console.say,
        note=partial(console.say, err=True),
        color=sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        format=chosen,
        place=_from_checkout if chosen in ("github", "sarif") else str,
        progress=console.progress,
    )


def _from_checkout(path: Path) -> str:
    """A file as GitHub names it: from the root of the checkout, behind no symbolic link.

    Outside a workflow the current folder takes the root's place; a file outside it keeps its
    absolute path.
    """
    # Unlike Path.resolve, it takes a loop of links as it is.
    root, whole = (
        Path(os.path.realpath(one)) for one in (os.environ.get("GITHUB_WORKSPACE") or ".", path)
    )
    return (whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix()
