"""What a person must still do after a generation. Pure: site, old files and new tree -> items.

An item is a headline and lines below it; commands stand on lines of their own, ready to copy.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from generator import names
from generator.build import ciphertexts, sealed_path
from generator.builders.argocd import CONFIRMS_DELETION
from generator.builders.sealed_secrets import State, state
from generator.charts.jupyterhub import callback_url
from generator.model import Cluster, Environment, SealedStore, Site
from generator.tree import Tree

Item = tuple[str, tuple[str, ...]]

_ROOT_FILE = re.compile(r"clusters/([^/]+)/environment-([^/]+)\.yaml")
_NAMESPACE_NAME = re.compile(rb"^  name: \"?([a-z0-9-]+)\"?$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the old tree had an environment, and which apps it ran."""

    cluster: str
    namespace: str
    apps: tuple[str, ...]


def items(
    site: Site,
    old: Mapping[str, bytes],
    new: Tree,
    sealed: SealedStore,
    certificates: Collection[str],
) -> tuple[Item, ...]:
    """Everything still to do; `certificates` are the paths of certificate files that exist."""
    return (
        *_removals(site, old),
        *_bootstraps(site, old, new),
        *_certificates(site, certificates),
        *_moves(site, old, sealed),
        *_seals(site, sealed),
        *_redirects(site, old),
    )


def placements(files: Mapping[str, bytes]) -> dict[str, Placement]:
    """The environments that a tree describes, read from its own files."""
    found: dict[str, Placement] = {}
    for path in files:
        match = _ROOT_FILE.fullmatch(path)
        if match is None:
            continue
        cluster, environment = match.groups()
        name = _NAMESPACE_NAME.search(
            files.get(f"overlays/{environment}/namespace/namespace.yaml", b"")
        )
        overlay = files.get(f"overlays/{environment}/kustomization.yaml", b"")
        found[environment] = Placement(
            cluster=cluster,
            namespace=name.group(1).decode() if name else "",
            apps=tuple(app for app in names.APPS if f"- ../../apps/{app}\n".encode() in overlay),
        )
    return found


def _removals(site: Site, old: Mapping[str, bytes]) -> Iterator[Item]:
    """What stays in the clusters when an environment goes, or moves elsewhere."""
    now = {environment.name: environment for environment in site.environments}
    for name, before in placements(old).items():
        environment = now.get(name)
        if environment is None:
            yield _left_behind(site, name, before)
        elif (environment.cluster, environment.namespace) != (before.cluster, before.namespace):
            yield (
                f"{name}: moved away from namespace {before.namespace} of {before.cluster}; what ran "
                "there stays, with its volumes",
                _workload_commands(before),
            )
        elif "dask-gateway" in before.apps and environment.settings.dask is None:
            yield _dask_left_behind(site, name)


def _left_behind(site: Site, name: str, before: Placement) -> Item:
    root = names.environment_root(site.name, name)
    argocd = (
        site.clusters[before.cluster].argocd if before.cluster in site.clusters else site.argocd
    )
    applications = " ".join(names.application(site.name, app, name) for app in before.apps)
    confirm = (
        f"argocd app confirm-deletion {names.cluster_root(site.name, before.cluster)}"
        if argocd in CONFIRMS_DELETION
        else f"kubectl delete application -n {site.argocd_namespace} {root}"
    )
    headline = (
        f"{name}: removed here; in {before.cluster} its Applications, pods, volumes and namespace "
        f"{before.namespace} stay until you delete them"
    )
    return headline, (
        f"Argo CD of {before.cluster}, once the change is merged: let it drop the environment's root",
        f"  {confirm}",
        "then the Applications; they have no finalizer, so the workload keeps running:",
        f"  kubectl delete application -n {site.argocd_namespace} {applications}",
        *_workload_commands(before),
    )


def _workload_commands(before: Placement) -> tuple[str, ...]:
    return (
        "the namespace holds the users' homes and the hub database; when they are no longer needed:",
        f"  kubectl delete namespace {before.namespace}",
    )


def _dask_left_behind(site: Site, name: str) -> Item:
    application = names.application(site.name, "dask-gateway", name)
    return (
        f"{name}: Dask Gateway is gone from the tree; Argo CD asks before it deletes the Application",
        (
            f"  argocd app confirm-deletion {names.environment_root(site.name, name)}",
            f"its pods and running clusters stay: argocd app delete {application} --cascade removes "
            "them, if you do it before confirming",
        ),
    )


def _bootstraps(site: Site, old: Mapping[str, bytes], new: Tree) -> Iterator[Item]:
    """The two commands of a cluster that is new, or whose once-applied files changed."""
    for cluster in site.clusters.values():
        folder = f"clusters/{cluster.name}/bootstrap/"
        before = {path: content for path, content in old.items() if path.startswith(folder)}
        after = {path: content for path, content in new.items() if path.startswith(folder)}
        if before == after:
            continue
        new_cluster = not before
        lines = bootstrap_commands(site, cluster)
        if new_cluster:
            lines = ("first see that it is ready:", *prerequisites(site, cluster), "then:", *lines)
        what = "bootstrap it, once" if new_cluster else "its bootstrap changed: apply it again"
        yield f"cluster {cluster.name}: {what}, after the change is merged", lines


