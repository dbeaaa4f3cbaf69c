"""Site + ciphertexts -> Tree: the one place that decides every path. Pure.

The ciphertexts already in the repository are an input, so a generated file contains them again and
regenerating can never be what loses one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from generator import charts, names
from generator.build import (
    applications,
    kustomize,
    namespace,
    projects,
    sealed_secrets,
)
from generator.build.cluster_folders import folders
from generator.build.tree import Resource, Tree
from generator.charts import CHARTS, hub_values, pull_secrets
from generator.charts.chart import Ciphertexts, Values
from generator.merge import merge
from generator.records import field, record
from generator.site.model import Cluster, Environment, ExtraSecret, Release, Settings, Site
from generator.site.sealed import Certificates, SealedStore, SecretRef
from generator.yaml.write import HEADER, Inline, emit

# User-owned files that a namespace folder includes, by environment: path in `extra/` -> content.
Extras = Mapping[str, Mapping[str, bytes]]
Files = Iterator[tuple[str, Resource]]
# The shared part of each app's Applications.
Bases = Mapping[str, Mapping[str, Any]]

EXTRA_ENTRY = "kustomization.yaml"


@record
class Inputs:
    """What a build takes from the working copy beside site.yaml.

    `certificates` are those that sealed values were sealed for, as far as that is known.
    """

    sealed: SealedStore = field(factory=dict)
    certificates: Certificates = field(factory=dict)
    extras: Extras = field(factory=dict)


def build(site: Site, inputs: Inputs) -> Tree:
    """The whole generated tree of a site that lint found free of errors."""
    bases: dict[str, Resource] = {}
    files: dict[str, bytes] = {}
    for app in apps_of(site):
        values = base_values(site.shared, app) if app in CHARTS else {}
        source = {"helm": {"valuesObject": values}} if values else {}
        bases[app] = base = applications.base_application(site, app, source)
        files |= _base_files(app, base)
    used = {app.name for environment in site.environments for app in environment.apps}
    for further in (app for app in site.apps if app.name in used):
        base = applications.marked(applications.app_base(site, further), further, site.argocd)
        bases[further.name] = base
        files |= _base_files(further.name, base)
    for environment in site.environments:
        files.update(_environment_files(site, environment, inputs, bases))
    for cluster in site.clusters.values():
        files |= _cluster_files(site, cluster, inputs)
    return Tree(files)


def _base_files(app: str, base: Resource) -> dict[str, bytes]:
    """What `apps/<app>/` holds."""
    return {
        f"apps/{app}/application.yaml": _text(base),
        f"apps/{app}/kustomization.yaml": _list_of(("application.yaml",)),
    }


def apps_of(site: Site) -> tuple[str, ...]:
    """The apps that some environment runs, in the order Argo CD syncs them."""
    used = {app for environment in site.environments for app in apps_in(environment)}
    return tuple(app for app in charts.APPS if app in used)


def apps_in(environment: Environment) -> tuple[str, ...]:
    """The apps of one environment but the further charts, in the order Argo CD syncs them."""
    return () if environment.is_platform else charts.apps_of(environment.settings)


def secrets_of(environment: Environment) -> tuple[SecretRef, ...]:
    """The Secrets that an environment's charts read."""
    further = tuple(secret for app in environment.apps for secret in app.secrets)
    return further if environment.is_platform else (*_hub_secrets(environment), *further)


def _hub_secrets(environment: Environment) -> tuple[SecretRef, ...]:
    return _secrets(hub_values.secret_keys(environment.settings), environment.settings.secrets)


@lru_cache(maxsize=64)  # a site has few
def _secrets(keys: tuple[str, ...], more: tuple[ExtraSecret, ...]) -> tuple[SecretRef, ...]:
    own = (
        SecretRef(name=one.name, keys=one.keys, type=pull_secrets.TYPE if one.server else "")
        for one in more
    )
    return (SecretRef(name=names.HUB_SECRET, keys=keys), *own)


def sealed_path(place: str, secret: str) -> str:
    """Where a SealedSecret of an environment, or of a cluster's app, stands in the tree."""
    folder = f"clusters/{place}" if "/" in place else f"overlays/{place}/namespace"
    return f"{folder}/sealed-{secret}.yaml"


def sealed_place(path: str) -> str:
    """Whose SealedSecret a path is for: an environment's or an app's name; empty for any other."""
    if "/sealed-" not in path:
        return ""
    *folder, file = path.split("/")
    secret = file.removeprefix("sealed-").removesuffix(".yaml")
    if secret and file == f"sealed-{secret}.yaml":
        match folder:
            case ["overlays", name, "namespace"]:
                return name
            case ["clusters", cluster, app] if cluster and app:
                return f"{cluster}/{app}"
    return ""


