"""A chart value creates a kind of object that the AppProject does not allow.

An environment's Applications may write to their own namespace, and of the cluster-wide kinds only
those that every release of the charts needs. Argo CD refuses to sync an Application with another
kind and no longer updates any of it. Remove the value, and ask an administrator to create the
object once; pods can name an existing PriorityClass.

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

from generator.charts.overrides import dotted, reached
from generator.lint.rules.base import Findings, errors, written_values
from generator.site.model import Site

finding = errors("C315")


def check(site: Site) -> Findings:
    """A finding at each value that turns such a kind on."""
    for settings, written in written_values(site):
        for row in written.chart.rows:
            if row.creates and reached(written.values, row.path) == (len(row.path), True):
                yield finding(
                    settings.origin.at(*written.place, *row.path),
                    f"'{dotted(row.path)}' creates a {row.creates}, a cluster-wide kind that the "
                    "AppProject does not allow",
                    f"remove it; {row.why}",
                )
