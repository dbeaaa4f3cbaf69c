"""Two environments use the same namespace in one cluster.

The objects of JupyterHub's chart have fixed names (`hub`, `proxy`, `hub-db-dir`): a namespace holds
one hub. Two Applications would overwrite each other's objects and share one database. Give each
environment a separate namespace. Entries of `clusters` with the same `server`, other than Argo CD's
own cluster, or with the same `name` are one cluster.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
"""

from generator.lint.rules.base import Findings, errors, neighbours, same_cluster
from generator.site.model import Environment, Site

finding = errors("R202")


def check(site: Site) -> Findings:
    """A finding at the `namespace` of each later environment."""
    for together in neighbours(site):
        owners: dict[str, Environment] = {}
        for environment in together:
            owner = owners.setdefault(environment.namespace, environment)
            if environment.namespace and owner is not environment:
                yield finding(
                    (*environment.at, "namespace"),
                    f"environment '{owner.name}' uses namespace '{environment.namespace}' too; "
                    f"{same_cluster(owner, environment)}",
                    f"give '{environment.name}' a separate namespace",
                )
