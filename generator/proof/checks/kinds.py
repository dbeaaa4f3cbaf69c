"""Which schema an object is judged by: Kubernetes' own, the project's, or a rendered definition."""

from collections.abc import Iterator, Mapping, Sequence

from generator.build.repository import secrets_of
from generator.io import resources
from generator.lint.rules.base import neighbours
from generator.proof import object_schemas
from generator.proof.object_schemas import ClosedSchema, Complaint, Kind, Kubernetes
from generator.proof.rendering import Rendered, Rendering, Resource, entries, part
from generator.records import record
from generator.site.model import Environment

OWN_GROUPS = frozenset(("argoproj.io", "bitnami.com"))


@record
class Placed:
    """An object, the Kubernetes that it goes to, and who brings it.

    `by` is an app of `environment`, or a folder of the tree where that is None.
    """

    resource: Resource
    by: str
    environment: Environment | None
    cluster: str
    kubernetes: Kubernetes
    definitions: Mapping[tuple[str, str], Resource]

    @property
    def kind(self) -> Kind:
        """Group, version and kind."""
        group, _, version = str(self.resource.get("apiVersion", "")).rpartition("/")
        return group, version, str(self.resource.get("kind", ""))

    @property
    def is_builtin(self) -> bool:
        """Whether its group is one of Kubernetes' own."""
        return self.kind[0] in self.kubernetes.groups

    @property
    def is_own(self) -> bool:
        """Whether it is of a kind that hubops writes, and has the schema of."""
        return self.kind[0] in OWN_GROUPS and self.kind[2] in resources.OBJECT_KINDS

    @property
    def is_known(self) -> bool:
        """Whether it is of another custom kind that hubops has the schema of."""
        return self.kind in object_schemas.KNOWN

    @property
    def is_users(self) -> bool:
        """Whether it is a SealedSecret that hubops does not write: one from an `extra/` folder."""
        if self.kind[2] != "SealedSecret" or self.environment is None:
            return False
        own = {secret.name for secret in secrets_of(self.environment)}
        return str(part(self.resource, "metadata").get("name")) not in own

    @property
    def definition(self) -> Resource:
        """The rendered definition of its custom kind; empty where there is none."""
        return self.definitions.get((self.kind[0], self.kind[2]), _NO_DEFINITION)

    @property
    def defined_versions(self) -> tuple[str, ...]:
        """The versions in which its custom kind is served."""
        return tuple(str(one.get("name")) for one in entries(self.definition, "spec", "versions"))


_NO_DEFINITION: Resource = {}


def placed(rendering: Rendering) -> Iterator[Placed]:
    """Every object of a rendering; an object of a folder that an Application syncs comes once."""
    definitions = definitions_in(rendering)
    units: list[tuple[Sequence[Resource], str, Environment | None, str]] = [
        (release.objects, release.app, release.environment, release.cluster.name)
        for release in rendering.releases
    ]
    synced = {release.folder.path for release in rendering.releases if release.folder is not None}
    clusters = {one.name: one.cluster for one in rendering.site.environments}
    of_cluster = {one.cluster: definitions[one.name] for one in rendering.site.places}
    for folder in rendering.folders:
        if folder.path not in synced:
            top, name = folder.path.split("/")[:2]
            cluster = clusters[name] if top == "overlays" else name
            units.append((folder.objects, folder.path, None, cluster))
    for objects, by, environment, cluster in units:
        kubernetes = object_schemas.of(rendering.site.clusters[cluster].kubernetes)
        for resource in objects:
            yield Placed(
                resource=resource,
                by=by,
                environment=environment,
                cluster=cluster,
                kubernetes=kubernetes,
                definitions=of_cluster.get(cluster, {})
                if environment is None
                else definitions[environment.name],
            )


def definitions_in(rendering: Rendering) -> dict[str, dict[tuple[str, str], Resource]]:
    """The custom kinds that the releases in each place's Kubernetes cluster define, by place."""
    defined: dict[str, dict[tuple[str, str], Resource]] = {}
    for group in neighbours(rendering.site, rendering.site.places):
        shared: dict[tuple[str, str], Resource] = {}
        defined |= dict.fromkeys((environment.name for environment in group), shared)
    for release in rendering.releases:
        defined[release.environment.name].update(defined_by(release))
    return defined


def defined_by(release: Rendered) -> Iterator[tuple[tuple[str, str], Resource]]:
    """The custom kinds that a release defines, by group and kind."""
    for resource in release.objects:
        if resource.get("kind") == "CustomResourceDefinition":
            spec = part(resource, "spec")
            yield (str(spec.get("group")), str(part(spec, "names").get("kind"))), resource


def complaints(rendering: Rendering) -> Iterator[tuple[Placed, Complaint]]:
    """What schemas say against the objects; what many environments share is judged once."""
    validators: dict[tuple[object, ...], ClosedSchema | None] = {}
    judged: dict[tuple[int, int], list[Complaint]] = {}
    for one in placed(rendering):
        kind = (one.kubernetes.version, one.kind, id(one.definition), one.is_users)
        if kind not in validators:
            validators[kind] = _validator(one)
        validator = validators[kind]
        if validator is not None:
            key = (id(one.resource), id(validator))
            if key not in judged:
                judged[key] = object_schemas.complaints(validator, one.resource)
            yield from ((one, complaint) for complaint in judged[key])


def _validator(one: Placed) -> ClosedSchema | None:
    _, version, kind = one.kind
    if one.kind in one.kubernetes.kinds:
        return one.kubernetes.validator(one.kind)
    if one.is_own and not one.is_users:
        return object_schemas.own(kind)
    if one.is_own and version == "v1alpha1":
        return object_schemas.custom(object_schemas.SEALED_SECRET)
    if one.is_known and not one.definition:
        return object_schemas.custom(object_schemas.KNOWN[one.kind])
    for served in entries(one.definition, "spec", "versions"):
        schema = part(served, "schema", "openAPIV3Schema")
        if served.get("name") == version and schema:
            return object_schemas.custom(schema)
    return None
