"""What doctor keeps of an object: the fields that checks read, without what may be a credential.

A field that is not named here leaves with kubectl's output: values of Secrets and of environment
variables, other annotations, users' names. Every text that stays is masked.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from generator.build.sealed_secrets import state
from generator.credentials import masked

# Characters of one text; Argo CD's longest messages repeat whole manifests.
_LONGEST = 2000
_TERMINATED = "reason exitCode message finishedAt startedAt"
_CONTAINER = (
    "name image env.name env.valueFrom.secretKeyRef.name env.valueFrom.secretKeyRef.key"
    " env.valueFrom.secretKeyRef.optional"
)
_STATUS = (
    "name ready restartCount image state.waiting.reason state.waiting.message"
    " state.running.startedAt"
)
_CONDITIONS = "type status reason message lastTransitionTime observedGeneration"
_SOURCE = "repoURL path chart targetRevision"
_RESULT = "kind name namespace status hookPhase message syncPhase group"


def _below(path: str, names: str) -> str:
    return " ".join(f"{path}.{name}" for name in names.split())


_STATUSES = " ".join(
    _below(
        f"status.{kind}",
        f"{_STATUS} {_below('state.terminated', _TERMINATED)} "
        f"{_below('lastState.terminated', _TERMINATED)}",
    )
    for kind in ("initContainerStatuses", "containerStatuses")
)
_OPERATION = "phase message retryCount startedAt finishedAt operation.sync.revision"
_KEPT = {
    "Pod": f"{_below('spec.containers', _CONTAINER)} {_below('spec.initContainers', _CONTAINER)}"
    " spec.nodeName spec.volumes.secret.secretName spec.volumes.persistentVolumeClaim.claimName"
    f" spec.volumes.configMap.name status.phase status.reason status.message {_STATUSES}",
    "Deployment": "spec.replicas spec.paused status.replicas status.readyReplicas"
    " status.updatedReplicas spec.template.spec.containers.image",
    "PersistentVolumeClaim": "spec.storageClassName spec.volumeName"
    " spec.resources.requests.storage status.phase status.capacity.storage",
    "ResourceQuota": "status.hard.* status.used.*",
    "Event": "type reason message count lastTimestamp firstTimestamp eventTime"
    " involvedObject.kind involvedObject.name series.count series.lastObservedTime",
    "Ingress": "spec.ingressClassName spec.rules.host spec.tls.hosts spec.tls.secretName"
    " status.loadBalancer.ingress.ip status.loadBalancer.ingress.hostname",
    "HTTPRoute": "spec.hostnames spec.parentRefs.name spec.parentRefs.namespace"
    f" status.parents.parentRef.name {_below('status.parents.conditions', _CONDITIONS)}",
    "SealedSecret": "states.* status.observedGeneration",
    "Secret": "keys",
    "Certificate": "spec.secretName spec.dnsNames spec.issuerRef.name spec.issuerRef.kind"
    " status.notAfter status.renewalTime status.lastFailureTime",
    "Challenge": "spec.dnsName spec.type status.state status.reason status.presented",
    "DaskCluster": "status.phase status.startTime spec.info",
    "Application": f"{_below('spec.source', _SOURCE)} spec.source.helm.releaseName spec.project"
    " spec.destination.server spec.destination.name spec.destination.namespace"
    " spec.syncPolicy.automated.prune spec.syncPolicy.automated.selfHeal"
    " spec.syncPolicy.automated.enabled isAutomated operation.sync.revision"
    " status.health.status status.health.message status.reconciledAt status.sync.status"
    f" status.sync.revision {_below('status.sync.comparedTo.source', _SOURCE)}"
    f" {_below('status.operationState', _OPERATION)}"
    f" status.operationState.syncResult.revision"
    f" {_below('status.operationState.syncResult.resources', _RESULT)}"
    " status.resources.kind status.resources.name status.resources.namespace"
    " status.resources.status status.resources.health.status status.resources.health.message"
    " status.resources.requiresPruning status.resources.requiresDeletionConfirmation"
    " status.resources.group status.history.revision",
    "AppProject": "spec.sourceRepos spec.destinations.server spec.destinations.name"
    " spec.destinations.namespace",
    "ConfigMap": "settings.*",
    "Node": "status.nodeInfo.kubeletVersion spec.unschedulable status.allocatable.pods",
    "StorageClass": "provisioner reclaimPolicy allowVolumeExpansion volumeBindingMode",
    "IngressClass": "spec.controller",
    "CSINode": "spec.drivers.name spec.drivers.allocatable.count",
    "VolumeAttachment": "spec.nodeName spec.attacher status.attached status.attachError.message",
    "ClusterIssuer": "",
    "Namespace": "status.phase",
    "CustomResourceDefinition": "spec.versions.name spec.versions.served spec.versions.storage"
    " status.storedVersions",
}
_METADATA = (
    "apiVersion kind metadata.name metadata.namespace metadata.creationTimestamp"
    " metadata.deletionTimestamp metadata.generation metadata.ownerReferences.kind"
    " metadata.ownerReferences.name metadata.labels.* metadata.annotations.*"
    f" metadata.finalizers {_below('status.conditions', _CONDITIONS)}"
)
_LABELS = frozenset(
    """
    app component release chart heritage app.kubernetes.io/name
    app.kubernetes.io/component app.kubernetes.io/instance app.kubernetes.io/part-of
    app.kubernetes.io/managed-by helm.sh/chart gateway.dask.org/cluster
    gateway.dask.org/instance pod-security.kubernetes.io/enforce
    """.split()  # noqa: SIM905 - shorter than a list
)
_ANNOTATIONS = frozenset(
    """
    hubops.io/content hubops.io/argocd-cm-patch argocd.argoproj.io/tracking-id
    argocd.argoproj.io/deletion-approved sealedsecrets.bitnami.com/managed
    meta.helm.sh/release-name meta.helm.sh/release-namespace
    storageclass.kubernetes.io/is-default-class kubernetes.io/ingress.class
    """.split()  # noqa: SIM905 - shorter than a list
)
# What doctor reads of Argo CD's settings.
_SETTINGS = (
    "application.resourceTrackingMethod",
    "controller.sync.timeout.seconds",
    "resource.customizations.health.argoproj.io_Application",
    "resource.customizations.health.bitnami.com_SealedSecret",
)
_REVISION = re.compile(r"[0-9a-f]{40}")
# Names, phases and quantities: short words, of which no part is long enough for a credential.
_PLAIN = re.compile(
    r"(?![^-._/]*[A-Za-z0-9]{16})[A-Za-z0-9]+(?:[-._/](?![A-Za-z0-9]{16})[A-Za-z0-9]+)*"
)
_DIGEST = re.compile(r"[0-9a-f]{16}|[0-9a-f]{64}")

Tree = Mapping[str, Any]


@cache
def _tree(kind: str) -> Tree:
    tree: dict[str, Any] = {}
    for path in f"{_METADATA} {_KEPT[kind]}".split():
        node = tree
        for step in path.split("."):
            node = node.setdefault(step, {})
    return tree


def cleaned(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The object as doctor keeps it; None for a kind that it does not know, or without a name."""
    kind = found.get("kind")
    if not isinstance(kind, str) or kind not in _KEPT:
        return None
    if not isinstance(found.get("metadata"), Mapping):
        return None
    prepared = {**found, **_PREPARED.get(kind, lambda _: {})(found)}
    revisions = frozenset(_revisions(prepared)) if kind == "Application" else frozenset()
    kept: dict[str, Any] = _kept(prepared, _tree(kind), revisions)
    metadata = kept.get("metadata", {})
    for field, allowed in (("labels", _LABELS), ("annotations", _ANNOTATIONS)):
        if isinstance(metadata.get(field), Mapping):
            given = found["metadata"][field]
            metadata[field] = {
                key: given[key] if _is_plain(given[key]) else value
                for key, value in metadata[field].items()
                if key in allowed
            }
    return kept


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _kept(node: Any, tree: Tree, revisions: frozenset[str]) -> Any:
    if isinstance(node, Mapping):
        every = tree.get("*")
        kept = {
            key: _kept(value, tree[key] if every is None else every, revisions)
            for key, value in node.items()
            if isinstance(key, str) and (key in tree or every is not None)
        }
        return {key: value for key, value in kept.items() if value is not None}
    if isinstance(node, list | tuple):
        return [one for one in (_kept(each, tree, revisions) for each in node) if one is not None]
    if isinstance(node, str):
        return node if node in revisions else _shown(node, revisions)
    return node if isinstance(node, int | bool) else None


