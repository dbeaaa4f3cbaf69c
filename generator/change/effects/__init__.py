"""What a change does to running people and data: one effect a file and a line, alphabetical."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from generator.change.effects.base import ClusterEffectRule, EffectRule

_ENVIRONMENT = (
    "access_changes",
    "chart_upgrade",
    "crds_given_up",
    "dask_limits",
    "environment_added",
    "environment_moved",
    "environment_removed",
    "gateway_restarts",
    "host_changes",
    "hub_restarts",
    "image_changes",
    "ingress_changes",
    "limit_lowered",
    "objects_deleted",
    "policies_change",
    "profiles_change",
    "proxy_restarts",
    "seal_again",
    "servers_change",
    "signed_out",
    "sync_changes",
    "usernames_change",
    "volume_changes",
)
_CLUSTER = (
    "bootstrap_changes",
    "project_widened",
)

EFFECTS: tuple[EffectRule, ...] = tuple(
    cast(EffectRule, import_module(f"{__name__}.{name}")) for name in _ENVIRONMENT
)
CLUSTER_EFFECTS: tuple[ClusterEffectRule, ...] = tuple(
    cast(ClusterEffectRule, import_module(f"{__name__}.{name}")) for name in _CLUSTER
)

# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {rule.CODE: rule.__doc__ or "" for rule in EFFECTS} | {
    rule.CODE: rule.__doc__ or "" for rule in CLUSTER_EFFECTS
}
