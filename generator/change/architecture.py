"""The parts of a site's picture: who syncs what, in which order, who reads which secret. Pure."""

from collections.abc import Iterator

from generator import names
from generator.build.applications import WAVES
from generator.build.repository import apps_in, secrets_of
from generator.charts.dask_gateway import TOKEN_KEY
from generator.records import record
from generator.site.model import Cluster, Environment, SecretRef, Site


@record
class AppNode:
    """One Application of an environment, and what it deploys."""

    app: str
    application: str
    wave: int
    detail: str


@record
class Reader:
    """Who reads a Secret: the hub, the gateway or users' servers, and their app."""

    app: str
    who: str


@record
class SecretNode:
    """One Secret of an environment: how many values it has, and who reads it."""

    name: str
    values: int
    readers: tuple[Reader, ...]

    @property
    def count(self) -> str:
        """How many secret values it has, in words."""
        return f"{self.values} secret value{'' if self.values == 1 else 's'}"


@record
class EnvironmentNode:
    """One environment: its root, its Applications in the order of their waves, its Secrets."""

    name: str
    root: str
    host: str
    namespace: str
    apps: tuple[AppNode, ...]
    secrets: tuple[SecretNode, ...]


@record
class ClusterNode:
    """One cluster: its root and its environments."""

    name: str
    root: str
    kubernetes: str
    environments: tuple[EnvironmentNode, ...]


@record
class Architecture:
    """The whole site, from the repository down."""

    site: str
    repository: str
    revision: str
    clusters: tuple[ClusterNode, ...]


def architecture(site: Site) -> Architecture:
    """The parts of a site's picture, in the order of site.yaml."""
    return Architecture(
        site=site.name,
        repository=site.repository.url,
        revision=site.repository.revision.removeprefix("refs/heads/"),
        clusters=tuple(_cluster(site, cluster) for cluster in site.clusters.values()),
    )


def _cluster(site: Site, cluster: Cluster) -> ClusterNode:
    return ClusterNode(
        name=cluster.name,
        root=names.cluster_root(site.name, cluster.name),
        kubernetes=str(cluster.kubernetes),
        environments=tuple(
            _environment(site, environment) for environment in site.environments_of(cluster.name)
        ),
    )


def _environment(site: Site, environment: Environment) -> EnvironmentNode:
    return EnvironmentNode(
        name=environment.name,
        root=names.environment_root(site.name, environment.name),
        host=environment.host,
        namespace=environment.namespace,
        apps=tuple(_apps(site, environment)),
        secrets=tuple(
            SecretNode(
                name=secret.name,
                values=len(secret.keys),
                readers=tuple(_readers(environment, secret)),
            )
            for secret in secrets_of(environment)
        ),
    )


def _readers(environment: Environment, secret: SecretRef) -> Iterator[Reader]:
    """The hub and the gateway for the charts' own Secret; else what `usedBy` says."""
    own = {one.name: one for one in environment.settings.secrets}.get(secret.name)
    if own is None or own.in_hub:
        yield Reader(app="jupyterhub", who="hub")
    if own is None and TOKEN_KEY in secret.keys:
        yield Reader(app="dask-gateway", who="gateway")
    if own is not None and (own.in_servers or own.mount is not None):
        yield Reader(app="jupyterhub", who="users' servers")


def _apps(site: Site, environment: Environment) -> Iterator[AppNode]:
    for app in apps_in(environment):
        pin = environment.settings.charts.get(app)
        yield AppNode(
            app=app,
            application=names.application(site.name, app, environment.name),
            wave=WAVES[app],
            detail=f"chart {pin.text}" if pin is not None else f"namespace {environment.namespace}",
        )
