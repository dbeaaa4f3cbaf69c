"""`hubops schema`: the keys of site.yaml, for editors or for people."""

import json

import click

from generator.cli.options import command
from generator.cli.terminal import Terminal
from generator.io import resources
from generator.site import reference


@click.option(
    "--format",
    type=click.Choice(("json", "markdown")),
    default="json",
    show_default=True,
    help="The JSON Schema for editors and programs, or the reference for people.",
)
def run(terminal: Terminal, format: str) -> int:
    """Print the JSON Schema of site.yaml, or its reference.

    \b
    Examples:
      hubops schema > site.schema.json
      hubops schema --format markdown

    An editor with a YAML language server completes and checks site.yaml where its first line reads
    `# yaml-language-server: $schema=site.schema.json`.
    """
    content = resources.site_schema()
    if format == "markdown":
        terminal.out(reference.site(content, resources.text("site", "reference.md")))
    else:
        terminal.out(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return 0


COMMAND = command("schema", run)
