"""The checks of a live cluster: one file and one line each, by code."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from generator.doctor.checks.base import ClusterCheck

_NAMES = (
    "unasked",
    "argocd_version",
    "argocd_down",
    "health_check",
    "tracking_method",
    "sync_timeout",
    "project_missing",
    "application_missing",
    "comparison_error",
    "sync_failed",
    "sync_stuck",
    "sync_skipped",
    "shared_resource",
    "automation_off",
    "old_commit",
    "out_of_sync",
    "unhealthy",
    "deletion_waits",
    "application_differs",
    "sealed_value",
    "sealed_controller",
    "sealing_certificate",
    "secret_keys",
    "secret_foreign",
    "no_pods",
    "pod_waits",
    "image_pull",
    "pod_fails",
    "node_evicted",
    "hub_image",
    "hub_logs",
    "release_foreign",
    "claim_waits",
    "claim_size",
    "storage_class",
    "volumes_per_node",
    "ingress",
    "route",
    "ingress_class",
    "host_address",
    "certificate",
    "challenge",
    "issuer",
    "addresses",
    "crds",
    "dask_idle",
    "dask_limits",
    "kubernetes_version",
    "quota_used",
    "events",
    "namespace_gone",
    "nodes",
)

CHECKS: tuple[ClusterCheck, ...] = tuple(
    cast(ClusterCheck, import_module(f"{__name__}.{name}")) for name in _NAMES
)

# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {check.CODE: check.__doc__ or "" for check in CHECKS}
