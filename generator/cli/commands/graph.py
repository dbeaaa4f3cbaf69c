"""`hubops graph`: the site as a picture."""

from pathlib import Path

from generator.change.architecture import architecture
from generator.change.formats import GRAPHS
from generator.cli.commands.site import FOUND, Terminal, site_or_said
from generator.io import worktree


def run(site_path: Path, terminal: Terminal, *, format: str) -> int:
    """0 with the picture; 1 when site.yaml is wrong."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    terminal.out(GRAPHS[format](architecture(site)))
    return 0
