"""What a site's picture shows beside its names: who syncs when, who reads which Secret. Pure."""

from collections.abc import Iterator

from generator.build.applications import WAVES
from generator.build.cluster_folders import folders
from generator.build.repository import apps_in, secrets_of
from generator.charts.dask_gateway import TOKEN_KEY
from generator.records import record
from generator.site.model import Cluster, Environment, Site


@record
class AppNode:
    """One Application of an environment or a cluster, and what it deploys."""

    app: str
    wave: int
    detail: str


@record
class Reader:
    """Who reads a Secret: the hub, the gateway or users' servers, and their app."""

    app: str
    who: str


@record
class SecretNode:
    """One Secret of an environment: how many values it has, in words, and who reads it."""

    name: str
    count: str
    readers: tuple[Reader, ...]


def revision(site: Site) -> str:
    """The branch or revision that Argo CD follows, as people call it."""
    return site.repository.revision.removeprefix("refs/heads/")


def apps(environment: Environment) -> list[AppNode]:
    """The Applications of an environment, in the order of their waves."""
    nodes = []
    for app in apps_in(environment):
        pin = environment.settings.charts.get(app)
        detail = f"chart {pin.text}" if pin is not None else f"namespace {environment.namespace}"
        nodes.append(AppNode(app=app, wave=WAVES[app], detail=detail))
    nodes += (
        AppNode(app=one.name, wave=one.wave, detail=f"chart {one.pin.text}")
        for one in environment.apps
    )
    return sorted(nodes, key=lambda node: node.wave)


def platform(site: Site, cluster: Cluster) -> list[AppNode]:
    """The apps of a cluster, in the order of their waves."""
    nodes = [node for place in site.platform_of(cluster.name) for node in apps(place)]
    for folder in folders(site, cluster):
        made = ", ".join(one["metadata"]["name"] for one in folder.documents.values())
        nodes.append(AppNode(app=folder.name, wave=folder.wave, detail=made))
    return sorted(nodes, key=lambda node: node.wave)


def platform_secrets(site: Site, cluster: Cluster) -> list[SecretNode]:
    """The Secrets that the apps of a cluster read."""
    return [node for place in site.platform_of(cluster.name) for node in secrets(place)]


def secrets(environment: Environment) -> Iterator[SecretNode]:
    """The Secrets of an environment; who reads the charts' own is known, else `usedBy` says it."""
    declared = {secret.name: secret for secret in environment.settings.secrets}
    owners = {secret.name: app.name for app in environment.apps for secret in app.secrets}
    for secret in secrets_of(environment):
        own = declared.get(secret.name)
        readers = []
        if secret.name in owners:
            readers.append(Reader(app=owners[secret.name], who=owners[secret.name]))
        elif own is None or own.in_hub:
            readers.append(Reader(app="jupyterhub", who="hub"))
        if own is None and TOKEN_KEY in secret.keys:
            readers.append(Reader(app="dask-gateway", who="gateway"))
        if own is not None and (own.in_servers or own.mount is not None):
            readers.append(Reader(app="jupyterhub", who="users' servers"))
        if own is not None and own.server:
            readers.append(Reader(app="jupyterhub", who="nodes, to pull images"))
        count = f"{len(secret.keys)} secret value{'' if len(secret.keys) == 1 else 's'}"
        yield SecretNode(name=secret.name, count=count, readers=tuple(readers))
