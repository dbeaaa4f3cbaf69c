"""A cluster's Kubernetes is one from which RKE2 no longer brings its ingress controller.

RKE2 makes Traefik its default for new clusters from Kubernetes 1.36 on, keeps ingress-nginx in
clusters that have it, and plans to drop it from 1.37 on. If the controller goes with an upgrade of
the cluster, every hub there is unreachable. Move to another class before that upgrade:
docs/operations.md. Where you install ingress-nginx yourself, say so:
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
                f"from Kubernetes {row.dropped} on RKE2 no longer brings {name}, the controller of "
                f"class '{cluster.ingress.class_name}'",
                "move to another class first: docs/operations.md",
                relies_on=((*cluster.at, "kubernetes"), (*cluster.at, "ingress", "className")),
            )
