"""Two environments of one cluster have a user scheduler with the same name.

`packing` starts a scheduler for users' servers. Its name, and that of its role over the cluster,
comes from the Helm release: two of one name in a cluster would place each other's servers, and
Argo CD refuses to let two Applications own one role. Give one of them its own
`jupyterhub.releaseName`, or let only one pack its servers. A running hub's release name is in
selectors: changing it replaces the hub.

Bad:
    jupyterhub: {nodePools: {users: {packing: true}}}
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
Good:
    jupyterhub: {nodePools: {users: {packing: true}}}
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        jupyterhub: {releaseName: jupyterhub-staging}
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}
"""

from generator.charts import jupyterhub
from generator.charts.rows import at
from generator.lint.rules.base import Findings, errors, neighbours, same_cluster
from generator.site.model import Environment, Settings, Site

finding = errors("R222")

_PACKING = "jupyterhub.nodePools.users.packing"


def check(site: Site) -> Findings:
    """A finding at each environment whose scheduler another one has already."""
    if not any(_packs(settings) for settings, _ in site.variants):
        return
    for together in neighbours(site):
        first: dict[str, Environment] = {}
        for environment in (one for one in together if _packs(one.settings)):
            release = jupyterhub.CHART.release_name(environment.settings)
            other = first.setdefault(release, environment)
            if other is not environment:
                yield finding(
                    environment.at,
                    f"the user scheduler '{release}-user-scheduler' is that of environment "
                    f"'{other.name}' too: {same_cluster(other, environment)}",
                    "write another jupyterhub.releaseName here, or 'packing: false' under "
                    "jupyterhub.nodePools.users",
                    on_key=True,
                )


def _packs(settings: Settings) -> bool:
    path = ("scheduling", "userScheduler", "enabled")
    written = at(jupyterhub.CHART.raw_values(settings), path)
    return (settings.at(_PACKING) if written is None else written) is True
