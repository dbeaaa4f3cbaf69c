"""The volume of the hub's database is smaller than in the Git base.

A volume can't shrink: Kubernetes refuses the claim, and Argo CD can't sync the hub any more, nor
any later change to it. Keep the size; without the line it is 1Gi. If the volume is gone, or was
never there, say so in a comment: `# hubops: ignore[L410] reason`.

Bad:
    jupyterhub:
      database: {storage: 1Gi}
Good:
    jupyterhub:
      database: {storage: 5Gi}

See https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from generator.lint import history
from generator.lint.rules.base import Findings, Surroundings, errors, has_base
from generator.site.model import Site

finding = errors("L410")
can_judge = has_base


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each such volume."""
    return history.findings(site, around.base, history.database_shrank)
