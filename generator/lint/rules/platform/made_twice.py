"""One Kubernetes cluster would get the same app, issuer or dashboard twice.

Entries of `clusters` with one address, or one name in Argo CD, are one cluster. The Applications of
each entry would make the same objects, and Argo CD refuses what another Application has (`Shared
resource found`). Let one of the two bring it: `clusters` of the app lists the entries that run it,
and `null` under `clusters.<cluster>.apps` leaves it out there.

Bad:
    clusters:
      production:
        name: fedcloud-1
        kubernetes: "1.31"
        storageClass: csi-cinder-sc-delete
        ingress: {className: nginx}
        issuers: {letsencrypt: {email: ops@example.org}}
        provided: [cert-manager, ingress-controller, sealed-secrets]
      teaching:
        name: fedcloud-1
        kubernetes: "1.31"
        storageClass: csi-cinder-sc-delete
        ingress: {className: nginx}
        issuers: {letsencrypt: {email: ops@example.org}}
        provided: [cert-manager, ingress-controller, sealed-secrets]
Good:
    clusters:
      production:
        name: fedcloud-1
        kubernetes: "1.31"
        storageClass: csi-cinder-sc-delete
        ingress: {className: nginx}
        issuers: {letsencrypt: {email: ops@example.org}}
        provided: [cert-manager, ingress-controller, sealed-secrets]
      teaching:
        name: fedcloud-1
        kubernetes: "1.31"
        storageClass: csi-cinder-sc-delete
        ingress: {className: nginx}
        provided: [cert-manager, ingress-controller, sealed-secrets]
"""

from collections.abc import Iterator

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.site.model import Cluster, Site

finding = errors("R237")


def check(site: Site) -> Findings:
    """A finding at each app, and at the second of two issuers or dashboards."""
    first: dict[tuple[object, ...], Cluster] = {}
    for cluster in site.clusters.values():
        for what, name, at in _made(site, cluster):
            other = first.setdefault((*cluster.identity, what, name), cluster)
            if other is not cluster:
                yield finding(
                    at,
                    f"{what} '{name}' would be made twice: clusters '{other.name}' and "
                    f"'{cluster.name}' are one, they have the same address",
                    _help(what, name, other, cluster),
                    on_key=True,
                    relies_on=((*cluster.at, "name"), (*cluster.at, "server")),
                )


def _made(site: Site, cluster: Cluster) -> Iterator[tuple[str, str, Pointer]]:
    for issuer in cluster.issuers:
        yield "ClusterIssuer", issuer.name, (*cluster.at, "issuers", issuer.name)
    for name in cluster.dashboards:
        yield "dashboard", name, (*cluster.at, "dashboards", name)
    for place in site.platform_of(cluster.name):
        for app in place.apps:
            if not app.owns_namespace:  # else its namespace is made twice: R231
                yield "app", app.name, ("apps", app.name)


def _help(what: str, name: str, first: Cluster, second: Cluster) -> str:
    if what == "app":
        return f"write  clusters: [{first.name}]  in the app"
    return f"remove it here: '{first.name}' makes it for both"
