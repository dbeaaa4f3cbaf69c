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

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint import history
from generator.lint.rules.base import Surroundings
from generator.site.model import Site

CODE = "L409"
SEVERITY = Severity.ERROR


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether there is a base."""
    return around.base is not None


def check(site: Site, around: Surroundings) -> Iterator[Finding]:
    """A finding at each place that makes home volumes smaller."""
    if around.base is not None:
        yield from history.findings(site, around.base, history.home_shrank)
