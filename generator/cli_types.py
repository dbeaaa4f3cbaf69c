"""What options are made of, beside text and numbers."""

import os
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path


class FilePath(click.Path):
    """A path as pathlib has it. That takes 5 ms to load, and a help text needs none of it."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Path":
        """The path that a person wrote."""
        from pathlib import Path

        return Path(os.fsdecode(super().convert(value, param, ctx)))
