"""A cluster's Kubernetes is one for which RKE2 no longer runs its ingress controller alone.

RKE2 makes Traefik its default for new clusters from Kubernetes 1.36 on, and keeps ingress-nginx in
clusters that have it. Its release notes announced that 1.37 drops ingress-nginx; its branch for
1.37 still starts it beside Traefik, as a last chance to move (read in September 2026; SUSE supports
it longer for customers). If the controller goes with an upgrade of the cluster, every hub there is
unreachable. Read RKE2's release notes, and move to another class before that upgrade:
docs/operations.md. Where you install ingress-nginx yourself, or have such support, say so:
`# hubops: ignore[C342] our own installation`.

Bad:
    clusters:
      fedcloud:
        kubernetes: "1.37"
        ingress: {className: nginx}
Good:
    clusters:
      fedcloud:
        kubernetes: "1.37"
        ingress: {className: traefik}

See https://docs.rke2.io/reference/ingress_migration
See https://github.com/rancher/rke2/pull/11156
"""

from generator.charts.ingress_controllers import controller
from generator.lint.rules.base import Findings, warnings
from generator.site.model import Site
from generator.site.support import INGRESS
from generator.versions import Version

finding = warnings("C342")


def check(site: Site) -> Findings:
    """A finding at the Kubernetes version of each such cluster."""
    for cluster in site.clusters.values():
        if cluster.ingress is None:
            continue
        name = controller(cluster.ingress)
        row = site.versions.support.rows.get(INGRESS, {}).get(name)
        if row is not None and row.dropped and cluster.kubernetes >= Version.parse(row.dropped):
            yield finding(
                (*cluster.at, "kubernetes"),
                f"class '{cluster.ingress.class_name}' is {name}'s, and from Kubernetes "
                f"{row.dropped} on RKE2 runs that only beside Traefik, for the move, if at all",
                "move to another class before the upgrade: docs/operations.md",
                relies_on=((*cluster.at, "kubernetes"), (*cluster.at, "ingress", "className")),
            )
