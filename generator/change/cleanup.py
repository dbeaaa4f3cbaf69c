"""What stays in the clusters when an environment or a cluster is removed or moves. Pure.

A merge deletes nothing: a person deletes it with these commands. What there was, and its names,
comes from the old tree's own files, or from the older side of a change.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from generator import names
from generator.build.applications import CONFIRMS_DELETION
from generator.change import tracking
from generator.change.difference import arrows
from generator.change.lost_app import lost_app
from generator.charts import APPS
from generator.lint.consequences import Act, Consequence, Item, Weight, after, before, lines
from generator.lint.history import is_cluster
from generator.records import record
from generator.site.model import Cluster, Environment, Site

# A file of another name is not hubops' own, and would put words into the commands below.
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ROOT_FILE = rf"clusters/({_LABEL})/environment-({_LABEL})\.yaml"
_CLUSTER_FILE = rf"clusters/({_LABEL})/bootstrap/root\.yaml"
_FOLDERS = f"{names.ISSUERS}|{names.DASHBOARDS}"
_APP_FILE = rf"clusters/({_LABEL})/(?:app-({_LABEL})|({_FOLDERS}))\.yaml"
# What an environment is read from, beside its root.
_OVERLAY = ("overlays/{}/kustomization.yaml", "overlays/{}/namespace/namespace.yaml")
_PODS = " (the pods keep running)"
DASK_CRD = "daskclusters.gateway.dask.org"
# Not compiled before something is gone.
_APP = rb"(?m)^  - \"?\.\./\.\./apps/([a-z-]+)\"?\s*$"
_NAME, _NAMESPACE, _PART_OF, _RELEASE = (
    rf"(?m)^{key}: \"?({_LABEL})\"?\s*$".encode()
    for key in ("  name", "  namespace", r"    app\.kubernetes\.io/part-of", " +releaseName")
)


_DESTINATION = rb"(?m)^ +destination:\s+(name|server): \"?([^\"\s]+)\"?\s*$"


@record
class Placement:
    """Where an old tree had an environment; `namespace` is empty where it no longer says it.

    `destination` is how Argo CD named its cluster.
    """

    environment: str
    cluster: str
    namespace: str
    apps: tuple[str, ...]
    dask_release: str
    site: str
    argocd_namespace: str
    destination: Mapping[str, str]

    @property
    def applications(self) -> tuple[str, ...]:
        """The names of its Applications."""
        return tuple(names.application(self.site, app, self.environment) for app in self.apps)


def items(site: Site, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Item]:
    """What a person must do about everything that is gone or moved; `new` is the site's tree."""
    clusters = {
        match[1]: (_word(_PART_OF, old[match[0]]), _word(_NAMESPACE, old[match[0]]))
        for match in _in_clusters(_CLUSTER_FILE, old)
    }
    # Roots that Argo CD knows by another name, or in another namespace, would be doubled.
    for name, namespace in sorted({*clusters.values()}):
        if name and namespace and (name, namespace) != (site.name, site.argocd_namespace):
            every = site.environments if name != site.name else ()
            yield _item(tracking.renamed(name, namespace, every))
    yield from departures(site, placements(site, old, new))
    # The root of a cluster that is gone no longer finds its folder, and therefore prunes nothing.
    for cluster, (name, namespace) in clusters.items():
        if cluster not in site.clusters:
            called = name or site.name
            has_platform = f"clusters/{cluster}/project-platform.yaml" in old
            further = (names.platform_project(called, cluster),) if has_platform else ()
            lost = lost_cluster(called, cluster, namespace or site.argocd_namespace, further)
            yield _item(lost, f"cluster {cluster}: ")
    yield from _lost_apps(old, new)


def _lost_apps(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Item]:
    for match in _in_clusters(_APP_FILE, (path for path in old if path not in new)):
        cluster, app = match[1], match[2] or match[3]
        namespace = _word(_NAME, old.get(f"clusters/{cluster}/{app}/namespace.yaml", b""))
        folder = _word(_NAME, old.get(f"clusters/{cluster}/namespace-{app}.yaml", b""))
        lost = lost_app(_word(_NAME, old[match[0]]), cluster, namespace, folder)
        yield _item(lost, f"{app} of cluster {cluster}: ")


def departures(site: Site, earlier: Iterable[Placement]) -> Iterator[Item]:
    """The same about environments."""
    earlier = tuple(earlier)
    for was in earlier:
        left = departure(site, was, _taken_place(site, was.environment, earlier))
        if left is not None:
            yield _item(left, f"{was.environment}: ")


def _taken_place(site: Site, name: str, earlier: Iterable[Placement]) -> str:
    """Whose place an environment has now, by the tree from before (`history.taken_place`)."""
    environment = {one.name: one for one in site.environments}.get(name)
    if environment is None:
        return ""
    others = (
        one for one in earlier if one.environment != name and one.namespace == environment.namespace
    )
    cluster = site.clusters[environment.cluster]
    return next((one.environment for one in others if is_same(site, one, cluster)), "")


