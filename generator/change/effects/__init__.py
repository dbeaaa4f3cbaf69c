"""What a change does to running people and data: one effect a file and a line, alphabetical."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from generator.change.effects.base import EffectRule
from generator.change.sides import Arrival, ClusterStep, Departure, Step
from generator.lint.consequences import Consequence
from generator.records import replace

_FILES: Mapping[type, tuple[str, ...]] = {
    Step: (
        "access_changes",
        "chart_upgrade",
        "crds_given_up",
        "dask_limits",
        "environment_moved",
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
    ),
    Arrival: ("environment_added", "seal_again"),
    Departure: ("environment_removed",),
    ClusterStep: ("bootstrap_changes", "project_widened"),
}

EFFECTS: Mapping[type, tuple[EffectRule[Any], ...]] = {
    kind: tuple(cast(EffectRule[Any], import_module(f"{__name__}.{name}")) for name in names)
    for kind, names in _FILES.items()
}

# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {
    rule.CODE: rule.__doc__ or "" for rules in EFFECTS.values() for rule in rules
}


def consequences(step: Step | Arrival | Departure | ClusterStep) -> tuple[Consequence, ...]:
    """All that a step does, the heaviest first."""
    found = (
        replace(one, code=rule.CODE) for rule in EFFECTS[type(step)] for one in rule.check(step)
    )
    return tuple(sorted(found, key=lambda one: (-one.weight, one.code, one.sentence)))
