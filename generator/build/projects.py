"""Argo CD's AppProjects: where roots, workloads and namespaces may write, and which kinds.

An AppProject is judged here as Argo CD does: `refusal` says why one does not take an object.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from generator import names
from generator.build.cluster_folders import folders
from generator.build.cluster_kinds import group_and_kind
from generator.build.tree import Resource
from generator.charts import CHARTS
from generator.records import record
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Environment, Site
from generator.versions import VersionRange

PROJECT_WAVE = -10
# Before every app of a cluster and its namespace.
_PLATFORM_WAVE = -100

# The first Argo CD whose whitelist has names; an older one would drop them and allow every name.
_NAMED_CLUSTER_KINDS = VersionRange.parse(">=3.3")

# Cluster-wide kinds that the charts need.
_CLUSTER_KINDS = (
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
)

_NAMESPACE = ("", "Namespace")
_ISSUER = ("cert-manager.io", "ClusterIssuer")

# Namespaced kinds that the charts, and a namespace with its `extra/` folder, may hold.
# Pods and ReplicaSets are made by controllers: Argo CD shows only children whose kind is listed.
_NAMESPACED_KINDS = {
    "": "ConfigMap Endpoints LimitRange PersistentVolumeClaim Pod ResourceQuota Secret Service "
    "ServiceAccount",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "bitnami.com": "SealedSecret",
    "cert-manager.io": "Certificate CertificateRequest Issuer",
    "discovery.k8s.io": "EndpointSlice",
    "gateway.networking.k8s.io": "HTTPRoute",
    "monitoring.coreos.com": "PodMonitor PrometheusRule ServiceMonitor",
    "networking.k8s.io": "Ingress NetworkPolicy",
    "policy": "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "Role RoleBinding",
    "traefik.containo.us": "IngressRoute IngressRouteTCP Middleware",
    "traefik.io": "IngressRoute IngressRouteTCP Middleware",
}


def workload_project(site: Site, cluster: Cluster) -> Resource:
    """The AppProject of a cluster's charts: from their repositories, into its environments."""
    kinds = [{"group": group, "kind": kind} for group, kind in _CLUSTER_KINDS]
    return _project(
        site,
        names.workload_project(site.name, cluster.name),
        description=f"Workloads of {site.name} on {cluster.name}",
        wave=PROJECT_WAVE,
        spec=_spec(site, cluster, _chart_repositories(site.environments_of(cluster.name)), kinds),
    )


def namespaces_project(site: Site, cluster: Cluster) -> Resource:
    """The AppProject of a cluster's namespaces: no cluster-wide kind but the Namespaces.

    They are named where this Argo CD can tell them apart; else the kind as a whole is allowed.
    """
    namespaces = [{"group": "", "kind": "Namespace"}]
    if cluster.argocd in _NAMED_CLUSTER_KINDS:
        every = [one.namespace for one in site.environments_of(cluster.name)]
        namespaces = _named(cluster, _NAMESPACE, every)
    return _project(
        site,
        names.namespaces_project(site.name, cluster.name),
        description=f"Namespaces of {site.name} on {cluster.name}",
        wave=PROJECT_WAVE,
        spec=_spec(site, cluster, [site.repository.url], namespaces),
    )


def platform_project(site: Site, cluster: Cluster) -> Resource | None:
    """The AppProject of a cluster's further charts and issuers: what they name, no more; or None.

    Of kinds with a namespace it allows all: only a chart itself knows which it makes.
    """
    places = [*site.platform_of(cluster.name), *site.environments_of(cluster.name)]
    held = [(place, app) for place in places for app in place.apps]
    further = list(folders(site, cluster))
    if not held and not further:
        return None
    repositories = {str(app.pin.repository).removeprefix("oci://") for _, app in held}
    if further or any(has_folder(app) for _, app in held):
        repositories.add(site.repository.url)
    namespaces = {place.namespace: None for place, _ in held}
    namespaces |= {other: None for _, app in held for other in app.other_namespaces}
    namespaces |= {folder.namespace: None for folder in further if folder.namespace}
    kinds = {kind for _, app in held for kind in map(group_and_kind, app.kinds) if kind}
    whitelist = [{"group": group, "kind": kind} for group, kind in sorted(kinds)]
    owned = dict.fromkeys(place.namespace for place, app in held if app.owns_namespace)
    made = [issuer.name for issuer in cluster.issuers]
    for kind, objects in ((_NAMESPACE, list(owned)), (_ISSUER, made)):
        if kind not in kinds:
            whitelist += _named(cluster, kind, objects)
    return _project(
        site,
        names.platform_project(site.name, cluster.name),
        description=f"Platform of {site.name} on {cluster.name}",
        wave=_PLATFORM_WAVE,
        spec={
            "sourceRepos": sorted(repositories),
            "destinations": [
                *(cluster.destination | {"namespace": namespace} for namespace in namespaces),
                # Issuers are in no namespace, and may not be a reason to write into one.
                *([cluster.destination] if cluster.issuers else ()),
            ],
            **({"clusterResourceWhitelist": whitelist} if whitelist else {}),
        },
    )


