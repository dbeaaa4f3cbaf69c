"""Not exactly one Dask Gateway of a cluster installs the CRDs.

CRDs belong to the whole cluster. With two owners Argo CD reports a shared resource and neither
Application syncs; with none no Dask cluster can be made. Let one environment of each cluster
install them, and write `daskGateway: {installCRDs: false}` under the others.

Switching the owner later needs care: the Application that stops installing the CRDs prunes them,
and every running Dask cluster with them.

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
        daskGateway: {releaseName: dask-gateway-staging}

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

See https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from collections.abc import Iterator, Sequence

from generator import names
from generator.diagnostics import Finding, Pointer, Severity
from generator.lint.rules.base import dask_place, error, info, neighbours, one_cluster, places
from generator.site.model import DaskGateway, Environment, Site

CODE = "R205"
SEVERITY = Severity.ERROR

Running = tuple[Environment, DaskGateway]


def check(site: Site) -> Iterator[Finding]:
    """Findings at the second owner, or at the last environment of a cluster that has none."""
    # An environment of an unknown cluster may be the owner in a known one.
    placed = all(environment.cluster in site.clusters for environment in site.environments)
    for together in neighbours(site):
        running = [(one, one.settings.dask) for one in together if one.settings.dask is not None]
        owners = [one for one, dask in _distinct(running) if dask.install_crds]
        for second in owners[1:]:
            yield _second_owner(owners[0], second)
        if placed and running and not any(dask.install_crds for _, dask in running):
            yield _no_owner(site, [one for one, _ in running])


def _distinct(running: Sequence[Running]) -> tuple[Running, ...]:
    """The first of each release name: of the others R204 says all that is to be done."""
    first: dict[str, Running] = {}
    for one, dask in running:
        first.setdefault(names.dask_fullname(dask.release_name), (one, dask))
    return tuple(first.values())


def _second_owner(owner: Environment, second: Environment) -> Finding:
    at, on_key = dask_place(second, "installCRDs")
    return error(
        code=CODE,
        at=at,
        on_key=on_key,
        message=(
            f"environments '{owner.name}' and '{second.name}' both install the CRDs of Dask "
            f"Gateway; {one_cluster(owner, second)}"
        ),
        help=f"under '{second.name}' write  daskGateway: {{installCRDs: false}}",
        relies_on=(*_crd_places(owner), *_crd_places(second)),
    )


def _crd_places(environment: Environment) -> tuple[Pointer, ...]:
    return tuple(
        place
        for key in ("installCRDs", "releaseName")
        for place in places(environment, "daskGateway", key)
    )


def _no_owner(site: Site, running: Sequence[Environment]) -> Finding:
    last = running[-1]
    at = last.settings.origin.at("daskGateway", "installCRDs")
    # An environment whose Dask Gateway was refused may be the owner.
    elsewhere = tuple(
        place for environment in site.environments for place in _crd_places(environment)
    )
    if len(running) == 1:
        return info(
            code=CODE,
            at=at,
            message=f"nothing here installs the CRDs of Dask Gateway in cluster '{last.cluster}'",
            help="somebody else must have installed them, in the version of the pinned chart",
            relies_on=elsewhere,
        )
    listed = " and ".join(f"'{environment.name}'" for environment in running)
    return error(
        code=CODE,
        at=at,
        message=f"none of environments {listed} installs the CRDs of Dask Gateway",
        help=f"let one of them do it, for example '{running[0].name}': installCRDs: true",
        relies_on=elsewhere,
    )
