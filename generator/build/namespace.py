"""What the namespace Application syncs: the Namespace itself, its quota and its network policy."""

from typing import Any

from generator import names
from generator.build.tree import Resource
from generator.names import METADATA_V4, METADATA_V6
from generator.site.model import Environment, Site
from generator.yaml.write import Shared

_GUARD = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
_NO_PUBLIC_SERVICES = Shared(hard={"services.loadbalancers": "0", "services.nodeports": "0"})
_COMPONENTS = ["dask-scheduler", "dask-worker"]
_DASK_PODS = {
    "matchLabels": {"app.kubernetes.io/name": "dask-gateway"},
    "matchExpressions": [
        {"key": "app.kubernetes.io/component", "operator": "In", "values": _COMPONENTS}
    ],
}
# `namespaceSelector` is beside the blocks because on Cilium a block never matches a pod.
_NO_METADATA = [
    {"namespaceSelector": {}},
    {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(METADATA_V4)}},
    {"ipBlock": {"cidr": "::/0", "except": list(METADATA_V6)}},
]
_EGRESS = Shared(podSelector=_DASK_PODS, policyTypes=["Egress"], egress=[{"to": _NO_METADATA}])


def namespace(site: Site, environment: Environment) -> Resource:
    """The Namespace; it outlives pruning and deletion, for the users' volumes live in it."""
    hub = environment.settings.hub
    value: Any = hub.values if hub is not None else {}
    for key in ("singleuser", "cloudMetadata", "blockWithIptables"):
        value = value.get(key) if isinstance(value, dict) else None
    labels = {
        # `privileged` only where raw values switch the chart's iptables init container on.
        "pod-security.kubernetes.io/enforce": "privileged" if value is True else "baseline",
        names.PART_OF_LABEL: site.name,
    }
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": environment.namespace, "labels": labels, "annotations": _GUARD},
    }


def of_app(site: Site, place: Environment) -> Resource:
    """The Namespace of a cluster's app, with the labels that site.yaml gives it."""
    labels = {key: text for app in place.apps for key, text in app.labels.items()}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": place.namespace,
            "labels": labels | {names.PART_OF_LABEL: site.name},
            "annotations": _GUARD,
        },
    }


def quota(site: Site, environment: Environment) -> Resource:
    """No public address beside the ingress. Never cpu or memory: the hub's pods request none."""
    kind = {"apiVersion": "v1", "kind": "ResourceQuota"}
    metadata = _metadata(site, environment, "no-public-services")
    return kind | {"metadata": metadata, "spec": _NO_PUBLIC_SERVICES}


def network_policy(site: Site, environment: Environment) -> Resource:
    """Dask schedulers and workers run users' code: they may not reach the metadata addresses."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(site, environment, "dask-clusters"),
        "spec": _EGRESS,
    }


def _metadata(site: Site, environment: Environment, name: str) -> Resource:
    labels = {names.PART_OF_LABEL: site.name}
    return {"name": name, "namespace": environment.namespace, "labels": labels}
