"""What the commands that write the tree have in common: the lock, and refusing a loss."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from generator.build.repository import sealed_path
from generator.build.tree import Changes, compare
from generator.change import todos
from generator.cli.building import Built
from generator.cli.loading import site_of
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.io import worktree, writer
from generator.report import text
from generator.secrets import sealed_values
from generator.site.model import Site
from generator.site.sealed import SealedValue

NEXT = "\nnext: commit this and open a pull request\n"


@contextmanager
def locked(
    site_path: Path, content: bytes, site: Site, terminal: Terminal, patience: float
) -> Iterator[Site]:
    """The site, while no other hubops writes. `content` is the text that `site` was read from.

    GeneratorError when another run goes on for `patience` seconds.
    """
    waiting = partial(terminal.note, "waiting for another hubops to end\n")
    with writer.lock(site_path.parent, patience, waiting):
        # The run before may have taken long: what counts is site.yaml as it is now.
        now = worktree.read_site(site_path)
        yield site if now == content else site_of(site_path, terminal, now)


def write(site: Site, root: Path, result: Built) -> Changes:
    """What was changed on the disk. The caller holds the lock and has refused losses."""
    changes = compare(result.files, result.tree)
    values = (*result.values.values, *result.values.misplaced)
    own = sealed_values.keys_by_path(site) if any(one.before for one in changes.changes) else ()
    sealed = {*own, *(value.path for value in values)}
    writer.apply(
        root,
        changes,
        sealed=sealed,
        precious={sealed_path(owner.environment, owner.name) for owner in result.sealed},
        staged=result.copy.staged,
    )
    return changes


def refuse_loss(lost: tuple[SealedValue, ...]) -> None:
    """GeneratorError with the list when a sealed value would be lost."""
    if not lost:
        return
    help = (
        "a sealed value can't be carried to another environment, namespace, scope or name. Undo "
        "the change in site.yaml to keep it, or discard it: hubops generate --discard-sealed"
    )
    raise GeneratorError(
        f"{sealed_values.counted(lost)} would be lost; nothing was written",
        help,
        tuple(f"{value.path}: {value.owner}" for value in lost),
    )


def say_what_is_left(
    site: Site, root: Path, terminal: Terminal, result: Built, changes: Changes
) -> None:
    """What a person must still do, before the merge and after it, and the next step."""
    paths = {cluster.sealing_certificate for cluster in site.clusters.values()}
    outcome = todos.Generation(
        old=result.files,
        new=result.tree,
        sealed=result.sealed,
        extras=result.copy.extras,
        copies=result.values.copies,
        differs=bool(changes.changes),
        certificates={path for path in paths if path and _is_filled(root / path)},
    )
    terminal.out(text.sections("Before you merge", todos.before_merge(site, outcome)))
    terminal.out(text.sections("After the merge", todos.after_merge(site, outcome)))
    if changes.changes:
        terminal.note(NEXT)


def _is_filled(path: Path) -> bool:
    """Whether it holds anything; a failed `kubeseal --fetch-cert` leaves an empty file."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False
