"""What a release takes from its cluster and its place: host, ingress, storage class, namespace."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from generator.adopt.base import DASK_GATEWAY, Facts, Foreign, Question, at
from generator.charts.jupyterhub import CLUSTER_ISSUER, INGRESS_CLASS, PROVIDERS
from generator.credentials import shown
from generator.names import IN_CLUSTER, is_label, traefik_service
from generator.site.model import Json

_EXAMPLE_HOST = "hub.example.org"
_LONGEST_RELEASE = 51


class Place:
    """Where the release of one hub is: names, with a question for each that nothing tells."""

    def __init__(
        self, values: Mapping[str, Json], facts: Facts, ask: Callable[[Question], None]
    ) -> None:
        self.values, self.facts, self.ask = values, facts, ask
        self.environment = facts.environment or "production"
        self.host = self._host()
        first = self.host.partition(".")[0]
        self.site = facts.site or (first if is_label(first) else "hub")
        self.cluster = facts.cluster or "main"
        self.namespace = self._namespace()

    def _ask(self, text: str, *at: str | int) -> None:
        self.ask(Question(text=text, at=at))

    def _host(self) -> str:
        ingress = at(self.values, "ingress", "hosts")
        https = at(self.values, "proxy", "https", "hosts")
        callback = self._callback()
        found = [
            *(ingress if isinstance(ingress, list) else ()),
            *(https if isinstance(https, list) else ()),
            *([callback] if callback else ()),
        ]
        hosts = [host for host in found if isinstance(host, str) and host]
        host = self.facts.host or (hosts[0] if hosts else None)
        where = ("environments", self.environment, "host")
        if host is None:
            self._ask("no value names the host that people open; name it, or give --host", *where)
            return _EXAMPLE_HOST
        if callback and callback != host:
            self._ask(
                f"people open {shown(host)}, and the login returns to {shown(callback)}, which "
                "stays under values; a login that returns to another host loses its cookie: which "
                "one is meant?",
                *where,
            )
        return host

    def _callback(self) -> str | None:
        """The host that the provider sends people back to."""
        for section in (*PROVIDERS.values(), "OAuthenticator"):
            url = at(self.values, "hub", "config", section, "oauth_callback_url")
            if isinstance(url, str):
                try:
                    return urlsplit(url).hostname
                except ValueError:
                    return None
        return None

    def _namespace(self) -> str:
        found = self.facts.namespace or gateway_service(self.values)[1]
        if found is None:
            self._ask(
                "no value names the namespace of the release; its objects and volumes stay in the "
                "namespace they are in: write that one, or give --namespace",
                *("environments", self.environment, "namespace"),
            )
            return self.site
        return found

    def clusters(self, kubernetes: str) -> dict[str, Any]:
        """The one cluster; `kubernetes` is the oldest version that the charts accept."""
        where = ("clusters", self.cluster)
        found: dict[str, Any] = {}
        if self.facts.registered_name is not None and self.facts.server is None:
            found["name"] = self.facts.registered_name
        else:
            found["server"] = self.facts.server or IN_CLUSTER
        if self.facts.kubernetes is None:
            self._ask(
                "write the version that `kubectl version` tells of the server; this is the oldest "
                "that the charts accept",
                *where,
                "kubernetes",
            )
        found["kubernetes"] = self.facts.kubernetes or kubernetes
        found["storageClass"] = self._storage_class()
        found["ingress"] = self._ingress()
        found["sealingCertificate"] = f"certificates/{self.cluster}.pem"
        return {self.cluster: found}

    def _storage_class(self) -> str:
        where = ("clusters", self.cluster, "storageClass")
        homes = at(self.values, "singleuser", "storage", "dynamic", "storageClass")
        hub = at(self.values, "hub", "db", "pvc", "storageClassName")
        named = [name for name in (homes, hub) if isinstance(name, str) and name]
        given = self.facts.storage_class
        if given is None and len(set(named)) > 1:
            self._ask(
                f"homes are in {shown(named[0])}, and the hub's database in {shown(named[1])}; the "
                "database's stays under values",
                *where,
            )
        if given is None and not named:
            self._ask(
                "no value names a storage class, so the volumes that exist are in the cluster's "
                "default one; a claim can't change its class: write the name that `kubectl get "
                "pvc` shows",
                *where,
            )
        if named and not hub and at(self.values, "hub", "db", "type") in (None, "sqlite-pvc"):
            self._ask(
                "the claim of the hub's database names no class today, and a claim can't change "
                "its class: compare with what `kubectl get pvc hub-db-dir` shows",
                *where,
            )
        return given or next(iter(named), "standard")

    def _ingress(self) -> dict[str, Any]:
        where = ("clusters", self.cluster, "ingress")
        name = at(self.values, "ingress", "ingressClassName")
        annotation = at(self.values, "ingress", "annotations", INGRESS_CLASS)
        issuer = at(self.values, "ingress", "annotations", CLUSTER_ISSUER)
        given = self.facts.ingress_class
        if name and annotation:
            self._ask(
                "the ingress class is written twice, as a field and as an annotation, and "
                "Kubernetes refuses the pair in a new object; the field is taken",
                *where,
            )
        if not (name or annotation or given):
            self._ask(
                "no value names an ingress class: write one that `kubectl get ingressclass` shows",
                *where,
            )
        if at(self.values, "proxy", "https", "enabled") is True and not issuer:
            self._ask(
                "today the hub's own proxy holds the certificate; name the cert-manager issuer "
                "that makes one for the ingress: clusterIssuer: letsencrypt-prod",
                *where,
            )
        found: dict[str, Any] = {"className": given or name or annotation or "nginx"}
        if isinstance(issuer, str) and issuer:
            found["clusterIssuer"] = issuer
        if annotation and not name:
            found["annotation"] = True
        return found


def gateway_service(values: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """The Service in front of Dask Gateway and its namespace, as the hub's values address it."""
    urls = (
        at(values, "hub", "services", "dask-gateway", "url"),
        at(values, "singleuser", "extraEnv", "DASK_GATEWAY__PROXY_ADDRESS"),
    )
    service = namespace = None
    for url in urls:
        try:
            host = urlsplit(url).hostname if isinstance(url, str) else None
        except ValueError:
            host = None
        if host and host.startswith("traefik-"):
            name, _, rest = host.partition(".")
            service = service or name
            namespace = namespace or rest.partition(".")[0] or None
    return service, namespace


def release_name(hub: Foreign | None, gateway: Foreign) -> str:
    """The Helm release of Dask Gateway: what names its Services today."""
    if gateway.release is not None:
        return gateway.release
    service = gateway_service(hub.values)[0] if hub is not None else None
    if service is None:
        return DASK_GATEWAY
    name = service.removeprefix("traefik-")
    short = name.removesuffix(f"-{DASK_GATEWAY}")
    for release in (short, name):
        if traefik_service(release) == service and len(release) <= _LONGEST_RELEASE:
            return release
    return DASK_GATEWAY


def repository_of(foreign: Foreign) -> dict[str, str]:
    """The pin's repository, where it is not the chart's own."""
    return {"repository": foreign.repository} if foreign.repository else {}
