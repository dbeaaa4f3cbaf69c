"""An Argo CD older than 2.14 can't ask before it deletes.

From 2.14 on, Applications carry `Prune=confirm,Delete=confirm`: when an environment is removed from
site.yaml, Argo CD waits for a confirmation before it removes the environment's Applications. An
older one does not know `confirm` and would delete at once. So hubops writes
`Prune=false,Delete=false` for it: what you remove from site.yaml stays in Argo CD until you delete
it there, and `hubops generate` prints the commands.

What else an older Argo CD costs:

- before 3.2, Argo CD retries a failed sync with the same commit for up to 25 minutes, where a newer
  one picks up the fix (`retry.refresh`): the fix waits for the end, or for a person who terminates
  the sync. hubops also leaves out `manifest-generate-paths`, with which such an Argo CD takes the
  fix for tried and never syncs it: without, each commit makes it render every Application again.
- before 3.3, the project of a cluster may write any Namespace, not only those of its environments;
- before 3.0, argocd-cm is patched to track by annotation.

Bad:
    argocd: {version: "2.13"}
Good:
    argocd: {version: "2.14"}

See https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from generator.lint.rules.base import Findings, infos
from generator.site.model import Site
from generator.versions import VersionRange

finding = infos("G805")

# C306 is about the ones before.
_CANNOT_ASK = VersionRange.parse(">=2.8 <2.14")


def check(site: Site) -> Findings:
    """An info at the version of each such Argo CD: the cluster's own, or the shared one."""
    for cluster in site.clusters.values():
        if cluster.argocd in _CANNOT_ASK:
            yield finding(
                cluster.argocd_at,
                f"Argo CD {cluster.argocd} can't ask before it deletes an Application",
                "when you remove an environment, delete its Applications in Argo CD yourself; "
                "Argo CD 2.14 and later ask you to confirm",
            )
