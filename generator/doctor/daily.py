"""The handbook's commands with an environment's own names, each with what it is for. Pure."""

from collections.abc import Iterator

from generator import names
from generator.build.repository import apps_in
from generator.charts import CHARTS
from generator.credentials import quoted
from generator.lint.history import copy_of_database
from generator.records import record
from generator.site.model import Environment, Site


@record
class Daily:
    """One command: what it is for, and what it deletes; empty where it deletes nothing."""

    topic: str
    purpose: str
    command: str
    deletes: str = ""


def daily(site: Site, environment: Environment, kubectl: str = "kubectl") -> tuple[Daily, ...]:
    """The commands of an environment, in the order in which people need them."""
    return tuple(
        Daily(topic=topic, purpose=purpose, command=command, deletes=deletes)
        for topic, purpose, command, deletes in _rows(site, environment, kubectl)
    )


Row = tuple[str, str, str, str]


def _rows(site: Site, environment: Environment, kubectl: str) -> Iterator[Row]:
    inside = f"-n {quoted(environment.namespace)}"
    apps = [app for app in apps_in(environment) if app in CHARTS]
    yield from _looks(site, environment, kubectl, inside)
    if "jupyterhub" in apps:
        for part in ("hub", "proxy"):
            yield (
                "logs",
                f"log of the {part}",
                f"{kubectl} logs deployment/{part} {inside} --tail=100 -f",
                "",
            )
    if "dask-gateway" in apps:
        yield from _gateway_logs(environment, kubectl, inside)
    for app in apps:
        yield (
            "values",
            f"effective values of {app}",
            f"hubops values {quoted(environment.name)} {app} --origins",
            "",
        )
    yield from _restarts(site, environment, kubectl, inside, apps)
    if "jupyterhub" in apps:
        yield from _database(environment, kubectl)
    yield from _removals(site, environment, kubectl, inside, apps)


def _looks(site: Site, environment: Environment, kubectl: str, inside: str) -> Iterator[Row]:
    name = quoted(environment.name)
    yield "look", "what is wrong, and what first", f"hubops doctor {name}", ""
    label = f"{names.PART_OF_LABEL}={quoted(site.name)}"
    yield (
        "look",
        "Applications, synced and healthy",
        (f"{kubectl} get applications -n {quoted(site.argocd_namespace)} -l {label}"),
        "",
    )
    yield "look", "pods", f"{kubectl} get pods {inside} -o wide", ""
    yield "look", "address and host", f"{kubectl} get ingress {inside}", ""
    yield "look", "volumes: the database and the homes", f"{kubectl} get pvc {inside}", ""
    yield (
        "look",
        "events, the newest last",
        f"{kubectl} get events {inside} --sort-by=.lastTimestamp",
        "",
    )
    yield "look", "secret values that are decrypted", f"{kubectl} get sealedsecrets {inside}", ""
    yield "look", "which values are sealed in Git", "hubops secrets", ""


def _gateway(environment: Environment) -> str:
    dask = environment.settings.dask
    return names.dask_fullname(dask.release_name if dask is not None else "dask-gateway")


def _gateway_logs(environment: Environment, kubectl: str, inside: str) -> Iterator[Row]:
    name = _gateway(environment)
    for part, what in (
        ("api", "the gateway: who asks for clusters"),
        ("controller", "the gateway's controller: why a cluster does not start"),
        ("traefik", "traefik: what reaches the clusters"),
    ):
        yield (
            "logs",
            f"log of {what}",
            (f"{kubectl} logs deployment/{part}-{name} {inside} --tail=100 -f"),
            "",
        )
    yield "look", "Dask clusters", f"{kubectl} get daskclusters {inside}", ""


def _restarts(
    site: Site, environment: Environment, kubectl: str, inside: str, apps: list[str]
) -> Iterator[Row]:
    if "jupyterhub" in apps:
        yield (
            "restart",
            "restart the hub: no login for a minute, servers go on",
            (f"{kubectl} rollout restart deployment/hub {inside}"),
            "",
        )
    if "dask-gateway" in apps:
        yield (
            "restart",
            "restart the gateway: running clusters go on",
            (f"{kubectl} rollout restart deployment/api-{_gateway(environment)} {inside}"),
            "",
        )
    root = names.environment_root(site.name, environment.name)
    yield "restart", "sync now", f"argocd app sync {root}", ""
    yield "restart", "end a sync that is stuck", f"argocd app terminate-op {root}", ""


def _database(environment: Environment, kubectl: str) -> Iterator[Row]:
    act = copy_of_database(environment)
    command = act.command.replace("kubectl -n ", f"{kubectl} -n ")
    yield "database", f"{act.purpose} to this machine, before an upgrade", command, ""


def _removals(
    site: Site, environment: Environment, kubectl: str, inside: str, apps: list[str]
) -> Iterator[Row]:
    name = environment.name
    argocd = f"-n {quoted(site.argocd_namespace)}"
    yield (
        "uninstall",
        "first: take the environment out of site.yaml, generate and merge",
        ("hubops generate"),
        "",
    )
    every = " ".join(names.application(site.name, app, name) for app in ("namespace", *apps))
    yield (
        "uninstall",
        "confirm what the merge removes",
        (f"argocd app confirm-deletion {names.cluster_root(site.name, environment.cluster)}"),
        ("the environment's root Application"),
    )
    yield (
        "uninstall",
        "remove the Applications; what they run goes on",
        (f"{kubectl} delete applications {every} {argocd}"),
        "the Applications",
    )
    yield (
        "uninstall",
        "remove everything",
        (f"{kubectl} delete namespace {quoted(environment.namespace)}"),
        ("every pod, every home, the hub's database and all Secrets of the environment"),
    )
