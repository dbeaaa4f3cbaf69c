"""`hubops check`: whether the tree on disk is what site.yaml gives."""

from pathlib import Path

from generator.build.tree import Change, ChangeKind, compare
from generator.cli.commands.site import FOUND, Terminal, built, site_or_said
from generator.io import worktree

# What a change that `generate` would make says about the file as it is now.
_DRIFT = {
    ChangeKind.CREATED: "missing",
    ChangeKind.UPDATED: "differs",
    ChangeKind.DELETED: "orphaned",
}


def run(site_path: Path, terminal: Terminal) -> int:
    """0 when nothing differs, 1 with a list when something does. Writes nothing."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    root = site_path.parent
    result = built(site, root)
    changes = compare(result.files, result.tree)
    if not changes.changes:
        terminal.note(f"{changes.unchanged} files are what {site_path.name} gives\n")
        return 0
    terminal.out("".join(_line(change, root) for change in changes.changes))
    terminal.note(
        f"{len(changes.changes)} of {changes.unchanged + len(changes.changes)} files are not what "
        f"{site_path.name} gives: run 'hubops generate' and commit what it writes; what was "
        f"changed by hand belongs into {site_path.name}\n"
    )
    return FOUND


def _line(change: Change, root: Path) -> str:
    from generator.io import writer  # only to say why a file can't be written

    reason = writer.obstacle(root, change.path)
    return f"{_DRIFT[change.kind]:<9} {change.path}{f' ({reason})' if reason else ''}\n"
