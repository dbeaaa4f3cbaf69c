"""The revision that Argo CD follows is not a fixed branch.

`HEAD` is the repository's default branch, whatever its name: a renamed branch, or a fork with
another default, changes what is deployed without a commit. Name the branch.

Bad:
    repository: {url: https://github.com/coast-lab/gitops.git, revision: HEAD}
Good:
    repository: {url: https://github.com/coast-lab/gitops.git, revision: main}

See https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
"""

from generator.credentials import shown
from generator.lint.rules.base import Findings, warnings
from generator.site.model import Site

finding = warnings("G804")


def check(site: Site) -> Findings:
    """A warning at `repository.revision`."""
    revision = site.repository.revision
    if revision.rpartition("/")[2] in ("HEAD", "@") or revision.startswith("refs/remotes/"):
        yield finding(
            ("repository", "revision"),
            f"revision '{shown(revision.removeprefix('refs/heads/'))}' names no branch",
            "name the branch that Argo CD follows, for example  main",
        )
