"""Argo CD's Applications, the roots among them, and the argocd-cm patch.

No field is written that equals its default, for Argo CD would show a difference for ever. No
Application carries a finalizer: deleting one leaves its workload running.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator import names
from generator.build.cluster_folders import ClusterFolder
from generator.build.tree import Resource
from generator.charts import CHARTS
from generator.charts.chart import fingerprint
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Environment, Release, Settings, Site, Sync
from generator.versions import Version, VersionRange
from generator.yaml.write import Shared

WAVES = {"namespace": -5, **{name: chart.wave for name, chart in CHARTS.items()}}

# First Argo CD release that knows a field; an older CRD drops what it does not know in silence.
CONFIRMS_DELETION = VersionRange.parse(">=2.14")
_RETRIES_NEWEST = VersionRange.parse(">=3.2")
_NAMES_SOURCES = VersionRange.parse(">=2.14")
_TRACKS_BY_ANNOTATION = VersionRange.parse(">=3.0")


def base_application(site: Site, app: str, source: Mapping[str, Any]) -> Resource:
    """The shared part of one app's Applications, as `apps/<app>/application.yaml` holds it.

    `source` is merged into the source: the shared chart values. What only an environment or its
    cluster knows (project, destination, path) is missing.
    """
    return _app_application(site, app, site.shared, site.argocd, {"source": source})


def effective_application(release: Release, source: Mapping[str, Any]) -> Resource:
    """One app of one environment, named as its base; `source` is merged into its own source."""
    site, app, cluster = release.site, release.app, release.cluster
    project = names.workload_project if app in CHARTS else names.namespaces_project
    spec = {
        "project": project(site.name, cluster.name),
        "source": source,
        "destination": cluster.destination | {"namespace": release.environment.namespace},
    }
    return _app_application(site, app, release.settings, cluster.argocd, spec)


def app_base(site: Site, app: FurtherChart) -> Resource:
    """The shared part of a further chart's Applications, without what an environment knows."""
    name = names.base_application(site.name, app.name)
    return _of_chart(site, app, name, site.argocd, site.shared.sync, {})


def app_application(site: Site, app: FurtherChart, place: Environment) -> Resource:
    """A further chart in one place: named as its base, or in its cluster by its whole name."""
    cluster = site.clusters[place.cluster]
    whole = names.application(site.name, app.name, cluster.name)
    name = whole if app.is_of_cluster else names.base_application(site.name, app.name)
    spec = {
        "project": names.platform_project(site.name, cluster.name),
        "source": {},
        "destination": cluster.destination | {"namespace": place.namespace},
    }
    return _of_chart(site, app, name, cluster.argocd, place.settings.sync, spec)


def marked(application: Resource, app: FurtherChart, argocd: Version) -> Resource:
    """The same with a name of its source that tells what beside the source decides about a sync.

    A source that failed is not tried again by itself, whatever changes in its project or its sync
    options (argo-cd controller/appcontroller.go, alreadyAttemptedSync). Argo CD only shows the
    name: a new one makes another source of it, so that a fix is synced without a hand.
    """
    if argocd not in _NAMES_SOURCES:
        return application
    beside = [app.namespace, app.kinds, app.other_namespaces, app.server_side_apply, app.ignored]
    source = application["spec"]["source"] | {"name": f"hubops-{fingerprint(beside)[:12]}"}
    return application | {"spec": application["spec"] | {"source": source}}


def _of_chart(
    site: Site, app: FurtherChart, name: str, argocd: Version, sync: Sync, spec: Resource
) -> Resource:
    values = {"valuesObject": app.values} if app.values else {}
    crds = {} if app.installs_crds else {"skipCrds": True}
    source = {
        "repoURL": (app.pin.repository or "").removeprefix("oci://"),
        "chart": app.pin.name,
        "targetRevision": app.pin.text,
        "helm": {"releaseName": app.name, **crds, **values},
    }
    options = (
        *(("RespectIgnoreDifferences=true",) if app.ignored else ()),
        *(("ServerSideApply=true",) if app.server_side_apply else ()),
    )
    spec = spec | {"source": source, "syncPolicy": _sync_policy(sync, argocd, *options)}
    if app.ignored:  # the reason is for those who read site.yaml
        spec["ignoreDifferences"] = [
            {key: value for key, value in one.items() if key != "reason"} for one in app.ignored
        ]
    return _application(site, name, argocd, spec, wave=app.wave, paths="")


