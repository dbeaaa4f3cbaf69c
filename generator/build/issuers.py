"""The ClusterIssuers of a cluster: its folder `issuers`, which one Application syncs.

That Application is created only after cert-manager's is healthy, so the CustomResourceDefinitions
are there and the webhook answers: its dry run misses nothing. The root waits for the issuers,
because Argo CD knows the health of a ClusterIssuer.
"""

from typing import Any

from generator import names
from generator.build.tree import Resource
from generator.charts import known
from generator.site.issuer import Issuer
from generator.site.model import Cluster, Site

# Where cert-manager is no app of the site: before the environments, which are 0.
_WAVE = -10


def documents(site: Site, cluster: Cluster) -> dict[str, Resource]:
    """Each ClusterIssuer, by its file in the folder."""
    return {f"issuer-{one.name}.yaml": _object(site, cluster, one) for one in cluster.issuers}


def wave(site: Site, cluster: Cluster) -> int:
    """When they are synced: after cert-manager, where that is an app of the cluster."""
    waves = [
        app.wave
        for place in site.platform_of(cluster.name)
        for app in place.apps
        if known.brings(app.pin.name) == known.CERT_MANAGER
    ]
    return max(waves) + 1 if waves else _WAVE


def _object(site: Site, cluster: Cluster, issuer: Issuer) -> Resource:
    acme: dict[str, Any] = {
        "server": issuer.server,
        "privateKeySecretRef": {"name": issuer.name},
        "solvers": list(issuer.solvers) or [{"http01": _http01(cluster)}],
    }
    if issuer.email is not None:
        acme["email"] = issuer.email
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "ClusterIssuer",
        "metadata": {"name": issuer.name, "labels": {names.PART_OF_LABEL: site.name}},
        "spec": {"acme": acme},
    }


def _http01(cluster: Cluster) -> Resource:
    """How a challenge is answered. Without ClusterIP cert-manager's Service is a NodePort.

    The namespaces of the environments allow none (`no-public-services`).
    """
    service = {"serviceType": "ClusterIP"}
    gateway, ingress = cluster.gateway, cluster.ingress
    if gateway is not None:
        # Not the listener of the hosts: a challenge comes on port 80.
        # With its defaults: those that the API server adds inside a list, Argo CD calls a change.
        parent = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": gateway.name}
        if gateway.namespace is not None:
            parent["namespace"] = gateway.namespace
        return {"gatewayHTTPRoute": {**service, "parentRefs": [parent]}}
    if ingress is None:
        return {"ingress": service}
    key = "class" if ingress.as_annotation else "ingressClassName"
    return {"ingress": {**service, key: ingress.class_name}}
