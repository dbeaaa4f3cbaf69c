"""A chart value makes the chart create a kind that its AppProject does not allow.

The workloads of an environment may write into their own namespace, and of the kinds that hold for
the whole cluster only those that every release of the charts needs. Argo CD refuses the sync of an
application that holds another one, and nothing of it is updated from then on. Remove the value, and
let an administrator create the object once; pods can name a PriorityClass that is there.

Bad:

    jupyterhub:
      values:
        scheduling: {podPriority: {enabled: true}}

Good:

    jupyterhub:
      values:
        singleuser: {extraPodConfig: {priorityClassName: people}}

See https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from collections.abc import Iterator

from generator.charts.overrides import dotted, raw, standing
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings
from generator.site.model import Site

CODE = "C315"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each value that turns such a kind on."""
    for settings in every_settings(site):
        for written in raw(settings):
            for row in written.chart.rows:
                if row.creates and standing(written.values, row.path) == (len(row.path), True):
                    yield error(
                        code=CODE,
                        at=settings.origin.at(*written.place, *row.path),
                        message=(
                            f"'{dotted(row.path)}' creates a {row.creates}, a cluster-wide kind "
                            "that the AppProject does not allow"
                        ),
                        help=f"remove it; {row.why}",
                    )