def bootstrap_commands(site: Site, cluster: Cluster) -> tuple[str, ...]:
    """The two commands an administrator runs once, against the Argo CD of the cluster."""
    folder = f"clusters/{cluster.name}/bootstrap"
    return (
        f"  kubectl patch configmap argocd-cm -n {site.argocd_namespace} --type merge "
        f"--patch-file {folder}/argocd-cm.patch.yaml",
        f"  kubectl apply -k {folder}",
    )


def prerequisites(site: Site, cluster: Cluster) -> tuple[str, ...]:
    """What must be there before, each with the command that checks it."""
    ingress = cluster.ingress
    hosts = [environment.host for environment in site.environments_of(cluster.name)]
    checks = [
        ("Argo CD", f"kubectl get deployments,statefulsets -n {site.argocd_namespace}"),
        ("sealed-secrets controller", "kubectl get crd sealedsecrets.bitnami.com"),
        ("ingress class", f"kubectl get ingressclass {ingress.class_name}"),
        *(
            [("cert-manager issuer", f"kubectl get clusterissuer {ingress.cluster_issuer}")]
            if ingress.cluster_issuer
            else []
        ),
        ("storage class", f"kubectl get storageclass {cluster.storage_class}"),
        *((f"DNS of {host}", f"getent hosts {host}") for host in hosts),
    ]
    width = max(len(what) for what, _ in checks)
    return tuple(f"  {what:<{width}}  {command}" for what, command in checks)


def _certificates(site: Site, existing: Collection[str]) -> Iterator[Item]:
    """Clusters whose public sealing certificate is not in the repository yet."""
    for cluster in site.clusters.values():
        if not site.environments_of(cluster.name) or cluster.sealing_certificate in existing:
            continue
        path = cluster.sealing_certificate or f"certificates/{cluster.name}.pem"
        lines = [f"  mkdir -p {path.rpartition('/')[0] or '.'} && kubeseal --fetch-cert > {path}"]
        if cluster.sealing_certificate is None:
            lines.append(f"and write  sealingCertificate: {path}  under the cluster in site.yaml")
        yield f"cluster {cluster.name}: its public sealing certificate is missing", tuple(lines)


def _moves(site: Site, old: Mapping[str, bytes], sealed: SealedStore) -> Iterator[Item]:
    """Environments that went to another cluster with values only the old one can decrypt."""
    before = placements(old)
    for environment in site.environments:
        was = before.get(environment.name)
        carried = [owner.key for owner in sealed if owner.environment == environment.name]
        if was is not None and was.cluster != environment.cluster and carried:
            yield (
                f"{environment.name}: its values were sealed for {was.cluster}, which alone can "
                f"decrypt them; seal them again for {environment.cluster}",
                tuple(carried),
            )


def _seals(site: Site, sealed: SealedStore) -> Iterator[Item]:
    """Keys that are placeholders still, and values that no controller could decrypt."""
    for environment in site.environments:
        certificate = site.clusters[environment.cluster].sealing_certificate
        for secret, encrypted in ciphertexts(environment, sealed).items():
            states = {key: state(key, value) for key, value in encrypted.items()}
            path = sealed_path(environment.name, secret)
            empty = [key for key, found in states.items() if found is State.PLACEHOLDER]
            broken = [key for key, found in states.items() if found is State.MALFORMED]
            if empty:
                headline = f"{environment.name}: seal {_count(empty)} of Secret {secret} in {path}"
                yield headline, (*empty, *_seal_command(environment, secret, certificate))
            if broken:
                headline = f"{environment.name}: {_count(broken)} in {path} is no sealed value"
                yield (
                    headline,
                    (*broken, "seal again, and change the secret if plaintext was committed"),
                )


def _count(keys: list[str]) -> str:
    return f"{len(keys)} key{'s' if len(keys) > 1 else ''}"


def _seal_command(
    environment: Environment, secret: str, certificate: str | None
) -> tuple[str, ...]:
    """The command that seals one value offline; its output replaces the placeholder."""
    name = "" if environment.sealing_scope != "strict" else f" --name {secret}"
    bound = (
        ""
        if environment.sealing_scope == "cluster-wide"
        else f" --namespace {environment.namespace}"
    )
    return (
        "each with this command, the value on standard input; its output replaces the placeholder:",
        f"  kubeseal --raw --cert {certificate or 'CERTIFICATE.pem'} "
        f"--scope {environment.sealing_scope}{bound}{name} --from-file=/dev/stdin",
    )


def _redirects(site: Site, old: Mapping[str, bytes]) -> Iterator[Item]:
    """Redirect URIs that the login provider has not been told of."""
    for environment in site.environments:
        hub = environment.settings.hub
        if hub is None or hub.authentication is None or not hub.authentication.uses_oauth:
            continue
        url = callback_url(environment.host)
        if url.encode() not in old.get(f"overlays/{environment.name}/kustomization.yaml", b""):
            service = hub.authentication.login_service or hub.authentication.provider
            yield f"{environment.name}: register this redirect URI with {service}", (f"  {url}",)
