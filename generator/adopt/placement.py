"""What a release takes from its cluster and its place: host, ingress, storage class, namespace."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from generator.adopt import entrance
from generator.adopt.base import DASK_GATEWAY, Ask, Facts, Foreign, at
from generator.credentials import shown
from generator.names import IN_CLUSTER, is_label, traefik_service
from generator.site.model import Json
from generator.site.providers import PROVIDERS

_EXAMPLE_HOST = "hub.example.org"
_LONGEST_RELEASE = 51


class Place:
    """Where the release of one hub is: names, with a question for each that nothing tells."""

    def __init__(self, values: Mapping[str, Json], facts: Facts, ask: Ask) -> None:
        self.values, self.facts, self.ask = values, facts, ask
        self.environment = facts.environment or "production"
        self.host = self._host()
        self.path = entrance.path_of(values)
        first = self.host.partition(".")[0]
        self.site = facts.site or (first if is_label(first) else "hub")
        self.cluster = facts.cluster or "main"
        namespace = facts.namespace or gateway_service(values)[1]
        if namespace is None:
            ask(
                "no value names the namespace of the release; its objects and volumes stay in the "
                "namespace they are in: write that one, or give --namespace",
                ("environments", self.environment, "namespace"),
            )
        self.namespace = namespace or self.site

    def _host(self) -> str:
        where = ("environments", self.environment, "host")
        places = (("ingress", "hosts"), ("httpRoute", "hostnames"), ("proxy", "https", "hosts"))
        lists = (at(self.values, *place) for place in places)
        listed = [host for hosts in lists if isinstance(hosts, list) for host in hosts]
        # Where the provider sends people back to.
        sections = (*(one.section for one in PROVIDERS.values()), "OAuthenticator")
        urls = (at(self.values, "hub", "config", own, "oauth_callback_url") for own in sections)
        callback = next((_host_in(url) for url in urls if isinstance(url, str)), None)
        hosts = [host for host in (*listed, callback) if isinstance(host, str) and host]
        found = next(iter(hosts), None)
        host: str | None = self.facts.host or (_host_in(found) if "://" in (found or "") else found)
        if host is None:
            self.ask("no value names the host that people open; name it, or give --host", where)
            return _EXAMPLE_HOST
        if callback and callback != host:
            self.ask(
                f"people open {shown(host)}, and the login returns to {shown(callback)}, which "
                "stays under values; a login that returns to another host loses its cookie: which "
                "one is meant?",
                where,
            )
        return host

    def clusters(self, kubernetes: str) -> dict[str, Any]:
        """The one cluster; `kubernetes` is the oldest version that the charts accept."""
        facts = self.facts
        if facts.kubernetes is None:
            self.ask(
                "write the version that `kubectl version` tells of the server; this is the oldest "
                "that the charts accept",
                ("clusters", self.cluster, "kubernetes"),
            )
        server = {"server": facts.server or IN_CLUSTER}
        if facts.registered_name is not None and facts.server is None:
            server = {"name": facts.registered_name}
        found = {
            **server,
            "kubernetes": facts.kubernetes or kubernetes,
            "storageClass": self._storage_class(),
            **self._entrance(),
            "sealingCertificate": f"certificates/{self.cluster}.pem",
        }
        return {self.cluster: found}

    def _storage_class(self) -> str:
        where = ("clusters", self.cluster, "storageClass")
        homes = at(self.values, "singleuser", "storage", "dynamic", "storageClass")
        hub = at(self.values, "hub", "db", "pvc", "storageClassName")
        named = [name for name in (homes, hub) if isinstance(name, str) and name]
        given = self.facts.storage_class
        if given is None and len(set(named)) > 1:
            self.ask(
                f"homes are in {shown(named[0])}, and the hub's database in {shown(named[1])}; the "
                "database's stays under values",
                where,
            )
        if given is None and not named:
            self.ask(
                "no value names a storage class, so the volumes that exist are in the cluster's "
                "default one; a claim can't change its class: write the name that `kubectl get "
                "pvc` shows",
                where,
            )
        if named and not hub and at(self.values, "hub", "db", "type") in (None, "sqlite-pvc"):
            self.ask(
                "the claim of the hub's database names no class today, and a claim can't change "
                "its class: compare with what `kubectl get pvc hub-db-dir` shows",
                where,
            )
        return given or next(iter(named), "standard")

    def _entrance(self) -> dict[str, Any]:
        where = ("clusters", self.cluster)
        if entrance.is_routed(self.values):
            return {"gateway": entrance.gateway(self.values, (*where, "gateway"), self.ask)}
        given = self.facts.ingress_class
        return {"ingress": entrance.ingress(self.values, given, (*where, "ingress"), self.ask)}


def _host_in(url: Json) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def gateway_service(values: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """The Service in front of Dask Gateway and its namespace, as the hub's values address it."""
    urls = (
        at(values, "hub", "services", "dask-gateway", "url"),
        at(values, "singleuser", "extraEnv", "DASK_GATEWAY__PROXY_ADDRESS"),
    )
    hosts = [host for host in map(_host_in, urls) if host and host.startswith("traefik-")]
    names = [host.split(".") for host in hosts]
    namespaces = (steps[1] for steps in names if steps[1:] and steps[1])
    return next((steps[0] for steps in names), None), next(namespaces, None)


def release_name(hub: Foreign) -> str:
    """The Helm release of Dask Gateway, from what the hub's values call its Service."""
    service = gateway_service(hub.values)[0] or ""
    name = service.removeprefix("traefik-")
    for release in (name.removesuffix(f"-{DASK_GATEWAY}"), name):
        if traefik_service(release) == service and len(release) <= _LONGEST_RELEASE:
            return release
    return DASK_GATEWAY
