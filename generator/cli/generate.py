"""`hubops generate`: site.yaml -> the GitOps repository, writing only changed files."""

from pathlib import Path

import click

from generator.cli import writing
from generator.cli.building import built
from generator.cli.loading import site_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.io import worktree, writer
from generator.report import text
from generator.secrets import sealed_values


@site_option
@click.option(
    "--discard-sealed", is_flag=True, help="Discard sealed values that site.yaml no longer uses."
)
def run(
    site_path: Path,
    terminal: Terminal,
    *,
    discard_sealed: bool = False,
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """Write the GitOps repository from site.yaml.

    \b
    Examples:
      hubops generate
      hubops generate --site sites/coast/site.yaml

    Writes only changed files, deletes only generated files, and lists what is left to do. Exit 1
    when site.yaml has an error, 3 when a sealed value would be lost.
    """
    content, root = worktree.read_site(site_path), site_path.parent
    before = site_of(site_path, terminal, content)
    with writing.locked(site_path, content, before, terminal, patience) as site:
        result = built(site, site_path, terminal)
        lost = sealed_values.lost(site, result.values)
        if not discard_sealed:
            writing.refuse_loss(lost)
        changes = writing.write(site, root, result)
        terminal.out(text.changes(changes))
        if lost:
            count = sealed_values.counted(lost)
            terminal.out(f"discarded {count}; Git's history has those committed\n")
            terminal.out("".join(f"  {printable(str(value.owner))}\n" for value in lost))
        writing.say_what_is_left(site, root, terminal, result, changes)
    return 0


COMMAND = command("generate", run)