def extra_folder(environment: str) -> str:
    """Where the users' own files of an environment stand in the tree."""
    return f"overlays/{environment}/namespace/extra"


def ciphertexts(environment: Environment, sealed: SealedStore) -> Ciphertexts:
    """What the environment's SealedSecrets hold: sealed values, and placeholders for the rest."""
    return _encrypted(environment, secrets_of(environment), sealed)


def hub_ciphertexts(environment: Environment, sealed: SealedStore) -> Ciphertexts:
    """The same of what the hub reads: no other value restarts it."""
    return _encrypted(environment, _hub_secrets(environment), sealed)


def _encrypted(
    environment: Environment, secrets: Iterable[SecretRef], sealed: SealedStore
) -> Ciphertexts:
    return {secret.name: sealed_secrets.values(environment, secret, sealed) for secret in secrets}


def base_values(settings: Settings, app: str) -> Values:
    """The values that all environments share, as far as settings alone tell."""
    chart = CHARTS[app]
    values: Values = merge(chart.shared_values(settings), chart.raw_values(settings))
    return values


def release_values(release: Release, encrypted: Ciphertexts) -> Values:
    """The effective values of one release, with the hash that restarts it."""
    chart = CHARTS[release.app]
    values = chart.effective_values(release)
    effective: Values = merge(values, chart.restart_values(release, values, encrypted))
    return effective


def _text(document: Mapping[str, Any]) -> bytes:
    return (HEADER + emit(document)).encode()


@lru_cache(maxsize=256)  # most environments have the same files
def _list_of(entries: tuple[str, ...]) -> bytes:
    return _text(kustomize.kustomization(entries))


def _environment_files(
    site: Site, environment: Environment, inputs: Inputs, bases: Bases
) -> dict[str, bytes]:
    folder = f"overlays/{environment.name}"
    extra = inputs.extras.get(environment.name, {})
    documents = dict(namespace_objects(site, environment))
    secrets = secrets_of(environment)
    encrypted = _encrypted(environment, secrets, inputs.sealed)
    documents |= _sealed_objects(site, environment, secrets, encrypted, inputs)
    entries = [*documents, *(["extra"] if EXTRA_ENTRY in extra else [])]
    owned = {path: _text(document) for path, document in documents.items()}
    owned["kustomization.yaml"] = _list_of(tuple(entries))
    digest = content_hash(owned | {f"extra/{path}": content for path, content in extra.items()})
    files = {f"{folder}/namespace/{path}": content for path, content in owned.items()}
    hub = _hub_secrets(environment) if environment.apps else secrets
    of_hub = {secret.name: encrypted[secret.name] for secret in hub}
    overlay = _overlay(site, environment, of_hub, digest, bases)
    return files | {f"{folder}/kustomization.yaml": _text(overlay)}


def _sealed_objects(
    site: Site,
    environment: Environment,
    secrets: Iterable[SecretRef],
    encrypted: Ciphertexts,
    inputs: Inputs,
) -> dict[str, Resource]:
    return {
        f"sealed-{secret.name}.yaml": sealed_secrets.sealed_secret(
            site, environment, secret, encrypted[secret.name], inputs.certificates
        )
        for secret in secrets
    }


def namespace_objects(site: Site, environment: Environment) -> Files:
    """What an environment's namespace holds beside releases and secrets, by file."""
    if environment.is_platform:
        if any(app.owns_namespace for app in environment.apps):
            yield "namespace.yaml", namespace.of_app(site, environment)
        return
    yield "namespace.yaml", namespace.namespace(site, environment)
    yield "quota.yaml", namespace.quota(site, environment)
    if environment.settings.dask is not None:
        yield "network-policy.yaml", namespace.network_policy(site, environment)
    if "monitoring" in environment.settings.sections:
        from generator.build import monitors  # most sites have none

        cluster = site.clusters[environment.cluster]
        yield from monitors.documents(
            Release(site=site, app="jupyterhub", environment=environment, cluster=cluster)
        )


def content_hash(files: Mapping[str, bytes]) -> str:
    """A SHA-256 over names and contents: new content gives the namespace Application a new spec."""
    # A user's file may have any name that the file system takes.
    named = ((path.encode(errors="surrogateescape"), files[path]) for path in sorted(files))
    content = b"".join(b"%b\0%d\0%b" % (name, len(file), file) for name, file in named)
    return hashlib.sha256(content).hexdigest()


