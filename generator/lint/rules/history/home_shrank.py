"""The home volumes are smaller than in the Git base.

A volume can't shrink. Users who already have a home keep its size, and only new users get the
smaller one: site.yaml no longer says what runs. Keep the capacity; without the line it is 10Gi. If
only new users are to get less, say so in a comment: `# hubops: ignore[L409] reason`.

Bad:
    jupyterhub:
      home: {capacity: 10Gi}
Good:
    jupyterhub:
      home: {capacity: 50Gi}

See https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from generator.lint import history
from generator.lint.rules.base import Findings, Surroundings, errors, has_base
from generator.site.model import Site

finding = errors("L409")
can_judge = has_base


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each such volume."""
    return history.findings(site, around.base, history.home_shrank)
