"""Which schema an object is judged by: Kubernetes' own, the project's, or a rendered definition."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.io import resources
from generator.lint.rules.base import neighbours
from generator.proof.object_schemas import (
    Complaint,
    Kind,
    Kubernetes,
    complaints,
    custom,
    custom_complaints,
    own_complaints,
)
from generator.proof.rendering import Rendering, Resource, entries, part
from generator.records import record

OWN_GROUPS = frozenset(("argoproj.io", "bitnami.com"))


@record
class Placed:
    """An object, the Kubernetes that it goes to, and who brings it."""

    resource: Resource
    kubernetes: Kubernetes
    definitions: Mapping[tuple[str, str], Resource]
    by: str
    environment: str | None
    cluster: str

    @property
    def kind(self) -> Kind:
        """Group, version and kind."""
        group, _, version = str(self.resource.get("apiVersion", "")).rpartition("/")
        return group, version, str(self.resource.get("kind", ""))

    @property
    def called(self) -> str:
        """The object as a message names it."""
        name = part(self.resource, "metadata").get("name", "")
        return f"{self.resource.get('kind')} '{name}'"

    @property
    def is_builtin(self) -> bool:
        """Whether its group is one of Kubernetes' own."""
        return self.kind[0] in self.kubernetes.groups

    @property
    def is_own(self) -> bool:
        """Whether it is of a kind that hubops has the schema of."""
        return self.kind[0] in OWN_GROUPS and self.kind[2] in resources.OBJECT_KINDS


def placed(rendering: Rendering) -> Iterator[Placed]:
    """Every object of a rendering; an object of a folder that an Application syncs comes once."""
    definitions = _definitions(rendering)
    for release in rendering.releases:
        for resource in release.objects:
            yield Placed(
                resource=resource,
                kubernetes=rendering.kubernetes[release.cluster.name],
                definitions=definitions[release.environment.name],
                by=release.app,
                environment=release.environment.name,
                cluster=release.cluster.name,
            )
    synced = {release.folder.path for release in rendering.releases if release.folder is not None}
    clusters = {one.name: one.cluster for one in rendering.site.environments}
    for folder in rendering.folders:
        if folder.path in synced:
            continue
        top, name = folder.path.split("/")[:2]
        environment = name if top == "overlays" else None
        cluster = clusters[name] if environment else name
        for resource in folder.objects:
            yield Placed(
                resource=resource,
                kubernetes=rendering.kubernetes[cluster],
                definitions={},
                by=folder.path,
                environment=environment,
                cluster=cluster,
            )


def _definitions(rendering: Rendering) -> dict[str, dict[tuple[str, str], Resource]]:
    """The custom kinds that the releases of each environment's Kubernetes cluster define."""
    found: dict[str, dict[tuple[str, str], Resource]] = {}
    for group in neighbours(rendering.site):
        names = {environment.name for environment in group}
        defined = {
            (str(spec.get("group")), str(part(spec, "names").get("kind"))): resource
            for release in rendering.releases
            if release.environment.name in names
            for resource in release.objects
            if resource.get("kind") == "CustomResourceDefinition"
            for spec in (part(resource, "spec"),)
        }
        found |= dict.fromkeys(names, defined)
    return found


class Judge:
    """Judges objects; what many environments share is judged once."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, str], list[Complaint]] = {}
        self._custom: dict[tuple[int, str], Any] = {}

    def complaints(self, one: Placed) -> list[Complaint] | None:
        """What the object's schema says against it; None where there is no schema."""
        key = (id(one.resource), str(one.kubernetes.version))
        if key not in self._said:
            found = self._found(one)
            if found is None:
                return None
            self._said[key] = found
        return self._said[key]

    def _found(self, one: Placed) -> list[Complaint] | None:
        group, version, kind = one.kind
        if one.kind in one.kubernetes.kinds:
            return complaints(one.kubernetes, one.kind, one.resource)
        if one.is_own:
            return own_complaints(kind, one.resource)
        definition = one.definitions.get((group, kind))
        if definition is None:
            return None
        key = (id(definition), version)
        if key not in self._custom:
            self._custom[key] = _validator(definition, version)
        validator = self._custom[key]
        return None if validator is None else custom_complaints(validator, one.resource)


def _validator(definition: Resource, version: str) -> Any:
    """The schema of one version of a defined kind; None where there is none."""
    for told in entries(definition, "spec", "versions"):
        schema = part(told, "schema", "openAPIV3Schema")
        if told.get("name") == version and schema:
            return custom(schema)
    return None


def defined_versions(one: Placed) -> tuple[str, ...]:
    """The versions in which the object's custom kind is served."""
    group, _, kind = one.kind
    definition = one.definitions.get((group, kind), {})
    return tuple(str(told.get("name")) for told in entries(definition, "spec", "versions"))
