"""Two environments claim one host.

A host has one address and one login callback: the ingress serves one of the two hubs, and nothing
says which. Give each environment a host of its own.

Bad:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: hub.example.org
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
from generator.lint.rules.base import error
from generator.site.model import Environment, Site

CODE = "R203"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at the `host` of each later environment."""
    owners: dict[str, Environment] = {}
    for environment in site.environments:
        owner = owners.setdefault(environment.host, environment)
        if environment.host and owner is not environment:
            yield error(
                code=CODE,
                at=(*environment.at, "host"),
                message=f"host '{environment.host}' is that of environment '{owner.name}' too",
                help=f"give '{environment.name}' a host of its own",
            )
