"""What checks look at: the site, the snapshot, and the objects of each environment by kind."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from generator import names
from generator.build import applications, repository
from generator.build.cluster_folders import folders
from generator.charts import CHARTS
from generator.diagnostics import Pointer, Severity
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.parts import controller_kind
from generator.doctor.reading import Object, label, name, namespace, part, text
from generator.doctor.snapshot import ApiServer, Snapshot
from generator.records import field, record
from generator.site.model import Cluster, Environment, Release, Site

ROOT, CLUSTER_ROOT = "root", "cluster-root"
# Where pods of a component are known by, of both charts.
_COMPONENTS = ("component", "app.kubernetes.io/component")


@record
class Reach:
    """How printed commands reach the API servers: `kubectl`, with the user's context."""

    argocd: str = "kubectl"
    clusters: Mapping[str, str] = field(factory=dict)


@record
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
            yield self._app(CLUSTER_ROOT, cluster, applications.cluster_root(self.site, cluster))
            yield from self._platform(cluster)
            for one in self.environments:
                if one.cluster == cluster.name:
                    root = applications.environment_root(self.site, one, cluster)
                    yield self._app(ROOT, cluster, root, one)
                    yield from self._apps_of(one, cluster)

    def _platform(self, cluster: Cluster) -> Iterator["App"]:
        """What a cluster's root syncs before the roots of environments, in its order."""
        found = [
            (one, place.apps[0].at())
            for place in self.site.platform_of(cluster.name)
            for one in repository.app_applications(self.site, place, "").values()
        ]
        for folder in folders(self.site, cluster):
            made = applications.folder_application(self.site, cluster, folder, "")
            found.append((made, folder.at))
        found.sort(key=lambda one: wave(one[0]))
        for one, at in found:
            yield self._app(f"app {one['metadata']['name']}", cluster, one, at=at)

    def _apps_of(self, environment: Environment, cluster: Cluster) -> Iterator["App"]:
        for app in repository.apps_in(environment):
            release = Release(site=self.site, app=app, environment=environment, cluster=cluster)
            source = {} if app in CHARTS else {"path": f"overlays/{environment.name}/namespace"}
            made = applications.effective_application(release, source)
            at = environment.settings.origin.at("charts", app, "version")
            yield self._app(app, cluster, made, environment, at if app in CHARTS else ())
        for further in environment.apps:
            made = applications.app_application(self.site, further, environment)
            yield self._app(f"app {further.name}", cluster, made, environment, further.at())

    def _app(
        self,
        role: str,
        cluster: Cluster,
        wanted: Object,
        environment: Environment | None = None,
        at: Pointer = (),
    ) -> "App":
        name = str(wanted["metadata"]["name"])
        # In an overlay they are named as their base, and the environment's name is a suffix.
        if environment is not None and role != ROOT:
            name = f"{name}-{environment.name}"
        return App(
            look=self,
            name=name,
            role=role,
            cluster=cluster,
            environment=environment,
            wanted=wanted,
            live=self.argocd.get("Application", {}).get(name),
            at=at or (environment or cluster).at,
        )

    def found(
        self, code: str, severity: Severity, message: str, help: str, **more: object
    ) -> Diagnosis:
        """A diagnosis about Argo CD itself."""
        return Diagnosis.of(code, severity, message, help, **{"where": "Argo CD", **more})


@record
class App:
    """One Application as the site gives it, and as it is live; None where it is missing.

    `environment` is None for what a cluster's root syncs, but the roots of environments; `at` is
    where site.yaml speaks of it. In `wanted` are no values of JupyterHub and Dask Gateway.
    """

    look: Look
    name: str
    role: str
    cluster: Cluster
    environment: Environment | None
    wanted: Object
    live: Object | None
    at: Pointer

    @property
    def scope(self) -> str:
        """The environment, or the cluster, that it is of."""
        return self.environment.name if self.environment is not None else self.cluster.name

    @property
    def root(self) -> str:
        """The Application that syncs this one; empty for a cluster's root."""
        if self.role == CLUSTER_ROOT:
            return ""
        if self.role == ROOT or self.environment is None:
            return names.cluster_root(self.look.site.name, self.cluster.name)
        return names.environment_root(self.look.site.name, self.environment.name)

    @property
    def wave(self) -> int:
        """When its root syncs it."""
        return wave(self.wanted)

    @property
    def path(self) -> str:
        """The folder that it syncs; empty for a chart."""
        return text(self.wanted, "spec.source.path")

    @property
    def chart(self) -> str:
        """The chart that it installs; empty for a folder."""
        return text(self.wanted, "spec.source.chart")

    @property
    def revision(self) -> str:
        """The branch that it follows, or the version of its chart."""
        return text(self.wanted, "spec.source.targetRevision")

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


def wave(application: Object) -> int:
    """The sync wave of an Application."""
    annotations = part(application, "metadata.annotations")
    return int(annotations.get("argocd.argoproj.io/sync-wave", "0"))


def by_kind(objects: Iterable[Object]) -> dict[str, dict[str, Object]]:
    """Objects by kind and name."""
    sorted_: dict[str, dict[str, Object]] = {}
    for number, one in enumerate(objects):
        key = name(one) if one["kind"] != "Event" else f"{name(one)} {number}"
        sorted_.setdefault(one["kind"], {})[key] = one
    return sorted_


@record
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
