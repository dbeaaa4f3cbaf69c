"""`hubops check`: whether the generated files match site.yaml."""

from pathlib import Path

from generator.build.tree import ChangeKind, compare
from generator.cli.building import built
from generator.cli.loading import FINDINGS, site_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable

# What a change that `generate` would make says about the file on disk.
_DRIFT = {
    ChangeKind.CREATED: "missing",
    ChangeKind.UPDATED: "differs",
    ChangeKind.DELETED: "orphaned",
}


@site_option
def run(site_path: Path, terminal: Terminal) -> int:
    """Compare the generated files with site.yaml.

    \b
    Examples:
      hubops check
      hubops check || hubops generate

    Lists files that were edited by hand, are missing or are left over. Writes nothing. Exit 1 when
    there are any, or when site.yaml has an error.
    """
    site = site_of(site_path, terminal)
    result = built(site, site_path, terminal)
    changes = compare(result.files, result.tree)
    if not changes.changes:
        terminal.note(f"{changes.unchanged} files match {site_path.name}\n")
        return 0
    from generator.io import writer  # only to say why a file can't be written

    for change in changes.changes:
        reason = writer.obstacle(site_path.parent, change.path)
        because = f" ({reason})" if reason else ""
        terminal.out(f"{_DRIFT[change.kind]:<9} {printable(change.path)}{because}\n")
    terminal.note(
        f"{len(changes.changes)} of {changes.unchanged + len(changes.changes)} files don't match "
        f"{site_path.name}: put intended changes in {site_path.name}, run 'hubops generate' and "
        "commit the result\n"
    )
    return FINDINGS


COMMAND = command("check", run)
