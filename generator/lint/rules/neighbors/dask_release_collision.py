"""Two Dask Gateways in one cluster give their objects the same names.

The chart names its ClusterRoles and ClusterRoleBindings after the Helm release alone: two releases
of one name in two namespaces write the same objects, and the two Applications overwrite each other.
A release called `stage` and one called `stage-dask-gateway` get the same names too, because the
chart adds `-dask-gateway` where it is missing. Give the second environment a different release
name, and, since only one release in a cluster may own the CRDs, `installCRDs: false`.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging: {cluster: fedcloud, namespace: hub-staging, host: staging.example.org}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}

See https://github.com/dask/dask-gateway/blob/main/resources/helm/dask-gateway/templates/_helpers.tpl
"""

from generator import names
from generator.diagnostics import Finding
from generator.lint.rules.base import (
    Findings,
    errors,
    neighbours,
    places,
    same_cluster,
)
from generator.lint.rules.dask import dask_place
from generator.site.model import Environment, Site

finding = errors("R204")


def check(site: Site) -> Findings:
    """A finding at the release name of each later environment, or where it would be written."""
    for together in neighbours(site):
        owners: dict[str, Environment] = {}
        for environment in together:
            if environment.settings.dask is None:
                continue
            name = names.dask_fullname(environment.settings.dask.release_name)
            owner = owners.setdefault(name, environment)
            if owner is not environment:
                gateways = (other.settings.dask for other in together if other is not environment)
                has_crds = any(dask is not None and dask.install_crds for dask in gateways)
                yield _collision(owner, environment, name, has_crds)


def _collision(owner: Environment, second: Environment, name: str, has_crds: bool) -> Finding:
    at, on_key = dask_place(second, "releaseName")
    release = f"dask-gateway-{second.name}"
    if len(release) > names.DASK_NAME_LENGTH:
        release = "dask-gateway-2"
    crds = ", installCRDs: false" if has_crds else ""
    return finding(
        at,
        f"the ClusterRole 'api-{name}' would belong to environments '{owner.name}' and "
        f"'{second.name}'; {same_cluster(owner, second)}",
        f"under '{second.name}' write  daskGateway: {{releaseName: {release}{crds}}}",
        on_key=on_key,
        relies_on=tuple(
            place
            for environment in (owner, second)
            for place in places(environment, "daskGateway", "releaseName")
        ),
    )
