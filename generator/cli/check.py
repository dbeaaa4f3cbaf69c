"""`hubops check`: whether the generated files match site.yaml."""

from pathlib import Path

import click

from generator.build.tree import Change, ChangeKind, compare
from generator.cli.building import built
from generator.cli.loading import FINDINGS, site_or_said
from generator.cli.options import site_option
from generator.cli.terminal import Terminal, terminal
from generator.io import worktree

# What a change that `generate` would make says about the file on disk.
_DRIFT = {
    ChangeKind.CREATED: "missing",
    ChangeKind.UPDATED: "differs",
    ChangeKind.DELETED: "orphaned",
}


@click.command()
@site_option
def check(site_path: Path) -> int:
    """Compare the generated files with site.yaml.

    \b
    Examples:
      hubops check
      hubops check || hubops generate

    Lists files that were edited by hand, are missing or are left over, and exits with 1. Writes
    nothing.
    """
    return run(site_path, terminal())


COMMAND = check


def run(site_path: Path, terminal: Terminal) -> int:
    """0 when nothing differs, 1 with a list when something does. Writes nothing."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FINDINGS
    root = site_path.parent
    result = built(site, root)
    changes = compare(result.files, result.tree)
    if not changes.changes:
        terminal.note(f"{changes.unchanged} files match {site_path.name}\n")
        return 0
    terminal.out("".join(_line(change, root) for change in changes.changes))
    terminal.note(
        f"{len(changes.changes)} of {changes.unchanged + len(changes.changes)} files don't match "
        f"{site_path.name}: put intended changes in {site_path.name}, run 'hubops generate' and "
        "commit the result\n"
    )
    return FINDINGS


def _line(change: Change, root: Path) -> str:
    from generator.io import writer  # only to say why a file can't be written

    reason = writer.obstacle(root, change.path)
    return f"{_DRIFT[change.kind]:<9} {change.path}{f' ({reason})' if reason else ''}\n"
