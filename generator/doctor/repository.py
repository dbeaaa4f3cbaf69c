"""What this clone knows of the followed branch: its commit, and how far Argo CD is behind."""

from pathlib import Path

from generator.diagnostics import GeneratorError
from generator.doctor.reading import text
from generator.doctor.snapshot import Snapshot
from generator.io import git
from generator.records import replace
from generator.site.model import Site

_HEADS = "refs/heads/"


def with_history(snapshot: Snapshot, root: Path, site: Site, content: bytes, name: str) -> Snapshot:
    """The snapshot with the commit that Git has; without it where this is no clone that knows it.

    `content` is the text of site.yaml, to tell whether the merged one is another.
    """
    if git.is_outside(root) or not git.is_repository(root):
        return snapshot
    followed = _followed(root, site.repository.revision)
    if not followed:
        return snapshot
    live = {
        text(one, "status.sync.revision")
        for one in (snapshot.argocd.objects if snapshot.argocd else ())
        if one["kind"] == "Application" and not text(one, "spec.source.chart")
    }
    behind = {one: git.ahead(root, one, followed) for one in live if one and one != followed}
    try:
        is_merged = git.content(root, followed, name) in (content, None)
    except GeneratorError:
        is_merged = True
    return replace(snapshot, followed=followed, behind=behind, is_merged=is_merged)


def _followed(root: Path, revision: str) -> str:
    branch = revision.removeprefix(_HEADS)
    for ref in (f"refs/remotes/origin/{branch}", f"{_HEADS}{branch}", revision):
        try:
            return git.commit(root, ref)
        except GeneratorError:
            continue
    return ""
