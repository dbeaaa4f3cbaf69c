"""The command line of `diff` and `graph`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.charts import helm_option, limit_option, means_of, offline_option
from generator.cli.options import site_option
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="diff")
@site_option
@click.option(
    "--base",
    metavar="REVISION",
    help="The older side. Default: where this branch left the one that Argo CD follows.",
)
@click.option(
    "--head",
    metavar="REVISION",
    default="worktree",
    show_default=True,
    help="The newer side.",
)
@click.option(
    "--format",
    type=click.Choice(("text", "markdown", "json", "html")),
    default="text",
    show_default=True,
    help="How the review is printed.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 where something differs.")
@click.option("--rendered", is_flag=True, help="Also compare the objects that Helm makes.")
@helm_option
@limit_option
@offline_option
def diff(site_path: Path, helm: str | None, limit: float, **asked: Any) -> int:
    """Show what a change does, by environment and effect.

    \b
    Examples:
      hubops diff
      hubops diff --base v1.2 --format html > review.html
      hubops diff --base main --head HEAD --format markdown
      hubops diff --rendered --offline

    Compares what takes effect, not how it is written: chart values, Applications, objects and
    sealed values, each with what it does to running people and data. Exit 1 when the newer
    site.yaml has an error, and with --exit-code where something differs.
    """
    from generator.cli.commands.diff import run

    is_offline, is_rendered = asked.pop("offline"), asked.pop("rendered")
    means = means_of(helm, limit, offline=is_offline) if is_rendered else None
    return run(site_path, terminal(), means=means, **asked)


@click.command(name="graph")
@site_option
@click.option(
    "--format",
    type=click.Choice(("mermaid", "svg")),
    default="mermaid",
    show_default=True,
    help="Mermaid is drawn by GitHub and GitLab in Markdown; SVG by every browser.",
)
def graph(site_path: Path, format: str) -> int:
    """Draw the site: clusters, environments, applications, secrets.

    \b
    Examples:
      hubops graph
      hubops graph --format svg > site.svg

    Each root syncs from left to right; dashed lines go to who reads a Secret. Exit 1 when
    site.yaml has an error.
    """
    from generator.cli.commands.graph import run

    return run(site_path, terminal(), format=format)


COMMANDS: tuple[click.Command, ...] = (diff, graph)