def _item(left: Consequence, owner: str = "") -> Item:
    return f"{owner}{left.sentence}", lines(left.acts)


def placements(
    site: Site, files: Mapping[str, bytes], new: Mapping[str, bytes]
) -> tuple[Placement, ...]:
    """The environments that a tree describes, read from its own files.

    While a move is interrupted, one environment is in two clusters. Environments whose files are
    the same in the new tree are left out: nothing of them is removed or moved.
    """
    return tuple(
        _placement(site, match[1], match[2], files)
        for match in _in_clusters(_ROOT_FILE, files)
        if not all(
            path in files and files[path] == new.get(path)
            for path in (match[0], *(file.format(match[2]) for file in _OVERLAY))
        )
    )


def _in_clusters(pattern: str, files: Iterable[str]) -> Iterator[re.Match[str]]:
    paths = (path for path in files if path.startswith("clusters/"))
    return (match for path in paths if (match := re.fullmatch(pattern, path)))


def _placement(site: Site, cluster: str, name: str, files: Mapping[str, bytes]) -> Placement:
    root = files[f"clusters/{cluster}/environment-{name}.yaml"]
    overlay, namespace = (files.get(file.format(name), b"") for file in _OVERLAY)
    apps = {app.decode() for app in re.findall(_APP, overlay)}
    # Its patch is the last one.
    patch = re.search(rb'(?ms)^ {8}name: "?[a-z0-9-]+-dask-gateway"?$.*', overlay)
    base = files.get("apps/dask-gateway/application.yaml", b"")
    own = _word(_RELEASE, patch[0]) if patch else ""
    release = own or _word(_RELEASE, base) or "dask-gateway"
    return Placement(
        environment=name,
        cluster=cluster,
        namespace=_word(_NAME, namespace),
        apps=tuple(app for app in APPS if app in apps) or APPS,
        dask_release=release,
        site=_word(_PART_OF, root) or site.name,
        argocd_namespace=_word(_NAMESPACE, root) or site.argocd_namespace,
        destination=_destination(overlay),
    )


def _destination(overlay: bytes) -> Mapping[str, str]:
    match = re.search(_DESTINATION, overlay)
    return {match[1].decode(): match[2].decode()} if match is not None else {}


def _word(pattern: bytes, content: bytes) -> str:
    match = re.search(pattern, content)
    return match[1].decode() if match is not None else ""


def departure(site: Site, was: Placement, taken: str = "") -> Consequence | None:
    """What an environment leaves behind that is gone, moved, or lost its Dask Gateway.

    `taken` is the environment whose place it has now.
    """
    environment = {one.name: one for one in site.environments}.get(was.environment)
    if environment is None:
        heirs = ", ".join(one.name for one in successors(site, was))
        address = "remove its DNS name, and its redirect URI at the login provider"
        return Weight.DATA.of(
            f"removed; {heirs} takes over its homes, hub database and servers"
            if heirs
            else f"removed; what runs in {was.cluster} stays, with homes and hub database, until "
            "you delete it",
            *_everything(site, was, was.applications),
            after(f"{address}, where {heirs} has another host" if heirs else address),
        )
    now = site.clusters[environment.cluster]
    moves = {"cluster": (was.cluster, environment.cluster)}
    if was.namespace:
        moves["namespace"] = (was.namespace, environment.namespace)
    stays = is_same(site, was, now)
    if stays is False:
        return moved(moves, *_everything(site, was, ()), taken=taken)
    if was.namespace not in ("", environment.namespace):
        return moved(moves, *_volumes(site, was), taken=taken)
    if stays is None:
        return unclear(was, now)
    if "dask-gateway" in was.apps and environment.settings.dask is None:
        return without_dask(site, was)
    return None


def moved(moves: Mapping[str, tuple[str, str]], *acts: Act, taken: str = "") -> Consequence:
    """What follows from a move; `moves` are the old and the new of what places an environment.

    `taken` is the environment that was there.
    """
    what = " and ".join(arrows(moves))
    there = (
        f"the hub of {taken} is there, with its homes and hub database; its own stay behind"
        if taken
        else "a new, empty hub; homes and hub database stay behind"
    )
    return Weight.DATA.of(f"moved, {what}: {there}", *acts)


def is_same(site: Site, was: Placement, now: Cluster) -> bool | None:
    """Whether a cluster is where an environment was; None where only its administrators know."""
    if not was.destination:
        return was.cluster == now.name
    identity = names.cluster_identity(was.cluster, was.destination)
    return is_cluster(was.cluster, identity, site, now)


def unclear(was: Placement, now: Cluster) -> Consequence:
    """What follows where a cluster has another address or entry, and may be the same."""
    (old,), (new,) = was.destination.values(), now.destination.values()
    said = " and ".join(arrows({"cluster": (was.cluster, now.name), "address": (old, new)}))
    return Weight.DATA.of(
        f"{said}: if both are the same cluster, nothing moves; else a new, empty hub starts there, "
        "and homes and hub database stay behind, with the old hub, which runs on",
        before(
            "compare the addresses of both clusters",
            f"argocd cluster list | grep -F -e {quote(old)} -e {quote(new)}",
        ),
    )


