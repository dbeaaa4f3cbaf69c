"""Two environments use one namespace of one cluster.

The objects of JupyterHub's chart have fixed names (`hub`, `proxy`, `hub-db-dir`): one namespace
holds one hub. Two Applications would fight over them, and over one database. Give each environment
a namespace of its own. Entries of `clusters` with the same `server`, other than Argo CD's own
cluster, or with the same `name` are one cluster.

Bad:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
      staging:
        cluster: fedcloud
        namespace: hub
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}

Good:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, neighbours, one_cluster
from generator.site.model import Environment, Site

CODE = "R202"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at the `namespace` of each later environment."""
    for together in neighbours(site):
        owners: dict[str, Environment] = {}
        for environment in together:
            owner = owners.setdefault(environment.namespace, environment)
            if environment.namespace and owner is not environment:
                where = one_cluster(owner, environment)
                yield error(
                    code=CODE,
                    at=(*environment.at, "namespace"),
                    message=(
                        f"namespace '{environment.namespace}' is that of environment "
                        f"'{owner.name}' too; {where}"
                    ),
                    help=f"give '{environment.name}' a namespace of its own",
                )
