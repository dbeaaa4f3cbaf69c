"""`hubops generate`: site.yaml -> the GitOps repository, writing only changed files."""

from pathlib import Path

import click

from generator.build.tree import Changes
from generator.cli import writing
from generator.cli.building import Built, built
from generator.cli.loading import FINDINGS, site_or_said
from generator.cli.options import site_option
from generator.cli.terminal import Terminal, terminal
from generator.io import worktree, writer
from generator.report import text
from generator.secrets import sealed_values
from generator.site.model import SealedValue, Site


@click.command()
@site_option
@click.option(
    "--discard-sealed",
    is_flag=True,
    help="Discard sealed values that site.yaml no longer uses.",
)
def generate(site_path: Path, discard_sealed: bool) -> int:
    """Write the GitOps repository from site.yaml.

    \b
    Examples:
      hubops generate
      hubops generate --site sites/coast/site.yaml

    Writes only changed files, deletes only generated files, and lists what is left to do. Exits
    with 1 when site.yaml has an error, with 3 when a sealed value would be lost.
    """
    return run(site_path, terminal(), discard_sealed=discard_sealed)


COMMAND = generate


def run(
    site_path: Path,
    terminal: Terminal,
    *,
    discard_sealed: bool = False,
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """0 when the files match site.yaml afterwards, 1 when site.yaml is wrong.

    GeneratorError, and nothing written, when a sealed value would be lost without
    `discard_sealed`, or when another run goes on for `patience` seconds.
    """
    content = worktree.read_site(site_path)
    site = site_or_said(content, site_path, terminal)
    if site is None:
        return FINDINGS

    def act(site: Site) -> int:
        return _written(site, site_path.parent, terminal, discard_sealed)

    return writing.under_lock(site_path, content, site, terminal, patience, act)


def _written(site: Site, root: Path, terminal: Terminal, discard_sealed: bool) -> int:
    result = built(site, root)
    lost = sealed_values.lost(site, result.values)
    if not discard_sealed:
        writing.refuse_loss(lost)
    changes = writing.write(site, root, result)
    _say(site, root, terminal, result, changes, lost)
    return 0


def _say(
    site: Site,
    root: Path,
    terminal: Terminal,
    result: Built,
    changes: Changes,
    lost: tuple[SealedValue, ...],
) -> None:
    terminal.out(text.changes(changes))
    if lost:
        count = sealed_values.counted(lost)
        terminal.out(f"discarded {count}; Git's history has those committed\n")
        terminal.out("".join(f"  {value.owner}\n" for value in lost))
    writing.say_what_is_left(site, root, terminal, result, changes)