def _overlay(
    site: Site, environment: Environment, encrypted: Ciphertexts, digest: str, bases: Bases
) -> Resource:
    """The patches of each app; the namespace's carry its folder and the hash of what is in it."""
    cluster = site.clusters[environment.cluster]
    inline: list[Inline] = []
    apps = apps_in(environment)
    for app in apps:
        release = Release(site=site, app=app, environment=environment, cluster=cluster)
        if app in CHARTS:
            source: Resource = {"helm": {"valuesObject": release_values(release, encrypted)}}
        else:
            hashed = {"commonAnnotations": {names.CONTENT_ANNOTATION: digest}}
            source = {"path": f"overlays/{environment.name}/namespace", "kustomize": hashed}
        target = applications.effective_application(release, source)
        inline.extend(kustomize.inline_patches(bases[app], target))
    for further in environment.apps:
        target = applications.app_application(site, further, environment)
        target = applications.marked(target, further, cluster.argocd)
        inline.extend(kustomize.inline_patches(bases[further.name], target))
    every = (*apps, *(app.name for app in environment.apps))
    bases_of = [f"../../apps/{app}" for app in every]
    return kustomize.overlay(environment.name, bases_of, inline)


def _cluster_files(site: Site, cluster: Cluster, inputs: Inputs) -> dict[str, bytes]:
    entries = cluster_entries(site, cluster, inputs)
    bootstrap = {
        "project.yaml": projects.bootstrap_project(site, cluster),
        "root.yaml": applications.cluster_root(site, cluster),
    }
    documents = {
        **entries,
        "kustomization.yaml": kustomize.kustomization(entries),
        **{f"bootstrap/{name}": document for name, document in bootstrap.items()},
        "bootstrap/kustomization.yaml": kustomize.kustomization(bootstrap),
        "bootstrap/argocd-cm.patch.yaml": applications.argocd_cm_patch(cluster),
    }
    files = {f"clusters/{cluster.name}/{path}": _text(one) for path, one in documents.items()}
    for place in site.platform_of(cluster.name):
        owned = _app_folder(site, place, inputs)
        files |= {f"clusters/{place.name}/{path}": content for path, content in owned.items()}
    for folder in folders(site, cluster):
        at = f"clusters/{cluster.name}/{folder.name}"
        files |= {f"{at}/{path}": one for path, one in _folder(folder.documents).items()}
    return files


def cluster_entries(site: Site, cluster: Cluster, inputs: Inputs) -> dict[str, Resource]:
    """What a cluster's root syncs, by file: projects, apps, the roots of environments."""
    entries = dict(cluster_projects(site, cluster))
    for place in site.platform_of(cluster.name):
        digest = content_hash(_app_folder(site, place, inputs))
        entries |= app_applications(site, place, digest)
        for app in place.apps:
            path = f"app-{app.name}.yaml"
            entries[path] = applications.marked(entries[path], app, cluster.argocd)
    for folder in folders(site, cluster):
        digest = content_hash(_folder(folder.documents))
        entries[f"{folder.name}.yaml"] = applications.folder_application(
            site, cluster, folder, digest
        )
    for environment in site.environments_of(cluster.name):
        root = applications.environment_root(site, environment, cluster)
        entries[f"environment-{environment.name}.yaml"] = root
    return entries


def cluster_projects(site: Site, cluster: Cluster) -> Files:
    """The AppProjects that a cluster's root syncs, by file."""
    yield "project.yaml", projects.workload_project(site, cluster)
    yield "project-namespaces.yaml", projects.namespaces_project(site, cluster)
    if (platform := projects.platform_project(site, cluster)) is not None:
        yield "project-platform.yaml", platform


def app_applications(site: Site, place: Environment, digest: str) -> dict[str, Resource]:
    """The Applications of a cluster's app, by file; `digest` is that of its folder."""
    files: dict[str, Resource] = {}
    for app in place.apps:
        if projects.has_folder(app):
            folder = applications.app_namespace(site, app, place, f"clusters/{place.name}", digest)
            files[f"namespace-{app.name}.yaml"] = folder
        files[f"app-{app.name}.yaml"] = applications.app_application(site, app, place)
    return files


def _app_folder(site: Site, place: Environment, inputs: Inputs) -> dict[str, bytes]:
    """What the folder of a cluster's app holds: its namespace, its secrets; mostly nothing."""
    secrets = secrets_of(place)
    encrypted = _encrypted(place, secrets, inputs.sealed)
    documents = dict(namespace_objects(site, place))
    return _folder(documents | _sealed_objects(site, place, secrets, encrypted, inputs))


def _folder(documents: Mapping[str, Resource]) -> dict[str, bytes]:
    """A folder of documents and its kustomization; nothing without a document."""
    files = {path: _text(document) for path, document in documents.items()}
    return files | ({"kustomization.yaml": _list_of(tuple(documents))} if documents else {})
