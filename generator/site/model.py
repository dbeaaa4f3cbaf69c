"""The site as the rest of the program knows it: plain, immutable, complete with defaults.

`Settings` are what an environment may override. An environment that overrides nothing shares the
site's own Settings object, so that work on it is done once.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from generator import names
from generator.diagnostics import Pointer
from generator.records import field, record
from generator.site.app import ChartPin, FurtherChart
from generator.site.hub import Authentication, Hub
from generator.site.issuer import Issuer
from generator.site.origin import Origin
from generator.site.profiles import Keys
from generator.site.prometheus import Prometheus
from generator.site.releases import Versions
from generator.versions import Version

Json = Any

PLACEHOLDER = "PLACEHOLDER:"
# The key of a Secret that opens a registry, as the kubelet reads it.
REGISTRY_KEY = ".dockerconfigjson"
# Stands for a version that was refused: new enough for every rule.
UNREAD = Version.parse("9999.0")


@record
class Repository:
    """The Git repository that Argo CD follows; `revision` is a full ref."""

    url: str
    revision: str


@record
class Ingress:
    """How a cluster serves hosts: by the field `ingressClassName` or by the old annotation.

    `controller` is None where it follows from the class; sizes are as site.yaml spells them.
    """

    class_name: str = ""
    cluster_issuer: str | None = None
    tls_secret: str | None = None
    as_annotation: bool
    controller: str | None = None
    max_upload: str | None = None
    header_buffer: str | None = None
    annotations: Mapping[str, str] = field(factory=dict)


@record
class Gateway:
    """A Gateway of the Gateway API that serves a cluster's hosts; `section` is its listener."""

    name: str = ""
    namespace: str | None = None
    section: str | None = None


@record
class Cluster:
    """A Kubernetes cluster as its Argo CD knows it: by server address or by name.

    It serves hosts by an ingress controller or by a Gateway, or by neither where that was refused.
    `apps` is what it writes of the site's further charts, `provided` what it has already.
    """

    name: str
    server: str | None = None
    registered_name: str | None
    kubernetes: Version
    storage_class: str = ""
    ingress: Ingress | None
    gateway: Gateway | None
    sealing_certificate: str | None = None
    argocd: Version
    argocd_at: Pointer
    apps: Mapping[str, Json] = field(factory=dict)
    issuers: tuple[Issuer, ...] = ()
    provided: tuple[str, ...] = ()
    prometheus: Prometheus = Prometheus()
    dashboards: Mapping[str, str] = field(factory=dict)
    at: Pointer

    @property
    def destination(self) -> dict[str, str]:
        """`server` or `name` of an Argo CD destination, never both."""
        if self.registered_name is not None:
            return {"name": self.registered_name}
        return {"server": self.server or ""}

    @cached_property
    def identity(self) -> tuple[str, str]:
        """What tells it from other clusters: its address, or else its entry in site.yaml."""
        return names.cluster_identity(self.name, self.destination)


@record
class Sync:
    """Argo CD's sync policy."""

    automated: bool = True
    prune: bool = True
    self_heal: bool = True


@record
class Limits:
    """The most that one Dask cluster can have, its scheduler included."""

    cores: str | int | float
    memory: str
    workers: int


@record
class Option:
    """A worker option: its default and the range a user can choose from."""

    default: str | int | float
    min: str | int | float
    max: str | int | float

    @classmethod
    def of(cls, size: str | int | float) -> "Option":
        """One size, and no choice."""
        return cls(default=size, min=size, max=size)


@record
class DaskGateway:
    """Dask Gateway as an environment runs it; `limits` is None where they were refused."""

    release_name: str = "dask-gateway"
    install_crds: bool
    limits: Limits | None
    idle_timeout: str | None = None
    worker_cores: Option | None
    worker_memory: Option | None
    worker_image: str | None
    scheduler_cores: str | int | float = "1"
    scheduler_memory: str = "2Gi"
    offers_environment: bool = False
    values: Mapping[str, Json]


@record
class ChartSettings:
    """One chart's plain settings by their full keys, complete with defaults, and its raw values."""

    keys: Keys
    values: Mapping[str, Json]
    said: bytes  # the whole section but what names its release, to know equal ones by


