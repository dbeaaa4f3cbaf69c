"""What options are made of, and those that several commands have."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from generator.cli.console import SITE
from generator.cli.terminal import terminal


class FilePath(click.Path):
    """A path. Who reads the file says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)


def command(name: str, run: Callable[..., int]) -> click.Command:
    """The command of a function that has options; it is called with the terminal beside them."""

    @wraps(run)
    def called(**asked: Any) -> int:
        return run(terminal=terminal(), **asked)

    return click.command(name)(called)


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
limit_option = click.option(
    "--limit",
    type=click.FloatRange(min=1.0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop a Helm that takes longer.",
)
format_option = click.option(
    "--format",
    type=click.Choice(("text", "json", "github", "sarif")),
    help="Format of the findings. Default: text; in a GitHub workflow, github.",
)
