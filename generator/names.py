"""Every name that is composed, the labels and annotations, and what Kubernetes accepts as a name.

The names are live state: Argo CD finds what it manages by them, so they never change between
releases of hubops. No name of an object is shortened: one that grows too long is a finding.
"""

import re
from collections.abc import Mapping

from generator.digest import sha256

HUB_SECRET = "hub-secrets"
# The cluster that an Argo CD runs in, as every Argo CD calls it.
IN_CLUSTER = "https://kubernetes.default.svc"
PREFIX = "hubops.io/"
CONTENT_ANNOTATION = PREFIX + "content"
# On argocd-cm: which patch of hubops was applied.
PATCH_ANNOTATION = PREFIX + "argocd-cm-patch"
SEALED_FOR_PREFIX = PREFIX + "sealed-for."
PART_OF_LABEL = "app.kubernetes.io/part-of"
# Where clouds serve instance metadata: OpenStack and most others; over IPv6 OpenStack and AWS.
METADATA_V4 = ("169.254.169.254/32",)
METADATA_V6 = ("fe80::a9fe:a9fe/128", "fd00:ec2::254/128")

# RFC 1123 label; Kubernetes bounds namespaces, Services and label values by it.
LABEL_LENGTH = 63


def is_label(name: str) -> bool:
    """Whether Kubernetes takes this as the name of a Namespace or the value of a label."""
    has_letters = name.isascii() and name.replace("-", "0").isalnum() and name == name.lower()
    return has_letters and "-" not in (name[0], name[-1]) and len(name) <= LABEL_LENGTH


# Namespaces that a cluster's own parts run in, by who owns them; `kube-` begins many.
_OWNED = {
    "Kubernetes": "default kube-",
    "Argo CD": "argo-",
    "OpenShift": "openshift openshift-",
    "Rancher": "cattle- fleet-",
    "cert-manager": "cert-manager",
    "Sealed Secrets": "sealed-secrets",
    "the ingress controller": "ingress-nginx nginx-ingress traefik projectcontour envoy-gateway",
    "the cluster's network": "calico- tigera- cilium cilium- istio- linkerd linkerd- external-dns",
    "the cluster's storage": "longhorn rook-ceph openebs local-path-storage velero",
    "the cluster's monitoring": "monitoring prometheus grafana loki logging observability",
    "a platform component": "external-secrets vault kyverno gatekeeper knative- keda crossplane "
    "node-feature-discovery kubernetes-dashboard olm operators kured falco reloader",
}
_OWNERS = {name: owner for owner, listed in _OWNED.items() for name in listed.split()}
_OF_PLATFORM = ("-system", "-operator", "-operators")


def namespace_owner(namespace: str) -> str:
    """Who owns a namespace that is not one for a hub; empty for every other."""
    kind = "a platform component" if namespace.endswith(_OF_PLATFORM) else ""
    first = f"{namespace.partition('-')[0]}-"
    return _OWNERS.get(namespace) or (_OWNERS.get(first) if first in namespace else "") or kind


# What follows the prefix of an annotation is bounded, and ends in a letter or digit.
_ANNOTATION_KEY = r"[A-Za-z0-9._-]*[A-Za-z0-9]"


def sealed_for(key: str) -> str:
    """The annotation of a SealedSecret that tells which certificate a key's value was sealed for.

    A key that is too long for it, or ends in a sign, is named by the beginning of its SHA-256.
    """
    name = f"{SEALED_FOR_PREFIX}{key}"
    fits = len(name) - len(PREFIX) <= LABEL_LENGTH and re.fullmatch(_ANNOTATION_KEY, key)
    if fits:
        return name
    return f"{SEALED_FOR_PREFIX}sha256.{sha256(key.encode())[:32]}"


def cluster_root(site: str, cluster: str) -> str:
    """The cluster's root Application: a cluster and an environment may have the same name."""
    return f"{site}-cluster-{cluster}"


def workload_project(site: str, cluster: str) -> str:
    """The AppProject of a cluster's workloads."""
    return f"{site}-{cluster}"


def namespaces_project(site: str, cluster: str) -> str:
    """The AppProject of a cluster's namespace Applications."""
    return f"{site}-{cluster}-namespaces"


def platform_project(site: str, cluster: str) -> str:
    """The AppProject of a cluster's further charts."""
    return f"{site}-{cluster}-platform"


def bootstrap_project(site: str, cluster: str) -> str:
    """The AppProject of a cluster's roots."""
    return f"{site}-{cluster}-bootstrap"


def environment_root(site: str, environment: str) -> str:
    """The root Application of one environment."""
    return f"{site}-{environment}"


def base_application(site: str, app: str) -> str:
    """The name in `apps/<app>/`, before the overlay's suffix."""
    return f"{site}-{app}"


def application(site: str, app: str, environment: str) -> str:
    """The name of one application of one environment or cluster, as Argo CD shows it."""
    return f"{site}-{app}-{environment}"


# The application, and the folder, of a cluster's ClusterIssuers.
ISSUERS, DASHBOARDS = "issuers", "dashboards"


def app_namespace(app: str) -> str:
    """The application that brings the namespace and the secrets of a cluster's app."""
    return f"{app}-namespace"


def place(cluster: str, app: str) -> str:
    """What commands call an app of a cluster: no environment has such a name."""
    return f"{cluster}/{app}"


def section(chart: str) -> str:
    """The key of site.yaml that holds a chart's settings: `daskGateway` for `dask-gateway`."""
    first, *others = chart.split("-")
    return first + "".join(map(str.capitalize, others))


# `clusters-prefix-<name>` is the longest object of the chart; its templates cut at 63 characters.
DASK_NAME_LENGTH = LABEL_LENGTH - len("clusters-prefix-")


def dask_name(release: str) -> str:
    """What the dask-gateway chart builds the names of its objects from, at its full length."""
    return release if "dask-gateway" in release else f"{release}-dask-gateway"


def dask_fullname(release: str) -> str:
    """What the dask-gateway chart calls its objects (templates/_helpers.tpl, fullname)."""
    return dask_name(release)[:LABEL_LENGTH].rstrip("-")


def traefik_service(release: str) -> str:
    """The Service in front of a Dask Gateway release."""
    return f"traefik-{dask_fullname(release)}"


def profile_slug(name: str) -> str:
    """The slug that KubeSpawner gives a profile without one, or a non-ASCII name unchanged."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return slug if slug and name.isascii() else name


# Argo CD's own cluster: it is another one wherever another Argo CD reads the file.
_OWN_CLUSTER = (IN_CLUSTER, "in-cluster")


def cluster_identity(entry: str, destination: Mapping[str, str]) -> tuple[str, str]:
    """What tells a cluster from others: how Argo CD names it, or else its entry in site.yaml."""
    for kind in ("name", "server"):
        text = destination.get(kind, "").rstrip("/")
        if text and text not in _OWN_CLUSTER:
            return kind, text
    return "entry", entry
