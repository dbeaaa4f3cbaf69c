"""What rendering gives: every object of a site, where it came from, and what failed."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from generator.proof.object_schemas import Kubernetes
from generator.records import record
from generator.site.model import Cluster, Environment, Site
from generator.versions import Version

Resource = Mapping[str, Any]


@record(order=True)
class Identity:
    """What makes an object one object in a cluster; its version does not."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} '{self.name}'"


# Of the kinds that charts here render, those without a namespace.
_CLUSTER_WIDE = frozenset(
    (
        *("APIService", "ClusterIssuer", "ClusterRole", "ClusterRoleBinding", "IngressClass"),
        *("CustomResourceDefinition", "MutatingWebhookConfiguration", "Namespace", "Node"),
        *("PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
        *("ValidatingWebhookConfiguration", "GatewayClass", "VolumeSnapshotClass", "CSIDriver"),
    )
)


def group_of(resource: Resource) -> str:
    """The API group of an object; '' for Kubernetes' core."""
    return str(resource.get("apiVersion", "")).rpartition("/")[0]


def identity(resource: Resource, namespace: str) -> Identity:
    """Who an object is when it is applied into a namespace."""
    metadata = part(resource, "metadata")
    kind = str(resource.get("kind", ""))
    own = str(metadata.get("namespace") or namespace)
    return Identity(
        group=group_of(resource),
        kind=kind,
        namespace="" if kind in _CLUSTER_WIDE else own,
        name=str(metadata.get("name") or metadata.get("generateName") or ""),
    )


def part(resource: Any, *keys: str) -> Mapping[str, Any]:
    """The map that stands under these keys, empty where there is none."""
    for key in keys:
        resource = resource.get(key) if isinstance(resource, Mapping) else None
    return resource if isinstance(resource, Mapping) else {}


def listed(resource: Any, *keys: str) -> list[Any]:
    """The list that stands under these keys, empty where there is none."""
    for key in keys:
        resource = resource.get(key) if isinstance(resource, Mapping) else None
    return resource if isinstance(resource, list) else []


def entries(resource: Any, *keys: str) -> list[Mapping[str, Any]]:
    """The maps of the list that stands under these keys: what a chart prints may be anything."""
    return [one for one in listed(resource, *keys) if isinstance(one, Mapping)]


class Stage(StrEnum):
    """Where a rendering failed."""

    KUSTOMIZE = "kustomize"
    CHART = "chart"
    VALUES = "values"
    TEMPLATE = "template"
    PROGRAM = "program"


@record
class Failure:
    """Why something was not rendered; `lines` are the program's own words."""

    stage: Stage
    message: str
    lines: tuple[str, ...] = ()
    help: str = ""


@record
class Folder:
    """What Kustomize makes of a folder of the tree."""

    path: str
    objects: tuple[Resource, ...] = ()
    failure: Failure | None = None


@record
class Chart:
    """What an Application asks of Helm, and what Helm made of it, twice.

    `again` is None where both renderings are the same to the letter.
    """

    name: str
    version: str
    release: str
    namespace: str
    values: Mapping[str, Any]
    objects: tuple[Resource, ...] = ()
    again: tuple[Resource, ...] | None = None
    text: str = ""
    warnings: tuple[str, ...] = ()
    is_locked: bool = True
    failure: Failure | None = None


@record
class Rendered:
    """One Application of one environment, and the objects that it would bring into the cluster."""

    environment: Environment
    cluster: Cluster
    app: str
    application: Resource
    chart: Chart | None = None
    folder: Folder | None = None

    @property
    def objects(self) -> tuple[Resource, ...]:
        """All of its objects, empty where it failed."""
        return (self.chart or self.folder or Folder(path="")).objects

    @property
    def failure(self) -> Failure | None:
        """Why there are no objects."""
        return (self.chart or self.folder or Folder(path="")).failure

    @property
    def namespace(self) -> str:
        """Where objects without a namespace of their own go."""
        return str(part(self.application, "spec", "destination").get("namespace") or "")

    @property
    def name(self) -> str:
        """The Application's name, as Argo CD shows it."""
        return str(part(self.application, "metadata").get("name", ""))


@record
class Rendering:
    """Everything that a tree renders to: its own folders, and the Applications in them.

    `kubernetes` holds the schemas for each cluster of the site, `helms` the Helm that was used for
    each version of Argo CD.
    """

    site: Site
    folders: tuple[Folder, ...]
    releases: tuple[Rendered, ...]
    kubernetes: Mapping[str, Kubernetes]
    helms: Mapping[Version, Version]

    def environments(self) -> Iterator[tuple[Environment, tuple[Rendered, ...]]]:
        """Each environment with its Applications."""
        for environment in self.site.environments:
            yield (
                environment,
                tuple(one for one in self.releases if one.environment.name == environment.name),
            )
