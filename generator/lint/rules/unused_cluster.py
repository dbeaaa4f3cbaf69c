"""No environment runs in a cluster.

hubops still writes `clusters/<cluster>/` with its project and roots, and asks for its bootstrap;
Argo CD then follows a folder that deploys nothing. Mostly an environment's `cluster` names another
one than was meant, or the last environment moved away. Remove the entry, or put an environment in.

Bad:

    clusters:
      gricad:
        name: gricad
        kubernetes: "1.31"
        storageClass: ceph
        ingress: {className: nginx}

Good:

    clusters:
      gricad:
        name: gricad
        kubernetes: "1.31"
        storageClass: ceph
        ingress: {className: nginx}
    environments:
      teaching:
        cluster: gricad
        namespace: hub
        host: teaching.example.org
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import warning
from generator.site.model import Site

CODE = "R208"
SEVERITY = Severity.WARNING


def check(site: Site) -> Iterator[Finding]:
    """A warning at the key of each such cluster.

    Where an environment names a cluster that there is not, that is said alone: one of these may be
    what it means.
    """
    used = {environment.cluster for environment in site.environments}
    if not used <= site.clusters.keys():
        return
    named = tuple((*environment.at, "cluster") for environment in site.environments)
    for cluster in site.clusters.values():
        if cluster.name not in used:
            yield warning(
                code=CODE,
                at=cluster.at,
                on_key=True,
                message=f"no environment runs in cluster '{cluster.name}'",
                help="write  cluster: ... in an environment, or remove this entry",
                relies_on=(("environments",), *named),
            )
