"""The command line of `generate`, `check`, `lint` and `schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.console import terminal
from generator.cli.options import format_option, site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_option
@click.option(
    "--discard-sealed",
    is_flag=True,
    help="Let go of sealed values that site.yaml has no place for any more.",
)
def generate(site_path: Path, discard_sealed: bool) -> int:
    """Write the repository that site.yaml describes.

    \b
    Examples:
      hubops generate
      hubops generate --site sites/coast/site.yaml

    Writes only what changed, deletes only what it wrote, and ends with what is still to do.
    Exit 1 when site.yaml has an error, 3 when a sealed value would be lost.
    """
    from generator.cli.commands.generate import run

    return run(site_path, terminal(), discard_sealed=discard_sealed)


@click.command()
@site_option
def check(site_path: Path) -> int:
    """Compare the tree on disk with site.yaml.

    \b
    Examples:
      hubops check
      hubops check || hubops generate

    Exit 1 with a list when files were edited by hand, are missing, or are left over. It writes
    nothing.
    """
    from generator.cli.commands.check import run

    return run(site_path, terminal())


@click.command()
@site_option
@format_option
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option(
    "--base",
    metavar="REVISION",
    help="What to compare with, for what can't shrink or go back. Default: where this branch left "
    "the one that Argo CD follows.",
)
@click.option(
    "--explain",
    metavar="CODE",
    help="Print the page of a code and end; 'all', 'checks', 'effects' print every page.",
)
def lint(
    site_path: Path, format: str | None, strict: bool, base: str | None, explain: str | None
) -> int:
    """Report every mistake of site.yaml at once.

    \b
    Examples:
      hubops lint
      hubops lint --strict --format sarif > lint.sarif
      hubops lint --explain L401

    Exit 1 when an error was found; warnings and infos pass.
    """
    from generator.cli.commands import lint as command

    own = terminal(format)
    if explain is not None:
        return command.explain(explain, own)
    return command.run(site_path, own, strict=strict, base=base)


@click.command()
@click.option(
    "--format",
    type=click.Choice(("json", "markdown")),
    default="json",
    show_default=True,
    help="The JSON Schema for editors and programs, or the reference for people.",
)
def schema(format: str) -> int:
    """Print what site.yaml may hold.

    \b
    Examples:
      hubops schema > site.schema.json
      hubops schema --format markdown

    An editor with a YAML language server completes and checks site.yaml where its first line reads
    `# yaml-language-server: $schema=site.schema.json`.
    """
    from generator.cli.commands.schema import run

    return run(terminal(), format)


COMMANDS: tuple[click.Command, ...] = (generate, check, lint, schema)
