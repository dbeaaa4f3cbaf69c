"""Sites of any size, as a fleet of ProtoCoast's kind would write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Environments that share one cluster.
_PER_CLUSTER = 100
_FEWEST_CLUSTERS = 3

_FLEET = """\
# {count} environments on {clusters} clusters; {overriding} of them override something.
schemaVersion: 1
site: protocoast

repository:
  url: https://github.com/protocoast/protocoast-gitops.git
  revision: main

argocd:
  version: "3.5"
  namespace: argocd

charts:
  jupyterhub: {{version: 4.4.0}}
  dask-gateway: {{version: 2026.3.0}}

clusters:
"""

_CLUSTER = """\
  {name}:
    server: {server}
    kubernetes: "1.36"
    storageClass: csi-cinder-sc-delete
    ingress: {{className: traefik, clusterIssuer: letsencrypt-prod}}
"""

_ENVIRONMENT = """\
  {name}:
    cluster: {cluster}
    namespace: {namespace}
    host: {host}
"""

_MEMORY = """\
    jupyterhub:
      servers:
        memory: {{guarantee: {guarantee}, limit: {limit}}}
"""

# Environments that share a cluster share its CRDs and the names of its ClusterRoles.
_RELEASE = """\
      releaseName: {release}
      installCRDs: false
"""

_WORKERS = """\
      limits: {{workers: {workers}}}
"""

_DEFAULTS = """\

sync: {{automated: true, prune: true, selfHeal: true}}

jupyterhub:
  authentication:
    provider: generic-oauth
    loginService: EGI Check-In
    authorizeUrl: https://login.example.org/auth/realms/egi/protocol/openid-connect/auth
    tokenUrl: https://login.example.org/auth/realms/egi/protocol/openid-connect/token
    userdataUrl: https://login.example.org/auth/realms/egi/protocol/openid-connect/userinfo
    scopes: [openid, profile, email, entitlements]
    usernameClaim: preferred_username
    allow: {{everyone: true}}
    admins: [ada]
  database: {{storage: 1Gi}}
  home: {{capacity: 50Gi}}
  servers:
    cpu: {{guarantee: 1, limit: 2}}
    memory: {{guarantee: {guarantee}, limit: {limit}}}
    ephemeralStorage: {{guarantee: 4Gi, limit: 8Gi}}
    profiles:
      - name: ProtoCoast - main
        slug: main
        image: quay.io/globalcoast/protocoast-notebook:2026.10
        description: Stable production version
        default: true
      - name: ProtoCoast - next
        slug: next
        image: quay.io/globalcoast/protocoast-notebook:2026.11
        description: The version that comes next
  values: {{}}

daskGateway:
  limits: {{cores: 24, memory: 96Gi, workers: {workers}}}
  idleTimeout: 20m
  worker:
    cores: {{default: 1, min: 1, max: 2}}
    memory: {{default: 4Gi, min: 4Gi, max: 6Gi}}
    image: quay.io/globalcoast/protocoast-notebook:2026.10
  values: {{}}
"""

DEFAULTS: Mapping[str, Any] = {"guarantee": "5Gi", "limit": "10Gi", "workers": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """One environment: where it runs, and what it sets otherwise than the site."""

    name: str
    cluster: str
    server: str
    namespace: str
    host: str
    first: bool
    overrides: Mapping[str, Any]

    @property
    def release(self) -> str:
        """The name of its Dask Gateway's Helm release."""
        return "dask-gateway" if self.first else f"dask-gateway-{self.name}"

    def settings(self) -> dict[str, Any]:
        """What holds in it."""
        return {**DEFAULTS, **self.overrides}


def hubs(count: int) -> tuple[Hub, ...]:
    """That many environments, spread over a few clusters; every second one overrides something."""
    return tuple(_hub(number, _clusters(count)) for number in range(count))


def site_text(environments: tuple[Hub, ...]) -> str:
    """The site.yaml of these environments."""
    clusters = {hub.cluster: hub.server for hub in environments}
    overriding = sum(1 for hub in environments if hub.overrides)
    opening = _FLEET.format(count=len(environments), clusters=len(clusters), overriding=overriding)
    return "".join(
        (
            opening,
            *(_CLUSTER.format(name=name, server=server) for name, server in clusters.items()),
            "\nenvironments:\n",
            *(part for hub in environments for part in _environment(hub)),
            _DEFAULTS.format(**DEFAULTS),
        )
    )


def _clusters(count: int) -> int:
    return min(count, max(_FEWEST_CLUSTERS, count // _PER_CLUSTER))


def _hub(number: int, clusters: int) -> Hub:
    cluster = f"cloud-{number % clusters:02}"
    return Hub(
        name=f"hub-{number:04}",
        cluster=cluster,
        server=f"https://{cluster}.example.org:6443",
        namespace=f"hub-{number:04}",
        host=f"hub-{number:04}.protocoast.example.org",
        first=number < clusters,
        overrides=_overrides(number // 2) if number % 2 else {},
    )


def _overrides(number: int) -> dict[str, Any]:
    guarantee = 1 + number % 8
    memory = {"guarantee": f"{guarantee}Gi", "limit": f"{guarantee * (2 + number % 3)}Gi"}
    return memory | ({"workers": 2 + number % 7} if number % 2 else {})


def _environment(hub: Hub) -> Iterator[str]:
    yield _ENVIRONMENT.format(
        name=hub.name, cluster=hub.cluster, namespace=hub.namespace, host=hub.host
    )
    if "limit" in hub.overrides:
        yield _MEMORY.format(**hub.overrides)
    if "workers" in hub.overrides or not hub.first:
        yield "    daskGateway:\n"
    if not hub.first:
        yield _RELEASE.format(release=hub.release)
    if "workers" in hub.overrides:
        yield _WORKERS.format(**hub.overrides)
