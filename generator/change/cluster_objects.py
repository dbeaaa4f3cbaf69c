"""What a cluster's root syncs and what its administrator applies, as `diff` compares it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.build import applications, projects, repository
from generator.build.cluster_folders import folders
from generator.build.repository import Inputs
from generator.build.sealed_secrets import owner
from generator.charts.chart import fingerprint
from generator.site.model import UNREAD, Cluster, Environment, Site

Resource = dict[str, Any]

# The name among the objects of what only lint, seal and validate read.
FOR_CHECKS = "site.yaml, for checks alone"
# A value of a cluster's app that is not sealed.
UNSEALED = "placeholder"


def cluster_objects(
    site: Site, inputs: Inputs, name: str, roots: Mapping[str, str]
) -> Mapping[str, Resource]:
    """A cluster's projects, apps and bootstrap by file; empty without the cluster.

    `roots` are the names of clusters' roots where another hubops gave them other ones.
    """
    cluster = site.clusters.get(name)
    if cluster is None:
        return {}
    root = applications.cluster_root(site, cluster)
    root["metadata"] = root["metadata"] | {"name": roots.get(name, root["metadata"]["name"])}
    listed = repository.cluster_projects(site, cluster)
    return {
        **{path: _as_sets(project) for path, project in listed},
        **{
            path: document
            for place in site.platform_of(name)
            for path, document in _app_objects(site, inputs, place)
        },
        **_folders(site, cluster),
        "bootstrap/project.yaml": _as_sets(projects.bootstrap_project(site, cluster)),
        "bootstrap/root.yaml": root,
        "bootstrap/argocd-cm.patch.yaml": applications.argocd_cm_patch(cluster),
        FOR_CHECKS: {
            **({"kubernetes": cluster.kubernetes.text} if cluster.kubernetes != UNREAD else {}),
            "sealingCertificate": cluster.sealing_certificate or "",
            **({"provided": list(cluster.provided)} if cluster.provided else {}),
        },
    }


def _app_objects(site: Site, inputs: Inputs, place: Environment) -> Iterator[tuple[str, Resource]]:
    """The objects of a cluster's app, by file; of each secret value what tells it from another."""
    folder = place.name.partition("/")[2]
    yield from repository.app_applications(site, place, "").items()
    for path, document in repository.namespace_objects(site, place):
        yield f"{folder}/{path}", document
    if secrets := repository.secrets_of(place):
        yield (
            f"{folder}/secrets",
            {
                f"{secret.name}/{key}": f"sealed, {fingerprint(sealed)[:12]}"
                if sealed
                else UNSEALED
                for secret in secrets
                for key in secret.keys
                for sealed in [inputs.sealed.get(owner(place, secret, key))]
            },
        )


def _folders(site: Site, cluster: Cluster) -> dict[str, Resource]:
    """The folders beside its apps and their Applications, by file."""
    found: dict[str, Resource] = {}
    for folder in folders(site, cluster):
        application = applications.folder_application(site, cluster, folder, "")
        listed = {f"{folder.name}/{path}": document for path, document in folder.documents.items()}
        found |= {f"{folder.name}.yaml": application, **listed}
    return found


def _as_sets(project: Resource) -> Resource:
    """An AppProject with its lists, which are sets, in one order."""
    spec = project["spec"].items()
    lists = {key: sorted(value, key=repr) for key, value in spec if isinstance(value, list)}
    return {**project, "spec": {**project["spec"], **lists}}
