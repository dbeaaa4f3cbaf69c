"""`hubops schema`: what site.yaml may hold, for editors or for people."""

import json

from generator.cli.commands.site import Terminal
from generator.io import resources
from generator.site import reference


def run(terminal: Terminal, format: str) -> int:
    """0; the JSON Schema, or the reference as Markdown."""
    schema = resources.site_schema()
    if format == "markdown":
        terminal.out(reference.site(schema))
    else:
        terminal.out(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return 0
