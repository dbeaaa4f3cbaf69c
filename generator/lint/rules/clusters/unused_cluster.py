"""No environment runs in a cluster.

hubops still writes `clusters/<cluster>/` with its project and roots, and asks for its bootstrap;
Argo CD then follows a folder that deploys nothing. Most often an environment's `cluster` names the
wrong one, or the last environment moved away. Remove the entry, or add an environment.

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
      teaching: {cluster: gricad, namespace: hub, host: teaching.example.org}
"""

from generator.lint.rules.base import Findings, warnings
from generator.site.model import Site

finding = warnings("R208")


def check(site: Site) -> Findings:
    """A warning at the key of each such cluster.

    None where an environment names an unknown cluster: it may mean one of these.
    """
    used = {place.cluster for place in site.places}
    if not used <= site.clusters.keys():
        return
    named = tuple((*environment.at, "cluster") for environment in site.environments)
    for cluster in site.clusters.values():
        if cluster.name not in used:
            yield finding(
                cluster.at,
                f"no environment runs in cluster '{cluster.name}'",
                "write  cluster: ... in an environment, or remove this entry",
                on_key=True,
                relies_on=(("environments",), *named),
            )
