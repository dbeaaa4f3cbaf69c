"""`hubops graph`: the site as a picture."""

from pathlib import Path

import click

from generator.change import graph_mermaid, graph_svg
from generator.cli.loading import site_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal

_FORMATS = {"mermaid": graph_mermaid.graph, "svg": graph_svg.graph}


@site_option
@click.option(
    "--format",
    type=click.Choice(tuple(_FORMATS)),
    default="mermaid",
    show_default=True,
    help="GitHub and GitLab draw Mermaid in Markdown; every browser draws SVG.",
)
def run(site_path: Path, terminal: Terminal, format: str) -> int:
    """Draw the site: clusters, environments, applications, secrets.

    \b
    Examples:
      hubops graph
      hubops graph --format svg > site.svg

    Each root syncs from left to right; dashed lines point at who reads a Secret. Exit 1 when
    site.yaml has an error.
    """
    terminal.out(_FORMATS[format](site_of(site_path, terminal)))
    return 0


COMMAND = command("graph", run)
