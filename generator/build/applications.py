"""Argo CD's Applications, the roots among them, and the argocd-cm patch.

No field is written that equals its default, for Argo CD would show a difference for ever. No
Application carries a finalizer: deleting one leaves its workload running.
"""

from collections.abc import Mapping
from typing import Any

from generator import names
from generator.build.application_health import LUA
from generator.charts import CHARTS
from generator.site.model import Cluster, Environment, Release, Settings, Site, Sync
from generator.versions import Version, VersionRange

Resource = dict[str, Any]

WAVES = {"namespace": -5, **{name: chart.wave for name, chart in CHARTS.items()}}

# First Argo CD release that knows a field; an older CRD drops what it does not know in silence.
CONFIRMS_DELETION = VersionRange.parse(">=2.14")
_RETRIES_NEWEST = VersionRange.parse(">=3.2")
_TRACKS_BY_ANNOTATION = VersionRange.parse(">=3.0")


def base_application(site: Site, app: str, source: Mapping[str, Any]) -> Resource:
    """The shared part of one app's Applications, as `apps/<app>/application.yaml` holds it.

    `source` is merged into the source: the shared chart values. What only an environment or its
    cluster knows (project, destination, path) is missing.
    """
    spec = {"source": _joined(_source(site, app, site.shared), source)}
    return _app_application(
        site, app, site.argocd, spec | _policy(site.shared.sync, site.argocd, app)
    )


def effective_application(release: Release, source: Mapping[str, Any]) -> Resource:
    """One app of one environment, named as its base; `source` is merged into its own source."""
    site, app, cluster = release.site, release.app, release.cluster
    spec = {
        "project": names.workload_project(site.name, cluster.name),
        "source": _joined(_source(site, app, release.settings), source),
        "destination": cluster.destination | {"namespace": release.environment.namespace},
    }
    policy = _policy(release.settings.sync, cluster.argocd, app)
    return _app_application(site, app, cluster.argocd, spec | policy)


def _joined(own: Resource, source: Mapping[str, Any]) -> Resource:
    """Both sources in one."""
    joined = {**own, **source}
    if "helm" in own and "helm" in source:
        joined["helm"] = {**own["helm"], **source["helm"]}
    return joined


def _app_application(site: Site, app: str, argocd: Version, spec: Resource) -> Resource:
    annotations = _annotations(
        WAVES[app], deletion_guard(argocd), "." if app == "namespace" else ""
    )
    return _application(site, names.base_application(site.name, app), annotations, spec)


def _annotations(wave: int, guard: str, paths: str) -> Resource:
    annotations: Resource = {}
    if wave:
        annotations["argocd.argoproj.io/sync-wave"] = str(wave)
    annotations["argocd.argoproj.io/sync-options"] = guard
    if paths:
        annotations["argocd.argoproj.io/manifest-generate-paths"] = paths
    return annotations


def _application(site: Site, name: str, annotations: Resource, spec: Resource) -> Resource:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": site.argocd_namespace,
            "labels": {names.PART_OF_LABEL: site.name},
            "annotations": annotations,
        },
        "spec": spec,
    }


def deletion_guard(argocd: Version) -> str:
    """The sync option that keeps a merge from deleting an Application before somebody confirms."""
    return (
        "Prune=confirm,Delete=confirm"
        if argocd in CONFIRMS_DELETION
        else "Prune=false,Delete=false"
    )


def _source(site: Site, app: str, settings: Settings) -> Resource:
    """The namespace's folder, or a chart: without a pin (which no shared one feeds) only names."""
    if app not in CHARTS:
        return {"repoURL": site.repository.url, "targetRevision": site.repository.revision}
    chart, pin = CHARTS[app], settings.charts.get(app)
    pinned = {} if pin is None else {"targetRevision": pin.text}
    address = {} if pin is None else {"repoURL": chart.repository_of(pin)}
    crds = {"skipCrds": True} if chart.skips_crds(settings) else {}
    helm = {"releaseName": chart.release_name(settings), **crds}
    return address | {"chart": app} | pinned | {"helm": helm}


def _policy(sync: Sync, argocd: Version, app: str) -> Resource:
    """Sync policy, and the fields that the app's chart makes at random on each render."""
    random = CHARTS[app].random_fields if app in CHARTS else ()
    if random:
        options = ("FailOnSharedResource=true", "RespectIgnoreDifferences=true")
        policy = _sync_policy(sync, argocd, options)
        return {"syncPolicy": policy, "ignoreDifferences": list(random)}
    return {"syncPolicy": _sync_policy(sync, argocd)}


def _sync_policy(
    sync: Sync, argocd: Version, options: tuple[str, ...] = ("FailOnSharedResource=true",)
) -> Resource:
    policy: Resource = {}
    if sync.automated:
        wanted = {"prune": sync.prune, "selfHeal": sync.self_heal}
        policy["automated"] = {name: True for name, on in wanted.items() if on}
    policy["syncOptions"] = list(options)
    retry: Resource = {
        "limit": 5,
        "backoff": {"duration": "30s", "factor": 2, "maxDuration": "10m"},
    }
    if argocd in _RETRIES_NEWEST:
        retry["refresh"] = True
    return policy | {"retry": retry}


def environment_root(site: Site, environment: Environment, cluster: Cluster) -> Resource:
    """The Application that syncs `overlays/<environment>` into the Argo CD namespace."""
    return _root(
        site,
        names.environment_root(site.name, environment.name),
        cluster,
        path=f"overlays/{environment.name}",
        sync=environment.settings.sync,
        # The overlay also builds the bases, which lie outside its folder.
        paths=".;/apps",
    )


def cluster_root(site: Site, cluster: Cluster) -> Resource:
    """The Application that syncs `clusters/<cluster>`; an administrator applies it once."""
    return _root(
        site,
        names.cluster_root(site.name, cluster.name),
        cluster,
        path=f"clusters/{cluster.name}",
        sync=site.shared.sync,
        paths=".",
    )


def _root(
    site: Site, name: str, cluster: Cluster, *, path: str, sync: Sync, paths: str
) -> Resource:
    source = {
        "repoURL": site.repository.url,
        "path": path,
        "targetRevision": site.repository.revision,
    }
    spec = {
        "project": names.bootstrap_project(site.name, cluster.name),
        "source": source,
        "destination": {"server": names.IN_CLUSTER, "namespace": site.argocd_namespace},
        "syncPolicy": _sync_policy(sync, cluster.argocd),
    }
    annotations = _annotations(0, deletion_guard(cluster.argocd), paths)
    return _application(site, name, annotations, spec)


def argocd_cm_patch(cluster: Cluster) -> Resource:
    """What Argo CD's ConfigMap argocd-cm needs, as a merge patch.

    Below 3.0 Argo CD tracks by a label that Dask Gateway uses itself: annotation tracking instead.
    """
    settings = {"resource.customizations.health.argoproj.io_Application": LUA}
    if cluster.argocd not in _TRACKS_BY_ANNOTATION:
        settings["application.resourceTrackingMethod"] = "annotation"
    return {"data": settings}
