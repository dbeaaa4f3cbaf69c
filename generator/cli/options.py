"""A command is a function with options; here are those that several commands have."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.cli.console import SITE
from generator.cli.terminal import terminal
from generator.credentials import printable
from generator.records import record

Run = TypeVar("Run", bound=Callable[..., Any])


class FilePath(click.Path):
    """A path on one line. Who reads the file says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """The path. UsageError for one with characters that a terminal or a log would obey."""
        if not str(value).isprintable():
            from unicodedata import category

            if {category(sign) for sign in str(value)} & {"Cc", "Cf", "Zl", "Zp"}:
                help = f"'{printable(str(value))}' holds control characters: rename it"
                self.fail(help, parameter, context)
        return super().convert(value, parameter, context)


def command(name: str, run: Callable[..., int]) -> click.Command:
    """The command that calls `run` with its options, and with what this process writes to.

    The docstring of `run` is the help of the command.
    """

    @click.command(name)
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
