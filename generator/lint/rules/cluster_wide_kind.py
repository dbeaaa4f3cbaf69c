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
