"""The followed revision floats.

`HEAD` is whatever the repository calls its default branch: renaming that branch, or a fork with
another one, changes what is deployed without a commit. Name the branch.

Bad:

    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: HEAD

Good:

    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: main

See https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
"""

from collections.abc import Iterator

from generator.credentials import shown
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import warning
from generator.site.model import Site

CODE = "G804"
SEVERITY = Severity.WARNING


def check(site: Site) -> Iterator[Finding]:
    """A warning at `repository.revision`."""
    revision = site.repository.revision
    if revision.rpartition("/")[2] in ("HEAD", "@") or revision.startswith("refs/remotes/"):
        yield warning(
            code=CODE,
            at=("repository", "revision"),
            message=f"revision '{shown(revision.removeprefix('refs/heads/'))}' names no branch",
            help="name the branch that Argo CD follows, for example  main",
        )
