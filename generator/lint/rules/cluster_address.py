"""A cluster has no address, or two.

Argo CD knows a cluster by the address of its API server or by the name it was registered with. A
destination with both or neither passes the schema of Argo CD and is refused when it syncs. Write
`server`, or else `name`; the cluster that Argo CD itself runs in is
`server: https://kubernetes.default.svc`.

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

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import Site

CODE = "R209"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each cluster with both or neither of `server` and `name`."""
    for cluster in site.clusters.values():
        name, server = (*cluster.at, "name"), (*cluster.at, "server")
        if cluster.server is not None and cluster.registered_name is not None:
            yield error(
                code=CODE,
                at=name,
                on_key=True,
                message=f"cluster '{cluster.name}' has both a 'server' and a 'name'",
                help="remove one of them: Argo CD refuses a destination with both",
            )
        elif cluster.server is None and cluster.registered_name is None:
            yield error(
                code=CODE,
                at=cluster.at,
                on_key=True,
                message=f"cluster '{cluster.name}' has neither a 'server' nor a 'name'",
                help="add it, for example  server: https://kubernetes.default.svc",
                relies_on=(name, server),
            )
