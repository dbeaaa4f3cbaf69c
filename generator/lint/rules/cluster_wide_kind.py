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

from collections.abc import Mapping

from generator.charts.overrides import Path, dotted, standing
from generator.lint.rules.base import Findings, errors, written_values
from generator.site.model import Json, Site

finding = errors("C315")

# By chart: the value that turns such a kind on, the kind, and what to write instead. Of all kinds
# in the templates of both charts this is the only one beside those of build/projects.py.
_KINDS: Mapping[str, tuple[tuple[Path, Json, str, str], ...]] = {
    "jupyterhub": (
        (
            ("scheduling", "podPriority", "enabled"),
            True,
            "PriorityClass",
            "ask an administrator to create one and name it in singleuser.extraPodConfig:"
            " {priorityClassName: ...}",
        ),
    ),
    "dask-gateway": (),
}


def check(site: Site) -> Findings:
    """A finding at each value that turns such a kind on."""
    for settings, written in written_values(site):
        for path, switch, kind, instead in _KINDS[written.chart]:
            if standing(written.values, path) == (len(path), switch):
                yield finding(
                    settings.origin.at(*written.place, *path),
                    f"'{dotted(path)}' creates a {kind}, a cluster-wide kind that the AppProject "
                    "does not allow",
                    f"remove it; {instead}",
                )