def without_dask(site: Site, was: Placement) -> Consequence:
    """What an environment leaves behind that no longer has a Dask Gateway."""
    application = names.application(was.site, "dask-gateway", was.environment)
    return Weight.CUT.of(
        "Dask Gateway removed; it runs on, without updates, until you delete it",
        after(
            f"delete its Application where the Argo CD of {was.cluster} runs; this ends running "
            "Dask clusters",
            f"argocd app delete {application} --cascade",
            was.cluster,
        ),
        *_dask_objects(site, was),
    )


def _everything(site: Site, was: Placement, children: tuple[str, ...]) -> Iterator[Act]:
    """How to delete the environment's root, its Applications and what they deployed."""
    yield from _caution(site, was)
    gone = (names.environment_root(was.site, was.environment), *children)
    where = f"delete its Applications where the Argo CD of {was.cluster} runs"
    cluster, sync = site.clusters.get(was.cluster), site.shared.sync
    # The cluster's root prunes once a person confirms; otherwise it never does.
    confirms = cluster is not None and cluster.argocd in CONFIRMS_DELETION
    if confirms and sync.automated and sync.prune:
        parent = names.cluster_root(was.site, was.cluster)
        where = f"{where}, when {parent} waits for it"
        gone = children
        confirm = f"argocd app confirm-deletion {parent}"
        yield after(f"{where}{_PODS}", confirm, was.cluster)
    if gone:
        command = f"kubectl delete application -n {was.argocd_namespace} {' '.join(gone)}"
        yield after(f"{where}{_PODS}", command, was.cluster)
    yield from _volumes(site, was)
    yield from _dask_objects(site, was)


def _caution(site: Site, was: Placement) -> Iterator[Act]:
    """What speaks against deleting at all, or against the wrong kubectl context."""
    for other in site.environments:
        if other.cluster != was.cluster and other.namespace == was.namespace:
            there = other.cluster
            yield after(
                f"check the context first: {other.name} in {there} has a namespace of the same name"
            )
            if was.cluster not in site.clusters:
                yield after(f"if {there} is {was.cluster} by a new name, delete none of this")


def _volumes(site: Site, was: Placement) -> Iterator[Act]:
    """How to delete the namespace, unless another environment is in it."""
    heirs = successors(site, was)
    if heirs:
        users = ", ".join(heir.name for heir in heirs)
        yield after(f"the namespace {was.namespace} stays: {users} takes it over")
        for heir in heirs:
            yield from tracking.taken_over(site, heir)
    elif owner := names.namespace_owner(was.namespace):
        yield after(
            f"in {was.cluster}, delete what this environment left in the namespace "
            f"{was.namespace}, never the namespace: it belongs to {owner}"
        )
    else:
        yield after(
            f"delete its namespace in {was.cluster} when no one needs its homes and hub database; "
            "this destroys them",
            f"kubectl delete namespace {was.namespace or 'NAMESPACE'}",
            was.cluster,
        )


def successors(site: Site, was: Placement) -> list[Environment]:
    """The environments that are in its namespace now."""
    others = site.environments_of(was.cluster)
    in_it = (one for one in others if one.namespace == was.namespace)
    return [one for one in in_it if one.name != was.environment]


def _dask_objects(site: Site, was: Placement) -> Iterator[Act]:
    """What Dask Gateway has outside its namespace, unless another one in the cluster uses it."""
    if "dask-gateway" not in was.apps:
        return
    others = (other.settings.dask for other in site.environments_of(was.cluster))
    gateways = [names.dask_fullname(dask.release_name) for dask in others if dask is not None]
    full = names.dask_fullname(was.dask_release)
    if full not in gateways:
        # By name: the chart gives Traefik's no label (templates/traefik/rbac.yaml).
        roles = " ".join(f"{part}-{full}" for part in ("api", "controller", "traefik"))
        yield after(
            f"in {was.cluster}, delete what Dask Gateway has outside the namespace",
            f"kubectl delete --ignore-not-found clusterrole,clusterrolebinding {roles}",
            was.cluster,
        )
    if not gateways:
        yield after(
            f"in {was.cluster}, delete Dask Gateway's CRD; Traefik's CRDs stay, for others may "
            "use them",
            f"kubectl delete crd {DASK_CRD}",
            was.cluster,
        )


def lost_cluster(
    site: str, cluster: str, namespace: str, further: tuple[str, ...] = ()
) -> Consequence:
    """What a person must do about a cluster that is removed; `further` are other projects."""
    every = (names.workload_project, names.namespaces_project, names.bootstrap_project)
    projects = (*(project(site, cluster) for project in every), *further)
    where = f"delete its root and projects where the Argo CD of {cluster} runs, after its "
    where += "environments"
    root = names.cluster_root(site, cluster)
    return Weight.NOTE.of(
        "removed; its root and projects stay until you delete them",
        after(where, f"kubectl delete application -n {namespace} {root}", cluster),
        after(where, f"kubectl delete appproject -n {namespace} {' '.join(projects)}", cluster),
    )
