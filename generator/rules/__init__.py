"""The rules on site.yaml beyond its schema: one file and one line each, in alphabetical order."""

from importlib import import_module
from typing import cast

from generator.rules.base import Rule

_NAMES = (
    "argocd_namespace",
    "argocd_too_old",
    "chart_pin_missing",
    "chart_too_old",
    "chart_version_not_exact",
    "cluster_address",
    "credential_in_site",
    "dask_crd_owner",
    "dask_release_collision",
    "default_profile",
    "dollar_key_in_values",
    "dummy_login",
    "everyone_wins",
    "floating_revision",
    "groups_unread",
    "guarantee_above_limit",
    "idle_timeout_zero",
    "image_without_tag",
    "kubernetes_too_old",
    "limits_below_scheduler",
    "name_taken",
    "name_too_long",
    "nobody_allowed",
    "null_in_values",
    "profile_slug_taken",
    "secret_mount",
    "secret_name_taken",
    "secret_not_wired",
    "secret_variable",
    "shared_host",
    "shared_namespace",
    "unknown_cluster",
    "worker_cores_rounded",
    "worker_default_outside",
)

RULES: tuple[Rule, ...] = tuple(cast(Rule, import_module(f"{__name__}.{name}")) for name in _NAMES)
