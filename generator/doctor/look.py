"""What checks look at: the site, the snapshot, and the objects of each environment by kind."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, partial

from generator import names
from generator.build import projects
from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.diagnostics import Pointer, Severity
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.parts import controller_kind
from generator.doctor.reading import Object, label, name, namespace
from generator.doctor.snapshot import ApiServer, Snapshot
from generator.records import field, record
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Environment, Site

ROOT, CLUSTER_ROOT = "root", "cluster-root"
# The roles of a further chart, and of what brings its namespace.
APP, APP_NAMESPACE = "app {}", "namespace of app {}"
# Where pods of a component are known by, of both charts.
_COMPONENTS = ("component", "app.kubernetes.io/component")


@record
class Reach:
    """How printed commands reach the API servers: `kubectl`, with the user's context."""

    argocd: str = "kubectl"
    clusters: Mapping[str, str] = field(factory=dict)


@record(slots=False)
class Look:
    """Everything that is judged; `environments` are those that the user asked about."""

    site: Site
    snapshot: Snapshot
    environments: tuple[Environment, ...]
    means: Reach = field(factory=Reach)
    repository_certificates: Mapping[str, tuple[str, ...]] = field(factory=dict)

    @property
    def now(self) -> datetime:
        """When the snapshot was taken: a dump is judged by the time of its taking."""
        return self.snapshot.taken

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters of the environments, in the order of site.yaml."""
        used = {environment.cluster for environment in self.environments}
        return tuple(one for one in self.site.clusters.values() if one.name in used)

    @cached_property
    def places(self) -> tuple["LiveEnvironment", ...]:
        """The environments whose cluster was asked."""
        sides = self.snapshot.clusters
        return tuple(
            LiveEnvironment(look=self, environment=one, side=sides[one.cluster])
            for one in self.environments
            if one.cluster in sides
        )

    @cached_property
    def sorted(self) -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, Object]]]]:
        """The objects of each cluster by namespace (empty for none), kind and name."""
        found = {}
        for cluster, side in self.snapshot.clusters.items():
            spaces: dict[str, list[Object]] = {}
            for one in side.objects:
                spaces.setdefault(namespace(one), []).append(one)
            found[cluster] = {name: by_kind(objects) for name, objects in spaces.items()}
        return found

    @cached_property
    def controllers(self) -> Mapping[str, tuple[tuple[str, Object], ...]]:
        """The controllers in each cluster: what each controls, and its Deployment."""
        return {
            cluster: tuple(
                (controller_kind(one), one)
                for kinds in spaces.values()
                for one in kinds.get("Deployment", {}).values()
                if controller_kind(one)
            )
            for cluster, spaces in self.sorted.items()
        }

    @cached_property
    def argocd(self) -> Mapping[str, Mapping[str, Object]]:
        """The objects of Argo CD's namespace, by kind and name."""
        side = self.snapshot.argocd
        inside = self.site.argocd_namespace
        return by_kind(one for one in side.objects if namespace(one) == inside) if side else {}

    @cached_property
    def apps(self) -> tuple["App", ...]:
        """The Applications that the site gives, in the order in which they sync."""
        return tuple(self._apps())

    def _apps(self) -> Iterator["App"]:
        for cluster in self.clusters:
            yield self._root(names.cluster_root(self.site.name, cluster.name), cluster)
            for place in sorted(
                self.site.platform_of(cluster.name), key=lambda place: place.apps[0].wave
            ):
                yield from self._further(place)
            for one in self.environments:
                if one.cluster == cluster.name:
                    yield from self._apps_of(one)

    def _root(self, name: str, cluster: Cluster, place: Environment | None = None) -> "App":
        folder = f"overlays/{place.name}" if place else f"clusters/{cluster.name}"
        return App(
            look=self,
            name=name,
            role=ROOT if place else CLUSTER_ROOT,
            cluster=cluster,
            place=place,
            path=folder,
            live=self.argocd.get("Application", {}).get(name),
            revision=self.site.repository.revision,
        )

    def _apps_of(self, environment: Environment) -> Iterator["App"]:
        site, cluster = self.site, self.site.clusters[environment.cluster]
        yield self._root(names.environment_root(site.name, environment.name), cluster, environment)
        for app in apps_in(environment):
            whole = names.application(site.name, app, environment.name)
            pin = environment.settings.charts.get(app)
            is_chart = app in CHARTS and pin is not None
            yield App(
                look=self,
                name=whole,
                role=app,
                cluster=cluster,
                place=environment,
                chart=app if is_chart else "",
                live=self.argocd.get("Application", {}).get(whole),
                path="" if is_chart else f"overlays/{environment.name}/namespace",
                revision=pin.text if is_chart and pin else site.repository.revision,
            )
        yield from self._further(environment)

    def _further(self, place: Environment) -> Iterator["App"]:
        """The further charts of an environment or of a cluster, each after its namespace."""
        site, cluster = self.site, self.site.clusters[place.cluster]
        scope = cluster.name if place.is_platform else place.name
        for app in place.apps:
            folder = names.application(site.name, names.app_namespace(app.name), scope)
            whole = names.application(site.name, app.name, scope)
            above = APP_NAMESPACE.format(app.name)
            made = partial(App, look=self, cluster=cluster, place=place, further=app)
            live = self.argocd.get("Application", {})
            if place.is_platform and projects.has_folder(app):
                yield made(
                    name=folder,
                    role=above,
                    live=live.get(folder),
                    path=f"clusters/{place.name}",
                    revision=site.repository.revision,
                )
            yield made(
                name=whole,
                role=APP.format(app.name),
                chart=app.pin.name,
                live=live.get(whole),
                revision=app.pin.text,
            )

    def found(
        self, code: str, severity: Severity, message: str, help: str, **more: object
    ) -> Diagnosis:
        """A diagnosis about Argo CD itself."""
        return Diagnosis.of(code, severity, message, help, **{"where": "Argo CD", **more})


