"""What stays in the clusters when an environment or a cluster goes or moves. Pure.

Nothing is deleted by a merge: these are the commands for a person who wants it gone. The old
tree's own files tell what there was, under the names it had.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from generator import names
from generator.build.applications import CONFIRMS_DELETION
from generator.charts import APPS
from generator.records import record
from generator.site.model import Site

# A headline and the lines below it; a command is indented by two, ready to copy.
Item = tuple[str, tuple[str, ...]]

_ROOT_FILE = re.compile(r"clusters/([^/]+)/environment-([^/]+)\.yaml")
_CLUSTER_FILE = re.compile(r"clusters/([^/]+)/bootstrap/root\.yaml")
_DASK_CRD = "daskclusters.gateway.dask.org"
_APP = re.compile(rb"^  - \"?\.\./\.\./apps/([a-z-]+)\"?\s*$", re.MULTILINE)
_NAME = re.compile(rb"^  name: \"?([a-z0-9-]+)\"?\s*$", re.MULTILINE)
_NAMESPACE = re.compile(rb"^  namespace: \"?([a-z0-9-]+)\"?\s*$", re.MULTILINE)
_PART_OF = re.compile(rb"^    app\.kubernetes\.io/part-of: \"?([a-z0-9-]+)\"?\s*$", re.MULTILINE)
_RELEASE = re.compile(rb"^ +releaseName: \"?([a-z0-9-]+)\"?\s*$", re.MULTILINE)


@record
class Placement:
    """Where an old tree had an environment, and what ran there.

    `namespace` is empty where the old tree, half removed, no longer says it.
    """

    environment: str
    cluster: str
    namespace: str
    apps: tuple[str, ...]
    dask_release: str
    site: str
    argocd_namespace: str

    @property
    def applications(self) -> tuple[str, ...]:
        """The names of its Applications."""
        return tuple(names.application(self.site, app, self.environment) for app in self.apps)


def items(site: Site, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Item, ...]:
    """What a person must do about everything that was and is no more; `new` is the site's tree."""
    return (
        *_renamed(site, old),
        *departures(site, placements(site, old, new)),
        *_lost_clusters(site, old),
    )


def placements(
    site: Site, files: Mapping[str, bytes], new: Mapping[str, bytes]
) -> tuple[Placement, ...]:
    """The environments that a tree describes, read from its own files.

    While an interrupted move is unfinished one environment stands in two clusters. Those whose
    files stand in the new tree just so are left out: nothing of them went or moved.
    """
    return tuple(
        _placement(site, match[1], match[2], files)
        for match in map(_ROOT_FILE.fullmatch, _in_clusters(files))
        if match is not None and not _stays(match[0], match[2], files, new)
    )


def _in_clusters(files: Iterable[str]) -> Iterator[str]:
    return (path for path in files if path.startswith("clusters/"))


