"""A kind under `clusterKinds` needs its API group.

An AppProject names a kind with its group. hubops knows the groups of Kubernetes' own kinds and of a
few others. Write any other as `Kind.group`, as `kubectl api-resources` lists it.

Bad:
    apps:
      kyverno:
        scope: cluster
        chart: {name: kyverno, repository: "https://kyverno.github.io/kyverno/", version: 3.5.2}
        namespace: kyverno
        clusterKinds: [ClusterPolicy]
Good:
    apps:
      kyverno:
        scope: cluster
        chart: {name: kyverno, repository: "https://kyverno.github.io/kyverno/", version: 3.5.2}
        namespace: kyverno
        clusterKinds: [ClusterPolicy.kyverno.io]

See https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from generator.build.cluster_kinds import GROUPS, group_and_kind
from generator.lint.rules.base import Findings, errors
from generator.lint.written import every_app
from generator.site.model import Site
from generator.suggest import nearest

finding = errors("R233")


def check(site: Site) -> Findings:
    """A finding at each such kind."""
    for app in every_app(site):
        for kind in app.kinds:
            if group_and_kind(kind) is None:
                near = nearest(kind, GROUPS)
                yield finding(
                    app.at_entry("clusterKinds", kind),
                    f"hubops does not know the API group of '{kind}'",
                    f"write  {kind}.GROUP"
                    + (f", or did you mean '{near}'?" if near else "")
                    + "; remove a kind that has a namespace",
                )
