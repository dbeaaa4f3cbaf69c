"""What a site's picture shows beside its names: who syncs when, who reads which Secret. Pure."""

from collections.abc import Iterator

from generator.build.applications import WAVES
from generator.build.repository import apps_in, secrets_of
from generator.charts.dask_gateway import TOKEN_KEY
from generator.records import record
from generator.site.model import Environment, SecretRef, Site


@record
class AppNode:
    """One Application of an environment, and what it deploys."""

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


def apps(environment: Environment) -> tuple[AppNode, ...]:
    """The Applications of an environment, in the order of their waves."""
    return tuple(
        AppNode(app=app, wave=WAVES[app], detail=_detail(environment, app))
        for app in apps_in(environment)
    )


def _detail(environment: Environment, app: str) -> str:
    pin = environment.settings.charts.get(app)
    return f"chart {pin.text}" if pin is not None else f"namespace {environment.namespace}"


def secrets(environment: Environment) -> tuple[SecretNode, ...]:
    """The Secrets of an environment."""
    return tuple(
        SecretNode(
            name=secret.name,
            count=f"{len(secret.keys)} secret value{'' if len(secret.keys) == 1 else 's'}",
            readers=tuple(_readers(environment, secret)),
        )
        for secret in secrets_of(environment)
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
