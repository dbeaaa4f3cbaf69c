"""What options are made of, and those that several commands have."""

from pathlib import Path

import click

from generator.cli.console import SITE


class FilePath(click.Path):
    """A path. Who reads the file says what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)


site_option = click.option(
    "--site",
    "site_path",
    type=FilePath(),
    default=SITE,
    show_default=True,
    help="The site file; the generated folders are beside it.",
)
format_option = click.option(
    "--format",
    type=click.Choice(("text", "json", "github", "sarif")),
    help="Format of the findings. Default: text; in a GitHub workflow, github.",
)
