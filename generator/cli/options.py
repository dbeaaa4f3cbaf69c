"""A command is a function with options; here are those that several commands have."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.cli.console import SITE
from generator.cli.help import Command
from generator.cli.terminal import terminal
from generator.credentials import printable
from generator.records import record

Run = TypeVar("Run", bound=Callable[..., Any])


# More folders than people make; making them one by one recurses.
_DEEPEST = 200


class FilePath(click.Path):
    """A path on one line that the system can look up; who reads it says what else is wrong.

    One that is not `is_shown` may be a secret value that somebody put in its place.
    """

    # What completing a word reads. click's own __init__ asks for a translation, see `help`.
    name, file_okay, dir_okay = "path", True, True

    def __init__(self, *, is_shown: bool = True) -> None:
        self.is_shown = is_shown

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """The path. UsageError for one with characters that a terminal or a log would obey.

        GeneratorError for a loop of links, a name that is too long, a locked folder.
        """
        shown = printable(str(value)) if self.is_shown else "the path"
        if not str(value).isprintable():
            from unicodedata import category

            if {category(sign) for sign in str(value)} & {"Cc", "Cf", "Zl", "Zp"}:
                self.fail(f"'{shown}' holds control characters: rename it", parameter, context)
        path = Path(value)
        if reason := _fault(path):
            from generator.diagnostics import GeneratorError

            raise GeneratorError(f"{shown}: {reason}", "give another path; nothing was written")
        return path


def _fault(path: Path) -> str:
    """Why the system can't look a path up; "" where it can, whether anything is there or not."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "too many folders" if len(path.parts) > _DEEPEST else ""
    except (OSError, ValueError) as error:
        # Of what is no path at all, such as one with a NUL byte, Python says no more.
        return (getattr(error, "strerror", None) or "not a path").lower()
    return ""


def command(name: str, run: Callable[..., int]) -> click.Command:
    """The command that calls `run` with its options, and with what this process writes to.

    The docstring of `run` is the help of the command.
    """

    @click.command(name, Command)
    @wraps(run)
    def asked(**options: Any) -> int:
        return run(**{"terminal": terminal(), **options})

    return asked


def terminal_option(formats: Iterable[str]) -> Callable[[Run], Run]:
    """`--format`, for a command whose results a machine reads too."""
    return click.option(
        "--format",
        "terminal",
        type=click.Choice(tuple(formats)),
        callback=lambda context, parameter, format: terminal(format),
        help="Output format. Default: text; in a GitHub workflow, github.",
    )


site_option = click.option(
    "--site",
    "site_path",
    type=FilePath(),
    default=SITE,
    show_default=True,
    help="The site file; the generated folders are beside it.",
)
helm_option = click.option("--helm", metavar="PATH", help="The Helm to use.")
offline_option = click.option("--offline", is_flag=True, help="Use only charts in the cache.")
_limit_option = click.option(
    "--limit",
    type=click.FloatRange(min=1.0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop a Helm that takes longer.",
)


@record
class Means:
    """What the user gives to render with: a Helm, seconds for one rendering, and a network."""

    helm: str | None = None
    patience: float = 60.0
    is_offline: bool = True


def means_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options --helm, --limit and --offline, which a command gets as `means`."""

    @wraps(command)
    def given(*, helm: str | None, limit: float, offline: bool, **rest: Any) -> int:
        return command(means=Means(helm=helm, patience=limit, is_offline=offline), **rest)

    return helm_option(_limit_option(offline_option(given)))
