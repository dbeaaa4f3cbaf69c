"""`hubops graph`: the site as a picture."""

from pathlib import Path

from generator import worktree
from generator.architecture import architecture
from generator.commands.site import FOUND, Terminal, site_or_said
from generator.report.reviews import GRAPHS


def run(site_path: Path, terminal: Terminal, *, format: str) -> int:
    """0 with the picture; 1 when site.yaml is wrong."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    terminal.out(GRAPHS[format](architecture(site)))
    return 0