def _stays(root: str, name: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> bool:
    """Whether all that a placement is read from is in both trees, and equal."""
    overlay = f"overlays/{name}"
    read = (root, f"{overlay}/kustomization.yaml", f"{overlay}/namespace/namespace.yaml")
    return all(path in old and old[path] == new.get(path) for path in read)


def _placement(site: Site, cluster: str, name: str, files: Mapping[str, bytes]) -> Placement:
    root = files[f"clusters/{cluster}/environment-{name}.yaml"]
    overlay = files.get(f"overlays/{name}/kustomization.yaml", b"")
    found = {app.decode() for app in _APP.findall(overlay)}
    # Only Dask Gateway's release name is ever patched: the hub's is the same everywhere.
    base = files.get("apps/dask-gateway/application.yaml", b"")
    release = _word(_RELEASE, overlay) or _word(_RELEASE, base) or "dask-gateway"
    return Placement(
        environment=name,
        cluster=cluster,
        namespace=_word(_NAME, files.get(f"overlays/{name}/namespace/namespace.yaml", b"")),
        apps=tuple(app for app in APPS if app in found) or APPS,
        dask_release=release,
        site=_word(_PART_OF, root) or site.name,
        argocd_namespace=_word(_NAMESPACE, root) or site.argocd_namespace,
    )


def _word(pattern: re.Pattern[bytes], content: bytes) -> str:
    found = pattern.search(content)
    return found[1].decode() if found is not None else ""


def _renamed(site: Site, old: Mapping[str, bytes]) -> Iterator[Item]:
    """Roots known to Argo CD by another name or in another namespace would be doubled."""
    known = set()
    for path in _in_clusters(old):
        if _CLUSTER_FILE.fullmatch(path):
            name, namespace = _word(_PART_OF, old[path]), _word(_NAMESPACE, old[path])
            if name and namespace and (name, namespace) != (site.name, site.argocd_namespace):
                known.add((name, namespace))
    for name, namespace in sorted(known):
        label = f"-n {namespace} -l {names.PART_OF_LABEL}={name}"
        yield (
            f"Argo CD knows this site as {name} in namespace {namespace}: let go of that first",
            (
                "before you apply the bootstrap again, where Argo CD runs (the pods keep running):",
                f"  kubectl delete application {label}",
                f"  kubectl delete appproject {label}",
            ),
        )


def departed(site: Site, was: Placement) -> tuple[str, ...]:
    """The same for one environment, each command on one line with what it is for."""
    return tuple(one for _, lines in departures(site, (was,)) for one in acts(lines))


def acts(lines: Iterable[str]) -> Iterator[str]:
    """An item's lines, where each command follows what it is for."""
    purpose = ""
    for line in lines:
        if line.startswith("  "):
            yield f"{purpose} {line.strip()}"
        elif line.endswith(":"):
            purpose = line
        else:
            yield line


def departures(site: Site, before: Iterable[Placement]) -> Iterator[Item]:
    """Environments that went, moved, or lost their Dask Gateway."""
    now = {environment.name: environment for environment in site.environments}
    for was in before:
        environment = now.get(was.environment)
        name, cluster, stay = was.environment, was.cluster, "homes and the hub database stay behind"
        if environment is None:
            headline = f"{name}: removed; what runs in {cluster} stays until you delete it"
            applications = (*_caution(site, was), *_applications(site, was, was.applications))
            address = "its DNS name, and its redirect URI at the login provider, can go too"
            objects = (*_volumes(site, was), *_dask_objects(site, was))
            yield headline, (*applications, *objects, address)
        elif environment.cluster != cluster:
            headline = f"{name}: moved from {cluster} to {environment.cluster}; {stay}"
            applications = (*_caution(site, was), *_applications(site, was, ()))
            yield headline, (*applications, *_volumes(site, was), *_dask_objects(site, was))
        elif was.namespace and environment.namespace != was.namespace:
            move = f"moved from namespace {was.namespace} to {environment.namespace}"
            yield f"{name}: {move}; {stay}", tuple(_volumes(site, was))
        elif "dask-gateway" in was.apps and environment.settings.dask is None:
            yield _without_dask(site, was)


def _applications(site: Site, was: Placement, children: tuple[str, ...]) -> Iterator[str]:
    """How the environment's root goes, and with it its Applications; the pods keep running."""
    gone = (names.environment_root(was.site, was.environment), *children)
    where = f"where the Argo CD of {was.cluster} runs"
    if _confirms(site, was.cluster):
        parent = names.cluster_root(was.site, was.cluster)
        yield f"{where}, when {parent} waits for it (the pods keep running):"
        yield f"  argocd app confirm-deletion {parent}"
        gone = children
    else:
        yield f"{where} (the pods keep running):"
    if gone:
        yield f"  kubectl delete application -n {was.argocd_namespace} {' '.join(gone)}"


def _confirms(site: Site, cluster: str) -> bool:
    """Whether the cluster's root prunes, once somebody confirms; otherwise it never does."""
    found, sync = site.clusters.get(cluster), site.shared.sync
    return found is not None and found.argocd in CONFIRMS_DELETION and sync.automated and sync.prune


def _caution(site: Site, was: Placement) -> Iterator[str]:
    """What speaks against deleting at all, or against the wrong kubectl context."""
    for found in site.environments:
        if found.cluster != was.cluster and found.namespace == was.namespace:
            yield f"careful: {found.name} in {found.cluster} has a namespace of the same name"
            if was.cluster not in site.clusters:
                yield f"if {found.cluster} is {was.cluster} by a new name, delete nothing of this"


def _volumes(site: Site, was: Placement) -> Iterator[str]:
    """The namespace's end; never said of a namespace that another environment is in."""
    users = [
        found.name
        for found in site.environments_of(was.cluster)
        if found.namespace == was.namespace
    ]
    if users:
        yield f"the namespace {was.namespace} stays: {', '.join(users)} takes it over after that"
        return
    yield f"in {was.cluster}, when nobody needs its homes and hub database; this destroys them:"
    yield f"  kubectl delete namespace {was.namespace or 'NAMESPACE'}"


def _dask_objects(site: Site, was: Placement) -> Iterator[str]:
    """What Dask Gateway has outside its namespace, unless another one in the cluster uses it."""
    if "dask-gateway" not in was.apps:
        return
    gateways = [
        names.dask_fullname(found.settings.dask.release_name)
        for found in site.environments_of(was.cluster)
        if found.settings.dask is not None
    ]
    full = names.dask_fullname(was.dask_release)
    if full not in gateways:
        # By name: the chart gives Traefik's no label (templates/traefik/rbac.yaml).
        roles = " ".join(f"{part}-{full}" for part in ("api", "controller", "traefik"))
        yield f"in {was.cluster}, what Dask Gateway has outside the namespace:"
        yield f"  kubectl delete clusterrole,clusterrolebinding {roles}"
    if not gateways:
        yield f"in {was.cluster}, its CRD; Traefik's stay, for others may use them:"
        yield f"  kubectl delete crd {_DASK_CRD}"


def _without_dask(site: Site, was: Placement) -> Item:
    application = names.application(was.site, "dask-gateway", was.environment)
    lines = (
        f"where the Argo CD of {was.cluster} runs (this ends running Dask clusters):",
        f"  argocd app delete {application} --cascade",
        *_dask_objects(site, was),
    )
    return f"{was.environment}: Dask Gateway removed; it runs on until you delete it", lines


def _lost_clusters(site: Site, old: Mapping[str, bytes]) -> Iterator[Item]:
    """Clusters whose root finds its folder no more, and therefore prunes nothing."""
    for path in _in_clusters(old):
        match = _CLUSTER_FILE.fullmatch(path)
        if match is None or match[1] in site.clusters:
            continue
        root = old[path]
        name, cluster = _word(_PART_OF, root) or site.name, match[1]
        space = _word(_NAMESPACE, root) or site.argocd_namespace
        yield lost_cluster(name, cluster, space)


def lost_cluster(site: str, cluster: str, namespace: str) -> Item:
    """What a person must do about a cluster that is removed."""
    projects = names.workload_project(site, cluster), names.bootstrap_project(site, cluster)
    lines = (
        f"where the Argo CD of {cluster} runs, after its environments:",
        f"  kubectl delete application -n {namespace} {names.cluster_root(site, cluster)}",
        f"  kubectl delete appproject -n {namespace} {' '.join(projects)}",
    )
    return f"cluster {cluster}: removed; its root and projects stay until you delete them", lines
