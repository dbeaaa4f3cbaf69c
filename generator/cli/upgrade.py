"""The command line of `bump` and `promote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.charts import courtesy_of
from generator.cli.options import site_option
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path


_offline = click.option("--offline", is_flag=True, help="Ask no chart repository.")
_dry_run = click.option(
    "--dry-run", is_flag=True, help="Say what would change and what follows; write nothing."
)


@click.command(name="bump")
@click.argument("pins", nargs=-1, metavar="[CHART VERSION]...")
@click.option("--environment", metavar="NAME", help="Only this environment; the shared pin stays.")
@click.option("--list", "is_list", is_flag=True, help="Print the known releases and who runs them.")
@_dry_run
@_offline
@site_option
def bump(
    site_path: Path,
    pins: tuple[str, ...],
    environment: str | None,
    is_list: bool,
    dry_run: bool,
    offline: bool,
) -> int:
    """Move chart pins in site.yaml, and say what follows.

    \b
    Examples:
      hubops bump --list
      hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0 --environment staging
      hubops bump jupyterhub 4.4.0 --dry-run

    Edits nothing but the versions, brings charts.lock up to date, and generates the tree. Exit
    1, and nothing written, for a pin that lint finds an error in or that a hub's database can't
    follow.
    """
    from generator.cli.commands import bump as command

    if is_list:
        return command.table(site_path, terminal())
    return command.run(
        site_path,
        pins,
        terminal(),
        environment=environment,
        dry_run=dry_run,
        courtesy=courtesy_of(offline=offline),
    )


@click.command(name="promote")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@_dry_run
@_offline
@site_option
def promote(site_path: Path, source: str, target: str, dry_run: bool, offline: bool) -> int:
    """Let an environment run the charts and images of another.

    \b
    Examples:
      hubops promote staging production --dry-run
      hubops promote staging production

    Copies chart pins, and the images of profiles and workers, value by value. What can't be
    copied so is named with its line; then nothing is written, and the exit code is 1.
    """
    from generator.cli.commands.promote import run

    courtesy = courtesy_of(offline=offline)
    return run(site_path, source, target, terminal(), dry_run=dry_run, courtesy=courtesy)


COMMANDS: tuple[click.Command, ...] = (bump, promote)
