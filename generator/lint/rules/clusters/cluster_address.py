"""A cluster has no address, or two.

Argo CD knows a cluster by the address of its API server or by the name it was registered with. A
destination with both or neither passes Argo CD's schema, and the sync fails. Write either `server`
or `name`; the cluster that Argo CD itself runs in is `server: https://kubernetes.default.svc`.

Bad:
    clusters:
      fedcloud:
        server: https://kubernetes.default.svc
        name: fedcloud
        kubernetes: "1.31"
        storageClass: csi-cinder
        ingress: {className: nginx}
Good:
    clusters:
      fedcloud:
        server: https://kubernetes.default.svc
        kubernetes: "1.31"
        storageClass: csi-cinder
        ingress: {className: nginx}

See https://github.com/argoproj/applicationset/issues/112
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("R209")


def check(site: Site) -> Findings:
    """A finding at each cluster with both or neither of `server` and `name`."""
    for cluster in site.clusters.values():
        name, server = (*cluster.at, "name"), (*cluster.at, "server")
        if cluster.server is not None and cluster.registered_name is not None:
            yield finding(
                name,
                f"cluster '{cluster.name}' has both a 'server' and a 'name'",
                "remove one of them: Argo CD refuses a destination with both",
                on_key=True,
            )
        elif cluster.server is None and cluster.registered_name is None:
            yield finding(
                cluster.at,
                f"cluster '{cluster.name}' has neither a 'server' nor a 'name'",
                "add one, for example  server: https://kubernetes.default.svc",
                on_key=True,
                relies_on=(name, server),
            )
