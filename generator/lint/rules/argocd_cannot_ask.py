"""An Argo CD from before 2.14 can't ask before it deletes.

From 2.14 on the Applications carry `Prune=confirm,Delete=confirm`: when an environment is removed
from site.yaml, Argo CD waits until somebody confirms, and then removes its Applications. An older
one does not know `confirm` and would delete at once. So hubops writes `Prune=false,Delete=false`
for it: what is removed from site.yaml stays in Argo CD until somebody deletes it there, and
`hubops generate` prints the commands.

What else hubops leaves out for an older Argo CD: before 3.2 a failed sync is tried again with its
own commit, where a newer one takes up the fix (`retry.refresh`); before 3.3 the project of a
cluster may write any Namespace, not only those of its environments. Before 3.0 argocd-cm is patched
to track by annotation.

Bad:

    argocd: {version: "2.13"}

Good:

    argocd: {version: "2.14"}

See https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import info
from generator.site.model import Site
from generator.versions import VersionRange

CODE = "G805"
SEVERITY = Severity.INFO

# C306 speaks of the ones before.
_CANNOT_ASK = VersionRange.parse(">=2.8 <2.14")


def check(site: Site) -> Iterator[Finding]:
    """An info at the version of each such Argo CD: the cluster's own, or the shared one."""
    for cluster in site.clusters.values():
        if cluster.argocd in _CANNOT_ASK:
            yield info(
                code=CODE,
                at=cluster.argocd_at,
                message=f"Argo CD {cluster.argocd} can't ask before it deletes an Application",
                help=(
                    "so hubops never lets it: what you remove here stays until you delete it in "
                    "Argo CD; from 2.14 on it goes once you confirm"
                ),
            )
