"""The kinds without a namespace: of which API group each is, as AppProjects name them."""

from collections.abc import Mapping

# Of Kubernetes itself, and of what platforms are made of.
_KINDS = {
    "": "Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding "
    "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
    "ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io": "IngressClass",
    "node.k8s.io": "RuntimeClass",
    "policy": "PodSecurityPolicy",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "cert-manager.io": "ClusterIssuer",
    "gateway.networking.k8s.io": "GatewayClass",
    "snapshot.storage.k8s.io": "VolumeSnapshotClass VolumeSnapshotContent",
}
GROUPS: Mapping[str, str] = {
    kind: group for group, kinds in _KINDS.items() for kind in kinds.split()
}

# Those with a namespace, which no AppProject needs to name.
_WITH_NAMESPACE = {
    "": "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate "
    "ReplicationController ResourceQuota Secret Service ServiceAccount",
    "acme.cert-manager.io": "Challenge Order",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "argoproj.io": "AppProject Application ApplicationSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "bitnami.com": "SealedSecret",
    "cert-manager.io": "Certificate CertificateRequest Issuer",
    "coordination.k8s.io": "Lease",
    "discovery.k8s.io": "EndpointSlice",
    "events.k8s.io": "Event",
    "gateway.networking.k8s.io": "BackendTLSPolicy GRPCRoute Gateway HTTPRoute ReferenceGrant "
    "TCPRoute TLSRoute UDPRoute",
    "monitoring.coreos.com": "Alertmanager AlertmanagerConfig PodMonitor Probe Prometheus "
    "PrometheusAgent PrometheusRule ScrapeConfig ServiceMonitor ThanosRuler",
    "networking.k8s.io": "Ingress NetworkPolicy",
    "policy": "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "Role RoleBinding",
    "snapshot.storage.k8s.io": "VolumeSnapshot",
    "storage.k8s.io": "CSIStorageCapacity",
}


def has_namespace(group: str, kind: str) -> bool:
    """Whether a kind is known to have one."""
    return kind in _WITH_NAMESPACE.get(group, "").split()


def group_and_kind(written: str) -> tuple[str, str] | None:
    """What a kind in site.yaml means: `ClusterRole`, or `Kind.group`; None where no group is known.

    >>> group_and_kind("ClusterPolicy.kyverno.io")
    ('kyverno.io', 'ClusterPolicy')
    """
    kind, has_group, group = written.partition(".")
    if has_group:
        return group, kind
    return (GROUPS[kind], kind) if kind in GROUPS else None


def spelled(group: str, kind: str) -> str:
    """A kind as site.yaml writes it."""
    return kind if GROUPS.get(kind) == group else f"{kind}.{group}"
