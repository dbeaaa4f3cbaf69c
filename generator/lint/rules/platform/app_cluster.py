"""An app does not run in the cluster that is named.

`clusters` of an app lists entries of `clusters`, and `clusters.<cluster>.apps` says what differs
there for an app that `apps` describes and that runs there. With another name nothing happens: the
app is missing in a cluster, or a difference has no effect. Correct the name.

Bad:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.19.1}
        namespace: cert-manager
        clusters: [fedclod]
Good:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.19.1}
        namespace: cert-manager
        clusters: [fedcloud]
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site
from generator.suggest import did_you_mean

finding = errors("R235")


def check(site: Site) -> Findings:
    """A finding at each such name."""
    for app in site.apps:
        for named in app.clusters or ():
            if named not in site.clusters:
                yield finding(
                    app.at_entry("clusters", named),
                    f"cluster '{named}' is not defined",
                    did_you_mean(named, site.clusters),
                    relies_on=(("clusters",),),
                )
    known = {app.name: app for app in site.apps}
    for cluster in site.clusters.values():
        for name in cluster.apps:
            at = (*cluster.at, "apps", name)
            if name not in known:
                text = f"app '{name}' is not defined"
                help = did_you_mean(name, known)
                yield finding(at, text, help, on_key=True, relies_on=(("apps",),))
            elif not known[name].runs_in(cluster.name):
                text = f"app '{name}' does not run in cluster '{cluster.name}'"
                help = f"add '{cluster.name}' to its clusters, or remove this"
                yield finding(at, text, help, on_key=True, relies_on=(("apps", name),))
