"""Two Dask Gateways in one cluster give their objects the same names.

The chart names its ClusterRoles and ClusterRoleBindings after the Helm release alone: two releases
of one name in two namespaces write the same objects, and Argo CD lets neither win. A release
called `stage` and one called `stage-dask-gateway` get the same names too, because the chart adds
`-dask-gateway` where it is lacking. Give the second environment a release name of its own; and
since only one release of a cluster may own the CRDs, `installCRDs: false`.

Bad:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org

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

See https://github.com/dask/dask-gateway/blob/main/resources/helm/dask-gateway/templates/_helpers.tpl
"""

from collections.abc import Iterable, Iterator

from generator import names
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import dask_place, error, neighbours, one_cluster, places
from generator.site.model import Environment, Site

CODE = "R204"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at the release name of each later environment, or where it would stand."""
    for together in neighbours(site):
        owners: dict[str, Environment] = {}
        for environment in together:
            if environment.settings.dask is None:
                continue
            name = names.dask_fullname(environment.settings.dask.release_name)
            owner = owners.setdefault(name, environment)
            if owner is not environment:
                yield _finding(owner, environment, name, _has_owner(together, environment))


def _has_owner(together: Iterable[Environment], but: Environment) -> bool:
    gateways = (other.settings.dask for other in together if other is not but)
    return any(dask is not None and dask.install_crds for dask in gateways)


def _finding(owner: Environment, environment: Environment, name: str, has_owner: bool) -> Finding:
    at, on_key = dask_place(environment, "releaseName")
    release = f"dask-gateway-{environment.name}"
    if len(release) > names.DASK_NAME_LENGTH:
        release = "dask-gateway-2"
    crds = ", installCRDs: false" if has_owner else ""
    return error(
        code=CODE,
        at=at,
        on_key=on_key,
        message=(
            f"the ClusterRole 'api-{name}' would belong to environments '{owner.name}' and "
            f"'{environment.name}'; {one_cluster(owner, environment)}"
        ),
        help=f"under '{environment.name}' write  daskGateway: {{releaseName: {release}{crds}}}",
        relies_on=tuple(
            place
            for one in (owner, environment)
            for place in places(one, "daskGateway", "releaseName")
        ),
    )
