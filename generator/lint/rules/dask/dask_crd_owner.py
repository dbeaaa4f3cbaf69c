"""No Dask Gateway in a cluster installs the CRDs, or several do.

CRDs belong to the whole cluster. Argo CD applies those of a chart, and neither tracks nor deletes
them. With no owner in site.yaml, an administrator must install them before anyone can create a Dask
cluster, and install them again with each newer chart: no Application does. Several owners work as
long as all pin the same chart version, or versions with the same CRDs (2025.4.0 and 2026.3.0); with
others each puts its own CRDs back over those of the other, without end. Let one environment of each
cluster install them, the one that you upgrade first, and write `daskGateway: {installCRDs: false}`
under the others.

You can change the owner at any time: the CRDs and the running Dask clusters stay.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging}
        charts: {dask-gateway: {version: 2024.1.0}}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
      staging:
        cluster: fedcloud
        namespace: hub-staging
        host: staging.example.org
        daskGateway: {releaseName: dask-gateway-staging, installCRDs: false}

See https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from collections.abc import Sequence

from generator import names
from generator.charts import CHARTS
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import (
    Findings,
    errors,
    infos,
    neighbours,
    places,
    same_cluster,
)
from generator.lint.rules.dask import dask_place
from generator.site.model import DaskGateway, Environment, Site

finding = errors("R205")
_note = infos("R205")

_CHART = "dask-gateway"

Running = tuple[Environment, DaskGateway]


def check(site: Site) -> Findings:
    """Findings at the second owner, or at the last environment of a cluster that has none."""
    # An environment of an unknown cluster may be the owner in a known one.
    placed = all(environment.cluster in site.clusters for environment in site.environments)
    for together in neighbours(site):
        running = [(env, env.settings.dask) for env in together if env.settings.dask is not None]
        owners = [environment for environment, dask in _distinct(running) if dask.install_crds]
        yield from (_second_owner(site, owners[0], second) for second in owners[1:])
        if placed and running and not any(dask.install_crds for _, dask in running):
            yield _no_owner(site, [environment for environment, _ in running])


def _distinct(running: Sequence[Running]) -> tuple[Running, ...]:
    """The first of each release name: R204 is about the others."""
    first: dict[str, Running] = {}
    for environment, dask in running:
        first.setdefault(names.dask_fullname(dask.release_name), (environment, dask))
    return tuple(first.values())


def _second_owner(site: Site, owner: Environment, second: Environment) -> Finding:
    at, on_key = dask_place(second, "installCRDs")
    first, other = (CHARTS[_CHART].version(one.settings) for one in (owner, second))
    help = f"under '{second.name}' write  daskGateway: {{installCRDs: false}}"
    both = (
        f"environments '{owner.name}' and '{second.name}' both install the CRDs of Dask Gateway; "
        f"{same_cluster(owner, second)}"
    )
    if first is None or other is None or site.versions.keeps_crds(first, other):
        text = f"{both}: charts with different CRDs would each put their own back"
        return _note(at, text, help, on_key=on_key, relies_on=_crd_places(owner, second))
    text = f"{both}, and {first} and {other} put back their own over each other's"
    return finding(at, text, help, on_key=on_key, relies_on=_crd_places(owner, second))


def _crd_places(*environments: Environment) -> tuple[Pointer, ...]:
    return tuple(
        place
        for environment in environments
        for key in ("installCRDs", "releaseName")
        for place in places(environment, "daskGateway", key)
    )


def _no_owner(site: Site, running: Sequence[Environment]) -> Finding:
    last = running[-1]
    at = last.settings.origin.at("daskGateway", "installCRDs")
    # An environment whose Dask Gateway was refused may be the owner.
    elsewhere = _crd_places(*site.environments)
    if len(running) == 1:
        return _note(
            at,
            f"no environment installs the CRDs of Dask Gateway in cluster '{last.cluster}'",
            "check that an administrator has installed those of the pinned chart: no Application "
            "installs or updates them",
            relies_on=elsewhere,
        )
    listed = " and ".join(f"'{environment.name}'" for environment in running)
    return finding(
        at,
        f"none of environments {listed} installs the CRDs of Dask Gateway",
        f"let one of them do it, for example '{running[0].name}': installCRDs: true",
        relies_on=elsewhere,
    )
