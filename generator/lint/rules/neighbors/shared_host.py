"""Two environments have the same host.

A host has one address and one login callback: the ingress serves one of the two hubs, and nothing
says which. Give each environment a different host, or, behind an ingress, a `path` of its own; a
Gateway's route takes the whole host.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: hub.example.org
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

from generator.lint.rules.base import Findings, errors
from generator.site.model import Environment, Site

finding = errors("R203")


def check(site: Site) -> Findings:
    """A finding at the `host` of each later environment."""
    owners: dict[tuple[str, str], Environment] = {}
    for environment in site.environments:
        cluster = site.clusters.get(environment.cluster)
        path = environment.path if cluster is None or cluster.gateway is None else ""
        owner = owners.setdefault((environment.host, path), environment)
        if environment.host and owner is not environment:
            yield finding(
                (*environment.at, "host"),
                f"environment '{owner.name}' has the host '{environment.host}' too",
                f"give '{environment.name}' a different host",
            )