@record
class Settings:
    """All that an environment may override, complete with defaults.

    `sections` hold what each chart's section says, by the section's name, `keys` the plain settings
    of all; `hub` and `dask` are the same for what looks at several settings together.
    """

    charts: Mapping[str, ChartPin]
    sync: Sync
    hub: Hub | None
    dask: DaskGateway | None
    origin: Origin
    secrets: tuple["ExtraSecret", ...] = ()
    sections: Mapping[str, ChartSettings] = field(factory=dict)
    keys: Keys = field(factory=dict)

    def at(self, key: str) -> Json:
        """A plain setting by its key (`jupyterhub.home.capacity`); None where there is none."""
        return self.keys.get(key)

    @property
    def login(self) -> Authentication | None:
        """How people log in; None without a hub, or where that was refused."""
        return self.hub.authentication if self.hub is not None else None


@record
class ExtraSecret:
    """A Secret of the site's own, in every environment: its keys, and who gets their values.

    As environment variables, named as the keys, of the hub or of users' servers; or as the files of
    a folder in users' servers, `mount`. Or what opens the registry `server`, for those who pull.
    """

    name: str
    keys: tuple[str, ...]
    in_hub: bool = False
    in_servers: bool = False
    mount: str | None = None
    server: str = ""


@record
class Environment:
    """One hub in one namespace of one cluster; `cluster` is the cluster's name.

    `path` is where the hub is below the host: empty, or `/jupyter`. An app of a cluster has one
    too, `<cluster>/<app>`, which has no hub: `is_platform`.
    """

    name: str
    cluster: str = ""
    namespace: str = ""
    host: str = ""
    path: str = ""
    require_sealed: bool = False
    testing: bool = False
    sealing_scope: str = "strict"
    settings: Settings
    apps: tuple[FurtherChart, ...] = ()
    is_platform: bool = False
    at: Pointer


@record
class Site:
    """Everything site.yaml says; a text that the schema refused is empty, or its default.

    `apps` are the further charts as all clusters share them, `platform` is where each of those of
    scope cluster runs.
    """

    name: str
    repository: Repository
    argocd: Version
    argocd_namespace: str
    clusters: Mapping[str, Cluster]
    environments: tuple[Environment, ...]
    shared: Settings
    versions: Versions
    apps: tuple[FurtherChart, ...] = ()
    platform: tuple[Environment, ...] = ()

    @cached_property
    def places(self) -> tuple[Environment, ...]:
        """All that Applications go to: the apps of the clusters, then the environments."""
        return (*self.platform, *self.environments)

    @cached_property
    def variants(self) -> tuple[tuple[Settings, tuple[Environment, ...]], ...]:
        """Each distinct Settings with the environments that have it, in the order of site.yaml.

        Where no environment is left, the shared ones.
        """
        groups: dict[int, list[Environment]] = {}
        for environment in self.environments:
            groups.setdefault(id(environment.settings), []).append(environment)
        grouped = tuple((group[0].settings, tuple(group)) for group in groups.values())
        return grouped or ((self.shared, ()),)

    @cached_property
    def hub_variants(self) -> tuple[tuple[Settings, tuple[Environment, ...]], ...]:
        """The same of hubs and chart versions: one of the Settings that have the very same.

        What an environment does not override is the very object of the shared settings.
        """
        groups: dict[tuple[int, int], tuple[Settings, list[Environment]]] = {}
        for settings, environments in self.variants:
            group = groups.setdefault((id(settings.hub), id(settings.charts)), (settings, []))
            group[1].extend(environments)
        return tuple((settings, tuple(together)) for settings, together in groups.values())

    def environments_of(self, cluster: str) -> tuple[Environment, ...]:
        """The environments in one cluster."""
        return self._by_cluster.get(cluster, ())

    @cached_property
    def _by_cluster(self) -> Mapping[str, tuple[Environment, ...]]:
        groups: dict[str, list[Environment]] = {}
        for environment in self.environments:
            groups.setdefault(environment.cluster, []).append(environment)
        return {cluster: tuple(group) for cluster, group in groups.items()}

    def is_used(self, cluster: str) -> bool:
        """Whether anything runs in one cluster that may have secrets."""
        return any(place.cluster == cluster for place in self.places)

    def platform_of(self, cluster: str) -> tuple[Environment, ...]:
        """Where the apps of one cluster run."""
        return tuple(place for place in self.platform if place.cluster == cluster)


@record
class Release:
    """One app in one environment of one cluster: the unit of building."""

    site: Site
    app: str
    environment: Environment
    cluster: Cluster

    @property
    def settings(self) -> Settings:
        """What this environment runs."""
        return self.environment.settings
