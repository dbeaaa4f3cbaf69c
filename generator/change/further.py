"""A further chart on one side of a change: what Argo CD is asked for, and what that needs. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator import names
from generator.change.cluster_objects import UNSEALED, Resource
from generator.change.sides import EnvironmentSide
from generator.charts import known
from generator.charts.known.chart import KnownChart
from generator.records import field, record

_LEVEL = "pod-security.kubernetes.io/enforce"


@record
class Further:
    """A further chart on one side.

    `namespace` is its own, empty where it has none, and `level` is what Pod Security enforces
    there. `folder` is the Application that brings namespace and secrets, `destination` where it
    goes; an app of an environment goes where that is, and has neither. `secrets` are the keys of
    its Secrets, `unsealed` those without a value.
    """

    application: str
    source: Mapping[str, Any]
    destination: Mapping[str, str] = field(factory=dict)
    is_pruned: bool = False
    namespace: str = ""
    level: str = "none"
    folder: str = ""
    ignored: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    unsealed: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        """Its values: of an app of an environment, or of a cluster."""
        found: Mapping[str, Any] = (
            self.source.get("values") or self.source["helm"].get("valuesObject") or {}
        )
        return found

    @property
    def chart(self) -> str:
        """The name of its chart."""
        return str(self.source["chart"])

    @property
    def version(self) -> str:
        """The version of its chart."""
        return str(self.source["targetRevision"])

    @property
    def facts(self) -> KnownChart | None:
        """What is known of its chart."""
        return known.of(self.chart)

    @property
    def ingress_class(self) -> str:
        """The class of ingress that it makes; empty where that is not known."""
        made = self.facts.ingress_class if self.facts is not None else None
        return made(self.values, self.source["helm"]["releaseName"]) if made is not None else ""


Apps = Mapping[str, Further]


def of_environment(side: EnvironmentSide) -> Apps:
    """The further charts of an environment; E011 tells what to seal for it."""
    return {
        name: Further(
            application=names.application(side.site.name, name, side.environment.name),
            source={**side.applications[name]["spec"]["source"], "values": app.values},
            ignored=_ignored(side.applications[name]),
            secrets=tuple(f"{one.name}/{key}" for one in app.secrets for key in one.keys),
        )
        for name, app in side.further.items()
    }


def of_cluster(objects: Mapping[str, Resource]) -> Apps:
    """The further charts of a cluster."""
    return {
        path[len("app-") : -len(".yaml")]: _of_cluster(objects, path[len("app-") : -len(".yaml")])
        for path in objects
        if path.startswith("app-")
    }


def _of_cluster(objects: Mapping[str, Resource], app: str) -> Further:
    document, folder = objects[f"app-{app}.yaml"], objects.get(f"namespace-{app}.yaml", {})
    metadata = objects.get(f"{app}/namespace.yaml", {}).get("metadata", {})
    sealed = objects.get(f"{app}/secrets", {})
    return Further(
        application=document["metadata"]["name"],
        source=document["spec"]["source"],
        destination=document["spec"]["destination"],
        is_pruned=document["spec"]["syncPolicy"].get("automated", {}).get("prune", False),
        namespace=metadata.get("name", ""),
        level=metadata.get("labels", {}).get(_LEVEL, "none"),
        folder=folder.get("metadata", {}).get("name", ""),
        ignored=_ignored(document),
        secrets=tuple(sealed),
        unsealed=tuple(key for key, state in sealed.items() if state == UNSEALED),
    )


def _ignored(application: Resource) -> tuple[str, ...]:
    """The fields that Argo CD does not compare, each with the kind it is of."""
    entries: Iterable[Mapping[str, Any]] = application["spec"].get("ignoreDifferences", ())
    return tuple(
        f"{pointer} of {' '.join(filter(None, (one['kind'], one.get('name'))))}"
        for one in entries
        for pointer in one["jsonPointers"]
    )
