"""`hubops generate`: site.yaml -> the GitOps repository, writing only what changed."""

from pathlib import Path

from generator import followup, keeping, writer
from generator.commands.site import FOUND, Built, Terminal, built, loaded_or_said
from generator.diagnostics import GeneratorError
from generator.model import SealedValue, Site
from generator.report import text
from generator.tree import compare


def run(site_path: Path, terminal: Terminal, *, discard_sealed: bool = False) -> int:
    """0 when the tree on disk is what site.yaml gives, 1 when site.yaml is wrong.

    GeneratorError, and nothing written, when a sealed value would be lost without `discard_sealed`.
    """
    site = loaded_or_said(site_path, terminal)
    if site is None:
        return FOUND
    root = site_path.parent
    with writer.lock(root):
        result = built(site, root)
        lost = keeping.lost(result.values, site, result.sealed)
        if lost and not discard_sealed:
            raise _refusal(lost)
        before = result.copy.generated(result.tree)
        changes = compare(before, result.tree)
        sealed = keeping.own_paths(site) | {value.path for value in result.values}
        writer.apply(root, changes, sealed=sealed, staged=result.copy.staged)
    terminal.out(text.changes(changes))
    terminal.out(text.sections("Still to do", _items(site, result, before, root)))
    return 0


def _refusal(lost: tuple[SealedValue, ...]) -> GeneratorError:
    count = f"{len(lost)} sealed value{'s' if len(lost) > 1 else ''}"
    help = (
        "a sealed value can't be carried to another environment, namespace, scope or name. Undo "
        "the change in site.yaml to keep it, or drop it: hubops generate --discard-sealed"
    )
    details = tuple(f"{value.path}: {value.owner}" for value in lost)
    return GeneratorError(f"{count} would be lost; nothing was written", help, details)


def _items(
    site: Site, result: Built, before: dict[str, bytes], root: Path
) -> tuple[followup.Item, ...]:
    certificates = {
        cluster.sealing_certificate
        for cluster in site.clusters.values()
        if cluster.sealing_certificate and (root / cluster.sealing_certificate).is_file()
    }
    return followup.items(site, before, result.tree, result.sealed, certificates)