def app_namespace(
    site: Site, app: FurtherChart, place: Environment, path: str, digest: str
) -> Resource:
    """What brings the namespace and the secrets of a cluster's app, one wave before the app."""
    cluster = site.clusters[place.cluster]
    spec = {
        "project": names.platform_project(site.name, cluster.name),
        "source": _folder_source(site, path, digest),
        "destination": cluster.destination | {"namespace": place.namespace},
        "syncPolicy": _sync_policy(place.settings.sync, cluster.argocd),
    }
    name = names.application(site.name, names.app_namespace(app.name), cluster.name)
    return _application(site, name, cluster.argocd, spec, wave=app.wave - 1, paths=".")


def folder_application(
    site: Site, cluster: Cluster, folder: ClusterFolder, digest: str
) -> Resource:
    """What brings a folder of a cluster: to no namespace where its objects are in none."""
    path = f"clusters/{cluster.name}/{folder.name}"
    namespace = {"namespace": folder.namespace} if folder.namespace else {}
    spec = {
        "project": names.platform_project(site.name, cluster.name),
        "source": _folder_source(site, path, digest),
        "destination": cluster.destination | namespace,
        "syncPolicy": _sync_policy(site.shared.sync, cluster.argocd),
    }
    name = names.application(site.name, folder.name, cluster.name)
    return _application(site, name, cluster.argocd, spec, wave=folder.wave, paths=".")


def _folder_source(site: Site, path: str, digest: str) -> Resource:
    """A folder of the repository: new content gives the Application a new spec."""
    return {
        "repoURL": site.repository.url,
        "targetRevision": site.repository.revision,
        "path": path,
        "kustomize": {"commonAnnotations": {names.CONTENT_ANNOTATION: digest}},
    }


def _app_application(
    site: Site, app: str, settings: Settings, argocd: Version, spec: Resource
) -> Resource:
    """The source merged into the app's own, and the policy beside it.

    Argo CD must not compare the fields that a chart makes at random on each render.
    """
    own, given = _source(site, app, settings), spec["source"]
    source = {**own, **given}
    if "helm" in own and "helm" in given:
        source["helm"] = {**own["helm"], **given["helm"]}
    random = CHARTS[app].random_fields if app in CHARTS else ()
    options = ("RespectIgnoreDifferences=true",) if random else ()
    spec = spec | {"source": source, "syncPolicy": _sync_policy(settings.sync, argocd, *options)}
    if random:
        spec["ignoreDifferences"] = random
    name, paths = names.base_application(site.name, app), "." if app == "namespace" else ""
    return _application(site, name, argocd, spec, wave=WAVES[app], paths=paths)


def _application(
    site: Site, name: str, argocd: Version, spec: Resource, *, wave: int = 0, paths: str
) -> Resource:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": _metadata(site.name, name, site.argocd_namespace, argocd, wave, paths),
        "spec": spec,
    }


@lru_cache(maxsize=256)  # an app's are the very same in all environments: nothing to compare
def _metadata(
    site: str, name: str, namespace: str, argocd: Version, wave: int, paths: str
) -> Resource:
    # A merge deletes no Application before a person confirms it.
    answer = "confirm" if argocd in CONFIRMS_DELETION else "false"
    annotations = {
        "argocd.argoproj.io/sync-wave": str(wave or ""),
        "argocd.argoproj.io/sync-options": f"Prune={answer},Delete={answer}",
    }
    if argocd in _RETRIES_NEWEST:
        # An older one takes a commit that changes none of these paths for tried, and where a sync
        # of the commit before failed, it never syncs the fix.
        annotations["argocd.argoproj.io/manifest-generate-paths"] = paths
    return {
        "name": name,
        "namespace": namespace,
        "labels": {names.PART_OF_LABEL: site},
        "annotations": {key: text for key, text in annotations.items() if text},
    }


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


@lru_cache(maxsize=256)  # a site has few
def _sync_policy(sync: Sync, argocd: Version, *options: str) -> Resource:
    policy: Resource = {}
    if sync.automated:
        wanted = {"prune": sync.prune, "selfHeal": sync.self_heal}
        policy["automated"] = {name: True for name, on in wanted.items() if on}
    policy["syncOptions"] = ["FailOnSharedResource=true", *options]
    backoff = {"duration": "30s", "factor": 2, "maxDuration": "10m"}
    newest = {"refresh": True} if argocd in _RETRIES_NEWEST else {}
    return Shared(policy, retry={"limit": 5, "backoff": backoff, **newest})


def environment_root(site: Site, environment: Environment, cluster: Cluster) -> Resource:
    """The Application that syncs `overlays/<environment>` into the Argo CD namespace."""
    name, path = names.environment_root(site.name, environment.name), f"overlays/{environment.name}"
    # The overlay also builds the bases, which are outside its folder.
    return _root(site, name, cluster, path, environment.settings.sync, paths=".;/apps")


