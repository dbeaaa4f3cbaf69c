"""What rendering gives: every object of a site, where it came from, and what failed."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from generator.diagnostics import GeneratorError
from generator.records import record
from generator.site.model import Cluster, Environment, Site
from generator.versions import Version

Resource = Mapping[str, Any]


@record(order=True)
class Identity:
    """What makes an object one object in a cluster: not its version; the core's group is ''."""

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


def identity(resource: Resource, namespace: str) -> Identity:
    """Who an object is when it is applied into a namespace."""
    metadata = part(resource, "metadata")
    kind = str(resource.get("kind", ""))
    own = str(metadata.get("namespace") or namespace)
    return Identity(
        group=str(resource.get("apiVersion", "")).rpartition("/")[0],
        kind=kind,
        namespace="" if kind in _CLUSTER_WIDE else own,
        name=str(metadata.get("name") or metadata.get("generateName") or ""),
    )


def _at(node: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def part(resource: Any, *keys: str) -> Mapping[str, Any]:
    """The map under these keys, empty where there is none."""
    node = _at(resource, keys)
    return node if isinstance(node, Mapping) else {}


def listed(resource: Any, *keys: str) -> list[Any]:
    """The list under these keys, empty where there is none."""
    node = _at(resource, keys)
    return node if isinstance(node, list) else []


def entries(resource: Any, *keys: str) -> list[Mapping[str, Any]]:
    """The maps of the list under these keys: what a chart prints may be anything."""
    return [one for one in listed(resource, *keys) if isinstance(one, Mapping)]


def pointed(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON pointer (RFC 6901)."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def ignored(differences: Iterable[Resource], known: Identity) -> Iterator[tuple[str, ...]]:
    """The places of an object that entries of ignoreDifferences name; they may hold patterns."""
    for entry in differences:
        if (
            fnmatchcase(known.group, str(entry.get("group", "")))
            and fnmatchcase(known.kind, str(entry.get("kind", "")))
            and entry.get("name", "") in ("", known.name)
        ):
            yield from (pointed(str(one)) for one in listed(entry, "jsonPointers"))


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

    @classmethod
    def of(cls, stage: Stage, error: GeneratorError) -> "Failure":
        """What stopped a stage."""
        return cls(stage=stage, message=error.message, lines=error.details, help=error.help)

    @property
    def text(self) -> str:
        """The message and the program's own words."""
        return "; ".join((self.message, *self.lines))


@record
class Folder:
    """What Kustomize makes of a folder of the tree."""

    path: str
    objects: tuple[Resource, ...] = ()
    failure: Failure | None = None


@record
class RenderedChart:
    """What an Application asks of Helm, and what Helm made of it, twice.

    `again` is None where both renderings are the same to the letter.
    """

    name: str
    version: str
    release: str
    namespace: str
    values: Mapping[str, Any]
    kubernetes: Version
    skip_crds: bool = False
    archive: Path | None = None
    is_locked: bool = True
    objects: tuple[Resource, ...] = ()
    again: tuple[Resource, ...] | None = None
    text: str = ""
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None


@record
class Rendered:
    """One Application of one environment, and the objects that it would bring into the cluster."""

    environment: Environment
    cluster: Cluster
    app: str
    application: Resource
    chart: RenderedChart | None = None
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
    def values(self) -> Mapping[str, Any]:
        """The values of its chart, empty for a folder."""
        return self.chart.values if self.chart is not None else {}

    @property
    def namespace(self) -> str:
        """Where objects without a namespace go."""
        return str(part(self.application, "spec", "destination").get("namespace") or "")

    @property
    def name(self) -> str:
        """The Application's name, as Argo CD shows it."""
        return str(part(self.application, "metadata").get("name", ""))


@record
class Rendering:
    """Everything that a tree renders to: its own folders, and the Applications in them.

    `helms` holds the Helm that was used for each version of Argo CD.
    """

    site: Site
    folders: tuple[Folder, ...]
    releases: tuple[Rendered, ...]
    helms: Mapping[Version, Version]
