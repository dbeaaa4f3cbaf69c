"""`hubops check`: whether the tree on disk is what site.yaml gives."""

from pathlib import Path

from generator.commands.site import FOUND, Terminal, built, loaded_or_said
from generator.tree import Change, ChangeKind, compare

# What a change that `generate` would make says about the file as it is now.
_DRIFT = {
    ChangeKind.CREATED: "missing",
    ChangeKind.UPDATED: "differs",
    ChangeKind.DELETED: "orphaned",
}


def run(site_path: Path, terminal: Terminal) -> int:
    """0 when nothing differs, 1 with a list when something does. Writes nothing."""
    site = loaded_or_said(site_path, terminal)
    if site is None:
        return FOUND
    result = built(site, site_path.parent)
    changes = compare(result.copy.generated(result.tree), result.tree)
    if not changes.changes:
        terminal.note(f"{changes.unchanged} files are what {site_path.name} gives\n")
        return 0
    terminal.out("".join(map(_line, changes.changes)))
    terminal.note(
        f"{len(changes.changes)} of {changes.unchanged + len(changes.changes)} files are not what "
        f"{site_path.name} gives: run 'make generate' and commit the result; edits by hand belong "
        f"into {site_path.name}\n"
    )
    return FOUND


def _line(change: Change) -> str:
    return f"{_DRIFT[change.kind]:<9} {change.path}\n"