def has_folder(app: FurtherChart) -> bool:
    """Whether an app of a cluster has a folder: of its namespace, of its secrets."""
    return app.is_of_cluster and (app.owns_namespace or bool(app.secrets))


def _named(cluster: Cluster, kind: tuple[str, str], objects: list[str]) -> list[Resource]:
    """Objects in a whitelist: by name where this Argo CD can tell them apart, else the kind."""
    entry = {"group": kind[0], "kind": kind[1]}
    if cluster.argocd in _NAMED_CLUSTER_KINDS:
        return [entry | {"name": name} for name in objects]
    return [entry] if objects else []


def _chart_repositories(environments: Iterable[Environment]) -> list[str]:
    used = {
        CHARTS[name].repository_of(pin)
        for environment in environments
        for name, pin in environment.settings.charts.items()
        if CHARTS[name].is_used(environment.settings)
    }
    return sorted(used)


def _spec(
    site: Site, cluster: Cluster, repositories: list[str], cluster_kinds: list[Resource]
) -> Resource:
    """Exactly the environments' namespaces, and the kinds that these may hold."""
    return {
        "sourceRepos": repositories,
        "destinations": [
            cluster.destination | {"namespace": environment.namespace}
            for environment in site.environments_of(cluster.name)
        ],
        "clusterResourceWhitelist": cluster_kinds,
        "namespaceResourceWhitelist": [
            {"group": group, "kind": kind}
            for group, kinds in _NAMESPACED_KINDS.items()
            for kind in kinds.split()
        ],
    }


@record
class NotAllowed:
    """Why an AppProject does not take an object, and the key of the object that it is about."""

    at: tuple[str, ...]
    reason: str


def refusal(
    project: Resource, resource: Mapping[str, Any], own: str, put: str = ""
) -> NotAllowed | None:
    """Why an AppProject does not take an object of an environment; None where it does.

    `own` is the environment's namespace, where an object without one goes; `put` is the one that
    Kustomize puts it into. Each environment has only its own, though the project has them all.
    """
    kind, version = str(resource.get("kind")), str(resource.get("apiVersion") or "")
    group, name = version.rpartition("/")[0], project["metadata"]["name"]
    metadata = resource.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}

    def has(whitelist: str) -> bool:
        """Whether a kind is listed; without an apiVersion, in whichever group."""
        return any(
            entry["kind"] == kind and (not version or entry["group"] == group)
            for entry in project["spec"][whitelist]
        )

    if has("namespaceResourceWhitelist"):
        space = put or metadata.get("namespace") or own
        reason = f"is for namespace '{space}': AppProject '{name}' allows '{own}' here, no other"
        return None if space == own else NotAllowed(at=("metadata", "namespace"), reason=reason)
    if not has("clusterResourceWhitelist"):
        reason = f"is of a kind that AppProject '{name}' does not allow: {kind} of {group or 'v1'}"
        return NotAllowed(at=("kind",), reason=reason)
    if kind == "Namespace" and metadata.get("name") != own:
        return NotAllowed(at=("metadata", "name"), reason=f"is not this environment's own, '{own}'")
    return None


def bootstrap_project(site: Site, cluster: Cluster) -> Resource:
    """The AppProject of the roots: Applications and AppProjects in the Argo CD namespace only."""
    kinds = [{"group": "argoproj.io", "kind": kind} for kind in ("Application", "AppProject")]
    return _project(
        site,
        names.bootstrap_project(site.name, cluster.name),
        description=f"Roots of {site.name} on {cluster.name}",
        wave=0,
        spec={
            "sourceRepos": [site.repository.url],
            "destinations": [{"server": names.IN_CLUSTER, "namespace": site.argocd_namespace}],
            "namespaceResourceWhitelist": kinds,
        },
    )


def _project(site: Site, name: str, *, description: str, wave: int, spec: Resource) -> Resource:
    metadata: Resource = {
        "name": name,
        "namespace": site.argocd_namespace,
        "labels": {names.PART_OF_LABEL: site.name},
    }
    if wave:
        metadata["annotations"] = {"argocd.argoproj.io/sync-wave": str(wave)}
    # KubeSpawner and Dask Gateway make objects of their own: they are no orphans.
    orphans = {"orphanedResources": {"warn": False}}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": metadata,
        "spec": {"description": description, **spec, **orphans},
    }
