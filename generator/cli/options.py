"""What options are made of, and those that several commands have."""

import os
from typing import TYPE_CHECKING, Any

import click

from generator.cli.console import SITE

if TYPE_CHECKING:
    from pathlib import Path


class FilePath(click.Path):
    """A path as pathlib has it. That takes 5 ms to load, and a help text needs none of it.

    Who reads the file says what is wrong with it.
    """

    def __init__(self) -> None:
        super().__init__(readable=False)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Path":
        """The path that a person wrote."""
        from pathlib import Path

        return Path(os.fsdecode(super().convert(value, param, ctx)))


site_option = click.option(
    "--site",
    "site_path",
    type=FilePath(),
    default=SITE,
    show_default=True,
    help="The site file; the generated folders stand beside it.",
)
format_option = click.option(
    "--format",
    type=click.Choice(("text", "json", "github", "sarif")),
    help="How findings are printed. Default: text; in a GitHub workflow, github.",
)