def _shown(text: str, revisions: frozenset[str]) -> str:
    for revision in revisions:
        if revision in text:
            text = text.replace(revision, revision[:10])
    return clean_text(text)


@lru_cache(maxsize=20_000)
def clean_text(text: str) -> str:
    """A text of a cluster as it may be kept and shown: stars for what looks like a credential."""
    if len(text) < 16 or _PLAIN.fullmatch(text):
        return text
    return "\n".join(map(masked, text[:_LONGEST].split("\n")))


def _revisions(application: Mapping[str, Any]) -> Iterator[str]:
    """The commits that an Application names in its own fields."""
    from generator.doctor.reading import entries, text

    places = (
        *("operation.sync.revision", "status.sync.revision"),
        *("status.operationState.operation.sync.revision", "spec.source.targetRevision"),
        "status.operationState.syncResult.revision",
    )
    named = [text(application, place) for place in places]
    named += [text(one, "revision") for one in entries(application, "status.history")]
    yield from (one for one in named if _REVISION.fullmatch(one))


def _sealed(found: Mapping[str, Any]) -> dict[str, Any]:
    """Of each value whether it is sealed, a placeholder or malformed; not the value."""
    from generator.doctor.reading import part

    if "states" in found and "spec" not in found:
        return {}  # cleaned before
    values = part(found, "spec.encryptedData")
    return {"states": {key: str(state(key, str(value))) for key, value in values.items()}}


def _settings(found: Mapping[str, Any]) -> dict[str, Any]:
    """Of Argo CD's settings those that doctor reads; of a health check its SHA-256."""
    from hashlib import sha256

    from generator.doctor.reading import part

    if "settings" in found and "data" not in found:
        return {}
    values = {key: value for key, value in part(found, "data").items() if key in _SETTINGS}
    return {
        "settings": {
            key: sha256(value.encode()).hexdigest()[:16] if ".health." in key else value
            for key, value in values.items()
            if isinstance(value, str)
        }
    }


def _automation(found: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the sync is automated: an empty `automated: {}` is too."""
    from generator.doctor.reading import found as at
    from generator.doctor.reading import part

    if "isAutomated" in found:
        return {}
    automated = at(found, "spec.syncPolicy.automated")
    enabled = part(found, "spec.syncPolicy.automated").get("enabled")
    return {"isAutomated": automated is not None and enabled is not False}


_PREPARED = {"SealedSecret": _sealed, "ConfigMap": _settings, "Application": _automation}
