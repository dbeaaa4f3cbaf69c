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

from generator.charts.overrides import dotted, standing
from generator.lint.rules.base import Findings, errors, written_values
from generator.site.model import Site

finding = errors("C315")


def check(site: Site) -> Findings:
    """A finding at each value that turns such a kind on."""
    for settings, written in written_values(site):
        for row in written.chart.rows:
            if row.creates and standing(written.values, row.path) == (len(row.path), True):
                yield finding(
                    settings.origin.at(*written.place, *row.path),
                    f"'{dotted(row.path)}' creates a {row.creates}, a cluster-wide kind that the "
                    "AppProject does not allow",
                    f"remove it; {row.why}",
                )
