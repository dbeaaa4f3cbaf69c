"""Argo CD's AppProjects: where the roots, and where the workloads, may write, and which kinds."""

from collections.abc import Iterable

from generator import names
from generator.build.tree import Resource
from generator.charts import CHARTS
from generator.site.model import Cluster, Environment, Site
from generator.versions import VersionRange

PROJECT_WAVE = -10

# The first Argo CD whose whitelist has names; an older one would drop them and allow every name.
_NAMED_CLUSTER_KINDS = VersionRange.parse(">=3.3")

# Cluster-wide kinds that the charts and the namespace application need.
_CLUSTER_KINDS = (
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
)

# Namespaced kinds that the charts, the namespace application and its `extra/` folder may hold.
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
    """The AppProject of a cluster's workloads: its environments' places and nothing else."""
    environments = site.environments_of(cluster.name)
    return _project(
        site,
        names.workload_project(site.name, cluster.name),
        description=f"Workloads of {site.name} on {cluster.name}",
        wave=PROJECT_WAVE,
        spec={
            "sourceRepos": _source_repositories(site, environments),
            "destinations": [
                cluster.destination | {"namespace": environment.namespace}
                for environment in environments
            ],
            "clusterResourceWhitelist": _cluster_kinds(cluster, environments),
            "namespaceResourceWhitelist": [
                {"group": group, "kind": kind}
                for group, kinds in _NAMESPACED_KINDS.items()
                for kind in kinds.split()
            ],
        },
    )


def _source_repositories(site: Site, environments: Iterable[Environment]) -> list[str]:
    used = {
        CHARTS[name].repository_of(pin)
        for environment in environments
        for name, pin in environment.settings.charts.items()
        if CHARTS[name].is_used(environment.settings)
    }
    return [site.repository.url, *sorted(used - {site.repository.url})]


def _cluster_kinds(cluster: Cluster, environments: Iterable[Environment]) -> list[Resource]:
    """Namespaces by name where this Argo CD can tell them apart, else the whole kind."""
    namespace = {"group": "", "kind": "Namespace"}
    spaces = [namespace]
    if cluster.argocd in _NAMED_CLUSTER_KINDS:
        spaces = [namespace | {"name": environment.namespace} for environment in environments]
    return spaces + [{"group": group, "kind": kind} for group, kind in _CLUSTER_KINDS]


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