def cluster_root(site: Site, cluster: Cluster) -> Resource:
    """The Application that syncs `clusters/<cluster>`; an administrator applies it once."""
    name, path = names.cluster_root(site.name, cluster.name), f"clusters/{cluster.name}"
    return _root(site, name, cluster, path, site.shared.sync, paths=".")


def _root(
    site: Site, name: str, cluster: Cluster, path: str, sync: Sync, *, paths: str
) -> Resource:
    address = site.repository
    source = {"repoURL": address.url, "path": path, "targetRevision": address.revision}
    spec = {
        "project": names.bootstrap_project(site.name, cluster.name),
        "source": source,
        "destination": {"server": names.IN_CLUSTER, "namespace": site.argocd_namespace},
        "syncPolicy": _sync_policy(sync, cluster.argocd),
    }
    return _application(site, name, cluster.argocd, spec, paths=paths)


def argocd_cm_patch(cluster: Cluster) -> Resource:
    """What Argo CD's ConfigMap argocd-cm needs, as a merge patch that carries its fingerprint.

    Below 3.0 Argo CD tracks by a label that Dask Gateway uses itself: annotation tracking instead.
    """
    health = "resource.customizations.health."
    settings = {
        f"{health}argoproj.io_Application": LUA,
        f"{health}bitnami.com_SealedSecret": SEALED_SECRET_LUA,
    }
    if cluster.argocd not in _TRACKS_BY_ANNOTATION:
        settings["application.resourceTrackingMethod"] = "annotation"
    mark = {names.PATCH_ANNOTATION: fingerprint(settings)[:16]}
    return {"metadata": {"annotations": mark}, "data": settings}


# The health check of `argoproj.io/Application` for argocd-cm, in Lua 5.1. Without it sync waves
# between Applications wait for nothing (Argo CD 1.8 removed its own). The check in Argo CD's
# documentation believes a status of an older spec; this one compares first. An Application that
# Argo CD can't compare would keep its root in a sync without end: it is degraded, so that sync
# fails. With InvalidSpecError Argo CD does not compare at all, whatever spec it compared before.
# Argo CD gives a health check Lua's basic functions and `table`, and no `string`.
LUA = """\
-- Written by hubops: an Application counts as healthy only for the spec it has now.
local function equal(a, b)
  if type(a) ~= type(b) then return false end
  if type(a) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not equal(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local function verdict(status, message)
  return {status = status, message = message}
end

local spec, status = obj.spec, obj.status
local function problem(kind)
  for _, condition in ipairs((status or {}).conditions or {}) do
    if condition.type == kind then
      return verdict("Degraded", condition.message or condition.type)
    end
  end
end

local invalid = problem("InvalidSpecError")
if invalid then return invalid end
if status == nil or status.health == nil or status.sync == nil or status.sync.comparedTo == nil then
  return verdict("Progressing", "Argo CD has not compared it yet")
end
local compared = status.sync.comparedTo
if (spec.source ~= nil and not equal(spec.source, compared.source))
  or (spec.sources ~= nil and not equal(spec.sources, compared.sources)) then
  return verdict("Progressing", "the status belongs to an older spec")
end
local incomparable = problem("ComparisonError") or problem("UnknownError")
if incomparable then return incomparable end
local operation = status.operationState
if operation ~= nil and operation.phase == "Running" then
  return verdict("Progressing", "a sync is running")
end
if status.sync.status == "Synced" then
  return verdict(status.health.status, status.health.message)
end
if operation ~= nil and (operation.phase == "Failed" or operation.phase == "Error") then
  local result = operation.syncResult
  local of_this_source = result ~= nil and equal(result.source, spec.source)
    and result.revision == status.sync.revision
  if result == nil or of_this_source then
    return verdict("Degraded", operation.message or "the sync failed")
  end
end
return problem("SyncError") or verdict("Progressing", "not synced yet")
"""

# The health check of `bitnami.com/SealedSecret`. Argo CD's own believes a condition of older
# values: while the controller is away, what reads the Secret would restart with the old one.
# Old controllers write no `observedGeneration`: then the condition has to do.
SEALED_SECRET_LUA = """\
-- Written by hubops: a SealedSecret counts as healthy only when its newest values are decrypted.
local status = obj.status or {}
local observed = status.observedGeneration
if observed ~= nil and observed ~= obj.metadata.generation then
  return {status = "Progressing", message = "the controller has not read the newest values yet"}
end
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Synced" and condition.status == "True" then
    return {status = "Healthy", message = condition.message or "decrypted"}
  end
  if condition.type == "Synced" and condition.status == "False" then
    return {status = "Degraded", message = condition.message or "the controller can't decrypt it"}
  end
end
return {status = "Progressing", message = "the controller has not decrypted it yet"}
"""
