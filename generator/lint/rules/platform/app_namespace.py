"""The namespace of an app is missing, or is not its own.

An app of a cluster names its namespace; one of each environment has the environment's. hubops
creates a namespace once: where two apps share one, the second says `createNamespace: false`. The
namespace of an environment and Argo CD's are out of reach of apps: their project would reach all
that is in it. The same holds for dashboards, which go to the namespace of Prometheus.

Bad:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.19.1}
Good:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.19.1}
        namespace: cert-manager
"""

from collections.abc import Iterable, Iterator

from generator.diagnostics import Pointer
from generator.lint.rules.base import Environments, Findings, errors, neighbours
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Environment, Site

finding = errors("R231")

_KEYS = ("namespace", "createNamespace", "namespaceLabels")


def check(site: Site) -> Findings:
    """A finding at each such app, or at its namespace."""
    for app in site.apps:
        yield from _written(app)
    for together in neighbours(site, site.places) if site.platform else ():
        yield from _shared(site, together)
    for cluster in site.clusters.values():
        if cluster.dashboards:
            yield from _of_dashboards(site, cluster)


def _of_dashboards(site: Site, cluster: Cluster) -> Findings:
    every = site.clusters.values()
    here = {one.name for one in every if one.identity == cluster.identity}
    owners = _owners(site, [one for one in site.environments if one.cluster in here])
    namespace = cluster.prometheus.namespace
    if namespace in owners:
        yield finding(
            (*cluster.at, "prometheus", "namespace"),
            f"dashboards can't go to namespace '{namespace}': it belongs to {owners[namespace]}",
            "name the namespace of Prometheus, which is its own, or remove 'dashboards'",
            relies_on=(("argocd", "namespace"), ("environments",)),
        )


def _owners(site: Site, environments: Iterable[Environment]) -> dict[str, str]:
    """Whose namespaces no app and no dashboard may be in."""
    names = {one.namespace: f"environment '{one.name}'" for one in environments}
    return names | {site.argocd_namespace: "Argo CD"}


def _written(app: FurtherChart) -> Findings:
    at: Pointer = ("apps", app.name)
    if app.is_of_cluster and not app.namespace:
        help = f"add it, for example  namespace: {app.name}"
        text = f"app '{app.name}' of scope cluster has no key 'namespace'"
        yield finding(at, text, help, on_key=True, relies_on=((*at, "namespace"),))
    written = app.shared.get(app.name, {})
    for key in _KEYS if not app.is_of_cluster else ():
        if key in written:
            text = f"'{key}' has no meaning for an app of scope environment"
            help = "remove it: the app goes to the namespace of each environment"
            yield finding((*at, key), text, help, on_key=True)
    if app.is_of_cluster and not app.owns_namespace and app.labels:
        text = "hubops does not create this namespace, so it gets no labels"
        yield finding((*at, "namespaceLabels"), text, "remove them", on_key=True)


def _shared(site: Site, together: Environments) -> Findings:
    """What another one in the same Kubernetes cluster has already."""
    owners = _owners(site, [one for one in together if not one.is_platform])
    created: dict[str, Environment] = {}
    for place, app in _apps(together):
        at = ("apps", app.name, "namespace")
        if place.namespace in owners:
            yield finding(
                at,
                f"namespace '{place.namespace}' belongs to {owners[place.namespace]}",
                f"give the app its own, for example  {app.name}",
                relies_on=(("argocd", "namespace"), ("environments",)),
            )
        elif app.owns_namespace:
            first = created.setdefault(place.namespace, place)
            if first is not place:
                yield finding(
                    at,
                    f"namespace '{place.namespace}' is already created by {first.name}",
                    "write  createNamespace: false  beside it",
                )


def _apps(together: Environments) -> Iterator[tuple[Environment, FurtherChart]]:
    return ((one, app) for one in together if one.is_platform for app in one.apps)
