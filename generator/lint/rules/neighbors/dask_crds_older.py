"""A Dask Gateway is newer than the CRDs that another environment of its cluster installs.

An environment with `installCRDs: false` uses the CRDs of the environment that owns them, in the
version of the owner's chart. A newer chart can need newer ones: its hub moves, and the sync of its
gateway fails ("could not find version v1alpha1 of traefik.io/Middleware") until the owner has
moved. The other way round nothing happens: Argo CD deletes no CRD that a newer chart lacks. Between
charts that are known to bring the same CRDs (2025.4.0 and 2026.3.0) the order does not matter.

So upgrade the owner first, or both in one change. If you try upgrades in another environment first,
let that one own the CRDs; the owner can change at any time.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        charts: {dask-gateway: {version: 2025.4.0}}
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2024.1.0}}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
    charts: {jupyterhub: {version: 4.4.0}, dask-gateway: {version: 2025.4.0}}

See https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
"""

from generator.charts import CHARTS
from generator.lint.rules.base import Findings, errors, neighbours, places
from generator.site.model import Environment, Site
from generator.versions import Version

finding = errors("R211")

_VERSION = ("charts", "dask-gateway", "version")


def check(site: Site) -> Findings:
    """A finding at the chart version of each environment that would be ahead of the owner."""
    for together in neighbours(site):
        pinned = [(one, version) for one in together if (version := _version(one)) is not None]
        owners = [(version, one) for one, version in pinned if _owns(one)]
        newest, owner = max(owners, key=lambda pair: pair[0], default=(None, None))
        for environment, version in pinned:
            if newest is None or owner is None or version is newest or version <= newest:
                continue
            if _owns(environment):
                continue
            if site.versions.keeps_crds(newest, version):
                continue
            yield finding(
                environment.settings.origin.at(*_VERSION),
                f"'{environment.name}' would run Dask Gateway {version} with the CRDs of {newest}, "
                f"which '{owner.name}' installs for the cluster",
                f"the owner first: upgrade '{owner.name}' before '{environment.name}', or let "
                f"'{environment.name}' install the CRDs in place of '{owner.name}'",
                relies_on=tuple(
                    place
                    for one in (owner, environment)
                    for path in (_VERSION, ("daskGateway", "installCRDs"))
                    for place in places(one, *path)
                ),
            )


def _version(environment: Environment) -> Version | None:
    settings = environment.settings
    return CHARTS["dask-gateway"].version(settings) if settings.dask is not None else None


def _owns(environment: Environment) -> bool:
    return environment.settings.dask is not None and environment.settings.dask.install_crds
