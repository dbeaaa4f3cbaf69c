"""`hubops promote`: copies the chart versions and images of one environment to another."""

from pathlib import Path

import click

from generator.change.promotion import promotion
from generator.cli import editing
from generator.cli.editing import download_option, dry_run_option
from generator.cli.loading import environment_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.diagnostics import UsageError
from generator.packaged.pull import Download


@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@dry_run_option
@download_option
@site_option
def run(
    site_path: Path,
    source: str,
    target: str,
    terminal: Terminal,
    *,
    dry_run: bool = False,
    download: Download | None = None,
) -> int:
    """Copy chart versions and images from one environment to another.

    \b
    Examples:
      hubops promote staging production --dry-run
      hubops promote staging production

    Copies chart versions, and the images of profiles and workers, value by value. When a value
    can't be copied, names its line, writes nothing and exits 1.
    """
    if source == target:
        raise UsageError(f"'{source}' is named twice", "name where from, then where to")
    return editing.run(
        site_path,
        lambda site, line: promotion(
            site, environment_of(site, source), environment_of(site, target), line
        ),
        terminal,
        download=download,
        dry_run=dry_run,
    )


COMMAND = command("promote", run)
