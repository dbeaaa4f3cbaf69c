"""A kind under `clusterKinds` has a namespace, or its API group is cut short.

`clusterKinds` is for kinds without a namespace: the AppProject of the apps allows every kind that
has one, so such an entry does nothing. Neither does one of Kubernetes' own kinds with another
group than its own: Argo CD refuses the chart's objects. Remove the first, and write Kubernetes' own
kinds without a group.

Bad:
    apps:
      metrics:
        scope: cluster
        chart: {name: metrics, repository: "https://charts.example.org", version: 1.2.3}
        namespace: metrics
        clusterKinds: [ClusterRole.rbac, Deployment.apps]
Good:
    apps:
      metrics:
        scope: cluster
        chart: {name: metrics, repository: "https://charts.example.org", version: 1.2.3}
        namespace: metrics
        clusterKinds: [ClusterRole]

See https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from generator.build.cluster_kinds import GROUPS, group_and_kind, has_namespace
from generator.lint.rules.base import Findings, warnings
from generator.lint.written import every_app
from generator.site.model import Site

finding = warnings("R245")


def check(site: Site) -> Findings:
    """A finding at each such kind."""
    for app in every_app(site):
        for written in app.kinds:
            group, kind = group_and_kind(written) or ("", "")
            at, own = app.at_entry("clusterKinds", written), GROUPS.get(kind)
            if has_namespace(group, kind):
                text = f"'{kind}' of group '{group}' has a namespace: here it does nothing"
                yield finding(at, text, "remove it: an app may make every kind with a namespace")
            elif own is not None and own != group and _is_short(group, own):
                where = f"group '{own}'" if own else "Kubernetes' core group"
                yield finding(at, f"'{kind}' is of {where}, not of '{group}'", f"write  {kind}")


def _is_short(group: str, own: str) -> bool:
    """Whether a group is the beginning of Kubernetes' own, or a name of its core group."""
    return own.startswith(f"{group}.") or (own == "" and group in ("core", "v1"))