@record
class App:
    """One Application as the site gives it, and as it is live; None where it is missing.

    `place` is where what it brings goes: an environment, or that of a cluster's app, `further`.
    """

    look: Look
    name: str
    role: str
    cluster: Cluster
    place: Environment | None = None
    further: FurtherChart | None = None
    chart: str = ""
    path: str = ""
    revision: str
    live: Object | None

    @property
    def environment(self) -> Environment | None:
        """The environment that it is of; None for what is of a cluster."""
        return None if self.place is None or self.place.is_platform else self.place

    @property
    def scope(self) -> str:
        """The environment, or the cluster, that it is of."""
        return self.environment.name if self.environment is not None else self.cluster.name

    @property
    def order(self) -> tuple[int, bool]:
        """When its root syncs it, beside other further charts: a namespace before its chart."""
        return (self.further.wave if self.further else 0, bool(self.chart))

    @property
    def at(self) -> Pointer:
        """Where site.yaml speaks of it."""
        if self.further is not None:
            return self.further.at("chart", "version") if self.chart else self.further.at()
        if self.environment is None:
            return self.cluster.at
        if self.chart:
            return self.environment.settings.origin.at("charts", self.chart, "version")
        return self.environment.at

    def found(
        self, code: str, severity: Severity, message: str, help: str, **more: object
    ) -> Diagnosis:
        """A diagnosis about this Application."""
        given: dict[str, object] = {"at": self.at, "about": self.role, "cluster": self.cluster.name}
        is_environment = self.environment is not None
        where = self.scope if is_environment else f"cluster {self.scope}"
        return Diagnosis.of(
            code,
            severity,
            message,
            help,
            **{"where": where, "scope": self.scope, "subject": self.name, **given, **more},
        )


def by_kind(objects: Iterable[Object]) -> dict[str, dict[str, Object]]:
    """Objects by kind and name."""
    sorted_: dict[str, dict[str, Object]] = {}
    for number, one in enumerate(objects):
        key = name(one) if one["kind"] != "Event" else f"{name(one)} {number}"
        sorted_.setdefault(one["kind"], {})[key] = one
    return sorted_


@record(slots=False)
class LiveEnvironment:
    """One environment in its cluster: what is in its namespace, and in the cluster."""

    look: Look
    environment: Environment
    side: ApiServer

    @cached_property
    def inside(self) -> Mapping[str, Mapping[str, Object]]:
        """The objects of the namespace, by kind and name."""
        spaces = self.look.sorted[self.environment.cluster]
        return spaces.get(self.environment.namespace, {})

    @cached_property
    def wide(self) -> Mapping[str, Mapping[str, Object]]:
        """The objects of the cluster without a namespace, by kind and name."""
        return self.look.sorted[self.environment.cluster].get("", {})

    @property
    def cluster(self) -> Cluster:
        """Its cluster in site.yaml."""
        return self.look.site.clusters[self.environment.cluster]

    @property
    def kubectl(self) -> str:
        """How a printed command begins."""
        return self.look.means.clusters.get(self.cluster.name, "kubectl")

    def is_known(self, kind: str) -> bool:
        """Whether the cluster answered the question about a kind (`pods`, `secrets`)."""
        inside = ("", self.environment.namespace)
        return not any(
            one.kind.partition(".")[0] == kind and one.namespace in inside
            for one in self.side.unasked
        )

    def all(self, kind: str) -> tuple[Object, ...]:
        """The objects of a kind in the namespace."""
        return tuple(self.inside.get(kind, {}).values())

    def controllers(self, kind: str) -> tuple[Object, ...]:
        """The Deployments of a controller in the cluster, wherever they are."""
        found = self.look.controllers[self.environment.cluster]
        return tuple(one for controls, one in found if controls == kind)

    def everywhere(self, kind: str) -> tuple[Object, ...]:
        """The objects of a kind in the cluster, without a namespace."""
        return tuple(self.wide.get(kind, {}).values())

    def pods(self, component: str) -> tuple[Object, ...]:
        """The pods of a component: hub, proxy, gateway, controller, traefik."""
        return tuple(pod for pod in self.all("Pod") if component_of(pod) == component)

    def settings_at(self, *path: str | int) -> Pointer:
        """Where site.yaml says a setting of this environment."""
        return self.environment.settings.origin.at(*path)

    def found(
        self, code: str, severity: Severity, message: str, help: str, **more: object
    ) -> Diagnosis:
        """A diagnosis about this environment."""
        given: dict[str, object] = {"at": self.environment.at, "cluster": self.cluster.name}
        return Diagnosis.of(
            code,
            severity,
            message,
            help,
            **{"where": self.environment.name, "scope": self.environment.name, **given, **more},
        )

    def in_cluster(
        self, code: str, severity: Severity, message: str, help: str, **more: object
    ) -> Diagnosis:
        """A diagnosis about this environment's cluster."""
        name = self.cluster.name
        given: dict[str, object] = {"at": self.cluster.at, "cluster": name}
        return Diagnosis.of(
            code,
            severity,
            message,
            help,
            **{"where": f"cluster {name}", "scope": name, **given, **more},
        )


def component_of(pod: Object) -> str:
    """The component that a pod or Deployment is of; empty where its labels do not say."""
    return next((label(pod, key) for key in _COMPONENTS if label(pod, key)), "")
